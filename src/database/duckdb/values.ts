import type { DataChunk, PreparedStatement, Result } from '@duckdb/node-bindings';
import type { Parameter } from '../admitted-statement.ts';
import type { ResultColumn, Row, Value } from '../database.ts';
import type { ReaderContext } from './cells/plain.ts';
import { type Reader, readerOf } from './cells/reader.ts';
import { type ColumnType, typeName, typeOf } from './cells/type.ts';
import type { Driver } from './driver.ts';

/** A column with its type as the engine has it. */
export interface TypedColumn extends ResultColumn {
  readonly columnType: ColumnType;
}

/** The same column with lists, structures and maps in DuckDB's own text instead of JSON. */
export function inOwnText(column: TypedColumn): TypedColumn {
  const isNested = column.kind === 'json' && column.columnType.kind !== 'plain';
  return isNested ? { ...column, kind: 'text' } : column;
}

/** The columns of a result. */
export function columnsOf(driver: Driver, result: Result): TypedColumn[] {
  return Array.from({ length: driver.column_count(result) }, (_, index) =>
    columnOf(driver.column_name(result, index), typeOf(driver, driver.column_logical_type(result, index))),
  );
}

/** The columns of a statement that has not run. */
export function preparedColumns(driver: Driver, statement: PreparedStatement): TypedColumn[] {
  return Array.from({ length: driver.prepared_statement_column_count(statement) }, (_, index) =>
    columnOf(
      driver.prepared_statement_column_name(statement, index),
      typeOf(driver, driver.prepared_statement_column_logical_type(statement, index)),
    ),
  );
}

function columnOf(name: string, columnType: ColumnType): TypedColumn {
  return { name, kind: kindOf(columnType), type: typeName(columnType), columnType };
}

const numbers = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM|DECIMAL\(.*\))$/u;

function kindOf(type: ColumnType): ResultColumn['kind'] {
  switch (type.kind) {
    case 'decimal':
      return 'number';
    case 'enum':
    case 'unknown':
      return 'text';
    case 'plain':
      break;
    default:
      return 'json';
  }
  return kindOfName(type.name);
}

/** The kind of a column by the name of its type, as DuckDB writes that. */
export function kindOfName(name: string): ResultColumn['kind'] {
  switch (name) {
    case 'BOOLEAN':
      return 'boolean';
    case 'FLOAT':
    case 'DOUBLE':
      return 'real';
    case 'BLOB':
      return 'bytes';
    case 'JSON':
      return 'json';
    default:
      return numbers.test(name) ? 'number' : /[\])]$/u.test(name) && !/^ENUM/u.test(name) ? 'json' : 'text';
  }
}

/** Readers of the columns of a chunk, valid as long as it is. */
export function readersOf(
  context: ReaderContext,
  chunk: DataChunk,
  columns: readonly TypedColumn[],
): Reader[] {
  const { driver } = context;
  const count = driver.data_chunk_get_size(chunk);
  return columns.map(({ columnType }, index) =>
    readerOf(context, columnType, driver.data_chunk_get_vector(chunk, index), count),
  );
}

/** The rows of a chunk. */
export function rowsOf(context: ReaderContext, chunk: DataChunk, columns: readonly TypedColumn[]): Row[] {
  const readers = readersOf(context, chunk, columns);
  const reads = columns.map(({ kind, columnType }, at) => {
    const reader = readers[at];
    const isOwnText = kind === 'text' && columnType.kind !== 'plain';
    return (index: number): Value =>
      reader === undefined || reader.isNull(index)
        ? null
        : isOwnText
          ? reader.text(index)
          : reader.value(index);
  });
  return Array.from({ length: context.driver.data_chunk_get_size(chunk) }, (_, index) =>
    reads.map((read) => read(index)),
  );
}

/** All rows of a result that is not streamed. */
export async function allRows(context: ReaderContext, result: Result): Promise<Row[]> {
  const columns = columnsOf(context.driver, result);
  const rows: Row[] = [];
  for (;;) {
    const chunk = await context.driver.fetch_chunk(result);
    if (chunk === null || context.driver.data_chunk_get_size(chunk) === 0) {
      return rows;
    }
    rows.push(...rowsOf(context, chunk, columns));
  }
}

/** The most digits of a DECIMAL. */
const mostDigits = 38;

/** Binds values to `$1`, `$2` and so on; a number is of the type that it would have in the statement. */
export function bindAll(driver: Driver, statement: PreparedStatement, values: readonly Parameter[]): void {
  values.forEach(({ value, type }, at) => {
    const index = at + 1;
    if (type === 'text') {
      driver.bind_varchar(statement, index, value);
      return;
    }
    const [whole = '', fraction = ''] = value.replace('-', '').split('.');
    const digits = whole.replace(/^0+/u, '').length + fraction.length;
    if (digits > mostDigits) {
      driver.bind_double(statement, index, Number(value));
    } else if (fraction === '') {
      bindInteger(driver, statement, index, BigInt(value));
    } else {
      driver.bind_decimal(statement, index, {
        width: Math.max(digits, fraction.length),
        scale: fraction.length,
        value: BigInt(value.replace('.', '')),
      });
    }
  });
}

function bindInteger(driver: Driver, statement: PreparedStatement, index: number, value: bigint): void {
  if (BigInt.asIntN(32, value) === value) {
    driver.bind_int32(statement, index, Number(value));
  } else if (BigInt.asIntN(64, value) === value) {
    driver.bind_int64(statement, index, value);
  } else {
    driver.bind_hugeint(statement, index, value);
  }
}
