import type { ColumnDefinition } from 'better-sqlite3';
import type { ResultColumn, Row, Value } from '../database.ts';

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
 * an expression has no declaration. A REAL that comes later to a column of integers keeps its value, but not its `.0`.
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

/** Rows as the contract wants them: an INTEGER is a number where it is safe, but a bigint beside the REALs of a column. */
export function exactRows(columns: readonly ResultColumn[], batch: readonly DriverValue[][]): Row[] {
  const isReal = columns.map(({ kind }) => kind === 'real');
  return batch.map((row) => {
    const exact: Value[] = row;
    row.forEach((value, index) => {
      if (typeof value !== 'bigint' || isReal[index]) return;
      const number = Number(value);
      if (Number.isSafeInteger(number)) exact[index] = number;
    });
    return exact;
  });
}
