import SQLite from 'better-sqlite3';
import type { ResultColumn, Row, Value } from '../database.ts';
import type { RowsInMemory } from '../target.ts';
import { quote } from './schema-copy.ts';

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
      for (const row of rows) insert.run(kinds.map(({ store }, index) => store(row[index] ?? null)));
    })();
    return connection.serialize();
  } finally {
    connection.close();
  }
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
      // A numeral that SQLite would round makes a text of its whole column.
      return rows.every((row) => exactNumber(row[index] ?? null) !== undefined)
        ? { type: 'NUMERIC', store: (value) => exactNumber(value) ?? plainly(value) }
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
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'bigint' && (value > largest || value < smallest)) return String(value);
  return typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)
    ? BigInt(value)
    : value;
}

/** A number as SQLite holds it without rounding; undefined where it can't. A double keeps 15 decimal digits. */
function exactNumber(value: Value): number | bigint | null | undefined {
  if (value === null) return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  const text = typeof value === 'string' ? value.trim() : String(value);
  if (/^[+-]?\d+$/u.test(text)) {
    const whole = BigInt(text);
    return whole > largest || whole < smallest ? undefined : whole;
  }
  const digits = /^[+-]?0*(\d*)\.(\d*)$/u.exec(text);
  if (digits === null) return undefined;
  const significant = `${digits[1]}${digits[2]}`.replace(/^0+/u, '').replace(/0+$/u, '').length;
  return significant <= 15 ? Number(text) : undefined;
}

/** Names that differ without regard to case: SQLite has no two columns of one name in a table. */
function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const base = name === '' ? `column${index + 1}` : name;
    let own = base;
    for (let number = 2; taken.has(own.toLowerCase()); number++) own = `${base}_${number}`;
    taken.add(own.toLowerCase());
    return own;
  });
}
