import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { dialectOf, type Engine } from '../src/database/engines.ts';
import { quoteIdentifier } from '../src/schema/identifier.ts';
import { endFor } from './needs.ts';

const factsSchema = z.array(
  z.object({
    table: z.string(),
    comment: z.string().nullish(),
    columns: z.array(
      z.object({ name: z.string(), type: z.string(), nullable: z.boolean(), comment: z.string().nullish() }),
    ),
    primaryKey: z.array(z.string()).nullish(),
    foreignKeys: z
      .array(z.object({ columns: z.array(z.string()), table: z.string(), references: z.array(z.string()) }))
      .nullish(),
  }),
);

/**
 * The facts of a real wide schema, `musicbrainz` or `phabricator`: its tables, columns and keys as JSON in the folder
 * that SQLQ_BENCH_WIDE names. Ends the program with a line that says so where they are not there.
 */
export function readFacts(name: string): z.infer<typeof factsSchema> {
  const folder = process.env['SQLQ_BENCH_WIDE'] ?? 'bench/wide';
  const path = resolve(folder, `${name}.json`);
  if (!existsSync(path)) {
    endFor(
      `There is no ${path}. SQLQ_BENCH_WIDE has to name a folder with ${name}.json: a list of {table, columns: [{name, type, nullable}], primaryKey, foreignKeys}, made from a schema of that name.`,
    );
  }
  return factsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Types that all of one engine's tables can have, where the facts come from another engine. */
function typeFor(engine: Engine, type: string): string {
  const kind = type.toLowerCase();
  if (engine === 'sqlite') {
    return type.includes('.') ? 'text' : type;
  }
  if (/bool/u.test(kind)) {
    return 'boolean';
  }
  if (/int|serial/u.test(kind)) {
    return /big/u.test(kind) ? 'bigint' : 'integer';
  }
  if (/double|float|real|numeric|decimal/u.test(kind)) {
    return engine === 'postgres' ? 'double precision' : 'double';
  }
  if (/timestamp|datetime/u.test(kind)) {
    return engine === 'postgres' ? 'timestamptz' : 'datetime';
  }
  if (/^date/u.test(kind)) {
    return 'date';
  }
  return engine === 'postgres' ? 'text' : 'varchar(100)';
}

/** The statements that make a wide schema: its tables, then its foreign keys where their targets are keys. */
export function statementsOf(facts: z.infer<typeof factsSchema>, engine: Engine): readonly string[] {
  const quote = (name: string): string => quoteIdentifier(dialectOf(engine), name);
  const list = (names: readonly string[]): string => names.map(quote).join(', ');
  const keys = new Map(facts.map(({ table, primaryKey }) => [table, (primaryKey ?? []).join()]));
  const tables: string[] = [];
  const alterations: string[] = [];
  for (const { table, columns, comment, ...keysOf } of facts) {
    const primaryKey = keysOf.primaryKey ?? [];
    const foreignKeys = keysOf.foreignKeys ?? [];
    const lines = columns.map(
      ({ name, type, nullable }) => `${quote(name)} ${typeFor(engine, type)}${nullable ? '' : ' NOT NULL'}`,
    );
    if (primaryKey.length > 0) {
      lines.push(`PRIMARY KEY (${list(primaryKey)})`);
    }
    const usable = foreignKeys.filter(
      ({ table: target, references }) => keys.get(target) === references.join(),
    );
    const clauses = usable.map(
      (key) => `FOREIGN KEY (${list(key.columns)}) REFERENCES ${quote(key.table)} (${list(key.references)})`,
    );
    if (engine === 'sqlite') {
      lines.push(...clauses);
    } else {
      alterations.push(...clauses.map((clause) => `ALTER TABLE ${quote(table)} ADD ${clause}`));
    }
    tables.push(`CREATE TABLE ${quote(table)} (${lines.join(', ')})`);
    if (engine !== 'postgres') {
      continue;
    }
    const remark = (text: string): string => `'${text.replaceAll("'", "''")}'`;
    if (comment) {
      alterations.push(`COMMENT ON TABLE ${quote(table)} IS ${remark(comment)}`);
    }
    for (const column of columns) {
      if (column.comment) {
        alterations.push(
          `COMMENT ON COLUMN ${quote(table)}.${quote(column.name)} IS ${remark(column.comment)}`,
        );
      }
    }
  }
  return [...tables, ...alterations];
}
