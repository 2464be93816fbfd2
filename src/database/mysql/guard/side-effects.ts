import type { Rows } from '../wire/connection.ts';
import { literal } from './catalog.ts';
import type { Analysis } from './syntax/findings.ts';
import { fold } from './syntax/names.ts';

/** What besides its own rows a write may change, which the server does not count: triggers and foreign keys that act. */
export async function sideEffects(
  rows: Rows,
  analysis: Analysis,
  current: string,
): Promise<readonly string[]> {
  const events = eventsOf(analysis);
  const notes: string[] = [];
  const targets = new Map(
    analysis.targets.map(({ database, name }) => [
      JSON.stringify([database, name]),
      [database ?? current, name],
    ]),
  );
  for (const [database = '', table = ''] of targets.values()) {
    const triggers = await triggersOf(rows, database, table, events);
    if (triggers.length > 0) {
      notes.push(`${table} has triggers (${triggers.join(', ')}): what they changed is not counted.`);
    }
    if (events.includes('UPDATE')) {
      notes.push(...(await followedKeys(rows, database, table, analysis)));
    }
    if (events.includes('DELETE')) {
      notes.push(...(await cascade(rows, database, table)));
    }
  }
  return [...new Set(notes)];
}

/** What a write can set off at its tables. */
function eventsOf({ verb, names }: Analysis): readonly string[] {
  if (verb === 'REPLACE') {
    return ['INSERT', 'DELETE'];
  }
  return verb === 'INSERT' && names.has('duplicate') ? ['INSERT', 'UPDATE'] : [verb];
}

async function triggersOf(
  rows: Rows,
  database: string,
  table: string,
  events: readonly string[],
): Promise<readonly string[]> {
  const found = await rows(
    `SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ${literal(database)}
     AND EVENT_OBJECT_TABLE = ${literal(table)} AND EVENT_MANIPULATION IN (${events.map(literal).join(', ')}) ORDER BY 1`,
  );
  return found.map(([name]) => name ?? '');
}

interface ForeignKey {
  /** The table that refers. */
  readonly table: string;
  readonly onUpdate: string;
  readonly onDelete: string;
  /** A column that it refers to. */
  readonly column: string;
}

async function foreignKeysTo(rows: Rows, database: string, table: string): Promise<readonly ForeignKey[]> {
  const found = await rows(
    `SELECT DISTINCT r.TABLE_NAME, r.UPDATE_RULE, r.DELETE_RULE, k.REFERENCED_COLUMN_NAME
     FROM information_schema.REFERENTIAL_CONSTRAINTS r JOIN information_schema.KEY_COLUMN_USAGE k
       ON k.CONSTRAINT_SCHEMA = r.CONSTRAINT_SCHEMA AND k.CONSTRAINT_NAME = r.CONSTRAINT_NAME AND k.TABLE_NAME = r.TABLE_NAME
     WHERE r.UNIQUE_CONSTRAINT_SCHEMA = ${literal(database)} AND r.REFERENCED_TABLE_NAME = ${literal(table)} ORDER BY 1`,
  );
  return found.map(([name, onUpdate, onDelete, column]) => ({
    table: name ?? '',
    onUpdate: onUpdate ?? '',
    onDelete: onDelete ?? '',
    column: column ?? '',
  }));
}

const acts = /^(CASCADE|SET NULL|SET DEFAULT)$/;

/** Where the statement names a key that others refer to, their rows follow it. */
async function followedKeys(
  rows: Rows,
  database: string,
  table: string,
  analysis: Analysis,
): Promise<readonly string[]> {
  const keys = await foreignKeysTo(rows, database, table);
  return keys
    .filter(({ onUpdate, column }) => acts.test(onUpdate) && analysis.names.has(fold(column)))
    .map(
      (key) =>
        `Rows of ${key.table} follow the keys of ${table} (ON UPDATE ${key.onUpdate}); they are not counted.`,
    );
}

/** The tables that lose or change rows when rows of this one are removed, and so on from table to table. */
async function cascade(rows: Rows, database: string, table: string): Promise<readonly string[]> {
  const notes: string[] = [];
  const seen = new Set([table]);
  for (const from of seen) {
    for (const key of await foreignKeysTo(rows, database, from)) {
      if (!acts.test(key.onDelete)) {
        continue;
      }
      const what = key.onDelete === 'CASCADE' ? 'go' : 'change';
      notes.push(
        `Rows of ${key.table} ${what} with those of ${from} (ON DELETE ${key.onDelete}); they are not counted.`,
      );
      if (key.onDelete === 'CASCADE') {
        seen.add(key.table);
      }
    }
  }
  return notes;
}
