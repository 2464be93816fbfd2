import SQLite, { type ColumnDefinition } from 'better-sqlite3';
import type { Result, ResultColumn, Row, Value } from '../../database.ts';
import type { RowsInMemory } from '../../target.ts';
import { quote } from '../guard/schema-copy.ts';

/** A value as SQLite stores it. */
type Stored = null | string | number | bigint | Uint8Array;

/** The bytes of a database that holds one table, `last`, of these rows. */
export function databaseOf({ columns, rows }: RowsInMemory): Buffer {
  const connection = new SQLite(':memory:');
  try {
    const kinds = columns.map((column, index) => kindOf(column, index, rows));
    const names = distinctNames(columns.map(({ name }) => name));
    const definitions = names.map((name, index) => `${quote(name)} ${kinds[index]?.type ?? ''}`);
    connection.exec(`CREATE TABLE last (${definitions.join(', ')})`);
    const insert = connection.prepare(`INSERT INTO last VALUES (${names.map(() => '?').join(', ')})`);
    connection.transaction(() => {
      for (const row of rows) {
        insert.run(kinds.map(({ store }, index) => store(row[index] ?? null)));
      }
    })();
    return connection.serialize();
  } finally {
    connection.close();
  }
}

/**
 * A result whose columns are shown as they came where they are columns of `last` themselves: a decimal with the zeros
 * at its end, a numeral that is kept as text as a number, a truth as a truth.
 */
export function asTheyCame(
  result: Result,
  definitions: readonly ColumnDefinition[],
  content: RowsInMemory,
): Result {
  const names = distinctNames(content.columns.map(({ name }) => name));
  const origins = definitions.map(({ table, column }) =>
    table === 'last' ? names.indexOf(column ?? '') : -1,
  );
  const scales = origins.map((origin) => (origin < 0 ? 0 : scaleOf(content.rows, origin)));
  const numerals = origins.map((origin) =>
    origin < 0 || content.columns[origin]?.kind !== 'number' ? null : roundedNumerals(content.rows, origin),
  );
  const columns = result.columns.map((column, index) => {
    const { kind, type } = content.columns[origins[index] ?? -1] ?? column;
    return { name: column.name, kind, type };
  });
  const shown = (value: Value, index: number): Value => {
    if (value === null || (origins[index] ?? -1) < 0) {
      return value;
    }
    const { kind } = columns[index] ?? {};
    if (kind === 'boolean') {
      return Boolean(value);
    }
    const numeral = typeof value === 'number' ? numerals[index]?.get(value) : undefined;
    if (numeral !== undefined) {
      return numeral;
    }
    const scale = scales[index] ?? 0;
    if (kind !== 'number' || scale === 0) {
      return value;
    }
    if (typeof value === 'bigint') {
      return `${value}.${'0'.repeat(scale)}`;
    }
    return typeof value === 'number' ? value.toFixed(scale) : value;
  };
  async function* batches(): AsyncGenerator<readonly Row[]> {
    for await (const batch of result.batches) {
      yield batch.map((row) => row.map(shown));
    }
  }
  return { columns, batches: batches() };
}

/** How many digits all numerals of a column have after the point; 0 where they differ. */
function scaleOf(rows: readonly Row[], index: number): number {
  const scales = new Set(
    rows.flatMap((row) => {
      const value = row[index] ?? null;
      return value === null ? [] : [/^[+-]?\d+\.(\d+)$/u.exec(String(value))?.[1]?.length ?? 0];
    }),
  );
  const [only = 0] = scales;
  return scales.size === 1 ? only : 0;
}

/** How a column is declared, and its values stored, so that none of them changes. */
interface Kind {
  readonly type: string;
  readonly store: (value: Value) => Stored;
}

function kindOf(column: ResultColumn, index: number, rows: readonly Row[]): Kind {
  switch (column.kind) {
    case 'real':
      return { type: 'REAL', store: plainly };
    case 'boolean':
      return { type: 'BOOLEAN', store: plainly };
    case 'bytes':
      return { type: 'BLOB', store: plainly };
    case 'number':
      // Two numerals that SQLite would round to one number make a text of their whole column.
      return roundedNumerals(rows, index) !== null
        ? { type: 'NUMERIC', store: (value) => exactNumber(value) ?? roundedNumber(value) ?? plainly(value) }
        : { type: 'TEXT', store: (value) => (value === null ? null : String(value)) };
    case 'any':
      return { type: '', store: (value) => (typeof value === 'number' ? value : plainly(value)) };
    case 'text':
    case 'json':
      return { type: 'TEXT', store: plainly };
  }
}

const largest = 2n ** 63n - 1n;
const smallest = -(2n ** 63n);

function plainly(value: Value): Stored {
  if (typeof value === 'boolean') {
    return value ? 1n : 0n;
  }
  if (typeof value === 'bigint' && (value > largest || value < smallest)) {
    return String(value);
  }
  return typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)
    ? BigInt(value)
    : value;
}

/** A number as SQLite holds it without rounding; undefined where it can't. A double keeps 15 decimal digits. */
function exactNumber(value: Value): number | bigint | null | undefined {
  if (value === null) {
    return null;
  }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  const text = typeof value === 'string' ? value.trim() : String(value);
  if (/^[+-]?\d+$/u.test(text)) {
    const whole = BigInt(text);
    return whole > largest || whole < smallest ? undefined : whole;
  }
  const digits = /^[+-]?0*(\d*)\.(\d*)$/u.exec(text);
  if (digits === null) {
    return undefined;
  }
  const significant = `${digits[1]}${digits[2]}`.replace(/^0+/u, '').replace(/0+$/u, '').length;
  return significant <= 15 ? Number(text) : undefined;
}

/** A numeral as the floating-point number next to it; undefined for what is none, or beyond all of them. */
function roundedNumber(value: Value): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'bigint') {
    return undefined;
  }
  const text = String(value).trim();
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/u.test(text)) {
    return undefined;
  }
  return Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/**
 * The numerals of a column that SQLite holds rounded, by the number that it holds: so they compare by number and come
 * back digit for digit. Null where that can't be: a value is no numeral, or two that differ round to the same.
 */
function roundedNumerals(rows: readonly Row[], index: number): ReadonlyMap<number, string> | null {
  const numerals = new Map<number, string>();
  const whole = new Set<number>();
  for (const row of rows) {
    const value = row[index] ?? null;
    const exact = exactNumber(value);
    if (exact !== undefined) {
      if (exact !== null) {
        whole.add(Number(exact));
      }
      continue;
    }
    const rounded = roundedNumber(value);
    const text = String(value).trim();
    if (rounded === undefined || (numerals.get(rounded) ?? text) !== text) {
      return null;
    }
    numerals.set(rounded, text);
  }
  return [...numerals.keys()].some((number) => whole.has(number)) ? null : numerals;
}

/** The rounded numerals of all columns, for sums that are to be exact; one that two columns read otherwise is left out. */
export function numeralsOf({ columns, rows }: RowsInMemory): ReadonlyMap<number, string> {
  const all = new Map<number, string | null>();
  columns.forEach(({ kind }, index) => {
    if (kind !== 'number') {
      return;
    }
    for (const [number, text] of roundedNumerals(rows, index) ?? []) {
      all.set(number, (all.get(number) ?? text) === text ? text : null);
    }
  });
  return new Map([...all].flatMap(([number, text]) => (text === null ? [] : [[number, text] as const])));
}

/** Names that differ without regard to case: SQLite has no two columns of one name in a table. */
function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const base = name === '' ? `column${index + 1}` : name;
    let own = base;
    for (let number = 2; taken.has(own.toLowerCase()); number++) {
      own = `${base}_${number}`;
    }
    taken.add(own.toLowerCase());
    return own;
  });
}
