import type { ColumnDefinition } from 'better-sqlite3';
import type { Parameter } from '../admitted-statement.ts';
import type { ResultColumn } from '../database.ts';

/** A value as the driver gives it with `safeIntegers`: an INTEGER is a bigint, a REAL a number. */
export type DriverValue = null | number | bigint | string | Uint8Array;

/** The columns of a statement, as far as their declarations tell. */
export function declaredColumns(columns: readonly ColumnDefinition[]): ResultColumn[] {
  return columns.map(({ name, type }) => ({
    name,
    kind: isReal(type ?? '') ? 'real' : 'any',
    type: type ?? '',
  }));
}

/**
 * A column is `real` where its declaration says so or its first batch holds a REAL: in SQLite the value has the type, and
 * an expression has no declaration.
 */
export function columnsOf(
  columns: readonly ColumnDefinition[],
  batch: readonly DriverValue[][],
): ResultColumn[] {
  return declaredColumns(columns).map((column, index) =>
    batch.some((row) => typeof row[index] === 'number') ? { ...column, kind: 'real' } : column,
  );
}

/** REAL affinity: https://sqlite.org/datatype3.html#determination_of_column_affinity */
function isReal(type: string): boolean {
  return /REAL|FLOA|DOUB/i.test(type) && !/INT|CHAR|CLOB|TEXT|BLOB/i.test(type);
}

/** What the driver takes for the placeholders of a statement; nothing where it has none. */
export function boundValues(
  values: readonly Parameter[],
): readonly Record<string, string | number | bigint>[] {
  return values.length === 0
    ? []
    : [Object.fromEntries(values.map((parameter) => [parameter.name, boundValue(parameter)]))];
}

/** SQLite compares by a value's own type: what was an integer in the statement is bound as one. */
function boundValue({ value, type }: Parameter): string | number | bigint {
  if (type === 'text') {
    return value;
  }
  return type === 'integer' ? BigInt(value) : Number(value);
}
