import { createHash } from 'node:crypto';
import type { DatabaseClient } from '../../database/process/client.ts';
import type { TextStore } from '../../schema/cache.ts';
import type { Profiles, TableProfile, TableSamples } from '../../schema/profile/column-profile.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import { lookAtTable } from './look-at-table.ts';

/** What is looked at, and where what was found is kept. */
export interface ProfileSource {
  readonly database: Pick<DatabaseClient, 'run' | 'dataFingerprint'>;
  readonly schema: Schema;
  readonly store: TextStore;
  /** Everything that decides what is read: the database, the role, the filter, the hidden columns. */
  readonly identity: readonly unknown[];
  /** How long all looks together may take; what there was no time for is looked at with the next question. */
  readonly timeoutMs: number;
  /** How long what took long to find is used although rows have changed since. */
  readonly longestAgeMs: number;
  /** Rows and values are wanted too. They are never kept. */
  readonly samples: boolean;
  readonly signal: AbortSignal;
}

/** What was found before, by schema and table; null for a table that took too long. */
type Found = Readonly<Record<string, TableProfile | null>>;

interface CachedProfiles {
  readonly format: number;
  /** Null where the engine can't tell whether rows have changed. */
  readonly fingerprint: string | null;
  /** When it was read, in milliseconds. */
  readonly at: number;
  /** How long that took, in milliseconds. */
  readonly took: number;
  readonly tables: Found;
}

const format = 1;
/** What took longer than this to find took long. */
const longLookMs = 300;

const keyOf = (schema: string, table: string): string => JSON.stringify([schema, table]);

/**
 * What is so of the values of some tables, from the store while the data has not changed, else read anew, each table
 * once. Everything goes through the guard, hidden columns included. Rejects with the signal's reason alone.
 */
export async function readProfiles(source: ProfileSource, tables: readonly Table[]): Promise<Profiles> {
  const { database, store, signal } = source;
  const start = performance.now();
  const fingerprint = await fingerprintOf(source);
  const key = `profiles-${digest(source.identity).slice(0, 32)}`;
  const cached = parseCached(await store.read(key));
  const isFresh =
    cached !== null &&
    ((fingerprint !== null && cached.fingerprint === fingerprint) ||
      (cached.took > longLookMs && Math.abs(Date.now() - cached.at) < source.longestAgeMs));
  const before: Found = isFresh ? cached.tables : {};
  const found: Record<string, TableProfile | null> = { ...before };
  const samples = new Map<string, TableSamples>();
  for (const table of tables) {
    const name = keyOf(table.schema, table.name);
    const left = source.timeoutMs - (performance.now() - start);
    if ((name in found && !source.samples) || !canBeLookedAt(table)) {
      continue;
    }
    if (left <= 0) {
      break;
    }
    const looked = await lookAtTable(
      { database, dialect: source.schema.dialect, samples: source.samples },
      table,
      AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(left))]),
    );
    signal.throwIfAborted();
    found[name] = looked?.profile ?? null;
    if (looked?.samples) {
      samples.set(name, looked.samples);
    }
  }
  if (Object.keys(found).length > Object.keys(before).length) {
    const took = (isFresh ? cached.took : 0) + performance.now() - start;
    const kept: CachedProfiles = { format, fingerprint, at: Date.now(), took, tables: found };
    await store.write(key, JSON.stringify(kept));
  }
  return {
    profileOf: (schema, table) => found[keyOf(schema, table)] ?? null,
    samplesOf: (schema, table) => samples.get(keyOf(schema, table)) ?? null,
  };
}

/** A view can be a query of hours, and a foreign table another server's. */
function canBeLookedAt({ kind, columns }: Table): boolean {
  return kind !== 'view' && kind !== 'foreign table' && kind !== 'virtual table' && columns.length > 0;
}

/** Changes with the data and with the tables' columns; null where the engine can't tell. */
async function fingerprintOf({ database, schema, signal }: ProfileSource): Promise<string | null> {
  const data = await database.dataFingerprint(signal);
  const columns = schema.tables.map((table) => [
    table.schema,
    table.name,
    table.columns.map(({ name, type }) => [name, type]),
  ]);
  return data === null ? null : digest([data, columns]);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** The store is written by this program alone; a text that is cut or of an older form is read anew. */
function parseCached(text: string | null): CachedProfiles | null {
  if (text === null) {
    return null;
  }
  try {
    const cached: CachedProfiles = JSON.parse(text);
    return cached.format === format ? cached : null;
  } catch {
    return null;
  }
}
