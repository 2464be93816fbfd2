import { createHash } from 'node:crypto';
import type { ColumnReference } from '../../database/database.ts';
import type { DatabaseClient } from '../../database/process/client.ts';
import type { ValueIndex } from '../../model/model.ts';
import type { TextStore } from '../../schema/cache.ts';
import type { Column, Schema } from '../../schema/schema.ts';

/** A column with more distinct values than this is free text, and no question names one of them by chance. */
const mostValues = 10_000;
/** So many columns are asked for their values; the first of each table go first. */
const mostColumns = 1500;

interface CachedValues {
  readonly fingerprint: string;
  /** By schema, table and column; null where a column has too many. */
  readonly values: Readonly<Record<string, readonly string[] | null>>;
}

const keyOf = (schema: string, table: string, column: string): string =>
  JSON.stringify([schema, table, column]);

/**
 * The distinct values of the columns that hold words, from the store while the data has not changed, else read anew.
 * They stay on this machine: only an engine that runs here is given the index.
 */
export async function readValueIndex(
  database: DatabaseClient,
  schema: Schema,
  store: TextStore,
  identity: readonly unknown[],
  signal: AbortSignal,
): Promise<ValueIndex> {
  const columns = columnsWithWords(schema);
  const data = await database.dataFingerprint(signal);
  const fingerprint = digest([data, columns]);
  const key = keyOfStore(identity);
  const found = data === null ? null : parseCached(await store.read(key));
  if (found !== null && found.fingerprint === fingerprint) {
    return indexOf(found.values);
  }
  const lists = await database.distinctValues({ columns, cap: mostValues }, signal);
  const values = Object.fromEntries(
    columns.map(({ schema: name, table, column }, index) => [
      keyOf(name, table, column),
      lists[index] ?? null,
    ]),
  );
  if (data !== null) {
    await store.write(key, JSON.stringify({ fingerprint, values } satisfies CachedValues));
  }
  return indexOf(values);
}

/** The same as far as it lies in the store, whatever has changed since; null where nothing does. No database is asked. */
export async function knownValueIndex(
  store: TextStore,
  identity: readonly unknown[],
): Promise<ValueIndex | null> {
  const found = parseCached(await store.read(keyOfStore(identity)));
  return found === null ? null : indexOf(found.values);
}

function keyOfStore(identity: readonly unknown[]): string {
  return `values-${digest(identity).slice(0, 32)}`;
}

function indexOf(values: CachedValues['values']): ValueIndex {
  return { valuesOf: (schema, table, column) => values[keyOf(schema, table, column)] ?? null };
}

function columnsWithWords(schema: Schema): readonly ColumnReference[] {
  return schema.tables
    .flatMap((table) =>
      table.columns
        .filter((column) => holdsWords(column))
        .map((column, place) => ({
          place,
          reference: { schema: table.schema, table: table.name, column: column.name },
        })),
    )
    .toSorted((a, b) => a.place - b.place)
    .slice(0, mostColumns)
    .map(({ reference }) => reference);
}

/** Types whose values are no words: bytes, documents, shapes. Numbers stay: SQLite keeps text in any column, and a code is often one. */
function holdsWords(column: Column): boolean {
  if (column.values !== null) {
    return false;
  }
  return !/blob|bytea|binary|json|xml|vector|geometry|point|polygon|interval|inet|cidr|uuid/iu.test(
    column.type,
  );
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** The store is written by this program alone; a text that is cut or of an older form is read anew. */
function parseCached(text: string | null): CachedValues | null {
  if (text === null) {
    return null;
  }
  try {
    const cached: CachedValues = JSON.parse(text);
    return typeof cached.values === 'object' && cached.values !== null ? cached : null;
  } catch {
    return null;
  }
}
