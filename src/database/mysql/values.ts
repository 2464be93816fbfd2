import type { ResultColumn, Row, Value } from '../database.ts';
import type { RowDecoder } from './wire/execute.ts';
import { readLength, type WireColumn } from './wire/protocol.ts';

/** How the bytes of a value are to be read. */
export type Reading = 'text' | 'integer' | 'bytes' | 'bits' | 'year';

const binary = 63;
const zerofill = 64;
const unsigned = 32;
const enumFlag = 256;
const setFlag = 2048;

// The names of `enum_field_types` in MySQL's include/field_types.h.
const names: Readonly<Record<number, string>> = {
  0: 'decimal',
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'float',
  5: 'double',
  6: 'null',
  7: 'timestamp',
  8: 'bigint',
  9: 'mediumint',
  10: 'date',
  11: 'time',
  12: 'datetime',
  13: 'year',
  14: 'date',
  15: 'varchar',
  16: 'bit',
  242: 'vector',
  245: 'json',
  246: 'decimal',
  247: 'enum',
  248: 'set',
  249: 'blob',
  250: 'blob',
  251: 'blob',
  252: 'blob',
  253: 'varchar',
  254: 'char',
  255: 'geometry',
};
const year = 13;
const bit = 16;
const json = 245;
const isInteger = (type: number): boolean => (type >= 1 && type <= 3) || type === 8 || type === 9;
const isNumber = (type: number): boolean => type <= 5 || type === 8 || type === 9 || type === 246;
const holdsText = (type: number): boolean => type === 15 || (type >= 249 && type <= 254);

/** How a column's values are read: those of a character type without a character set are bytes. */
export function readingOf(column: WireColumn): Reading {
  if (column.type === bit) {
    return 'bits';
  }
  if (column.type === year) {
    return 'year';
  }
  if (column.type === 255 || column.type === 242) {
    return 'bytes';
  }
  if (isInteger(column.type) && !(column.flags & zerofill)) {
    return 'integer';
  }
  return holdsText(column.type) && column.collation === binary ? 'bytes' : 'text';
}

/** The column as the result shows it. FLOAT keeps the six digits that the server prints. */
export function resultColumn(column: WireColumn): ResultColumn {
  return { name: column.name, kind: kindOf(column), type: typeName(column) };
}

function kindOf(column: WireColumn): ResultColumn['kind'] {
  if (column.type === json || column.extendedType === 'json') {
    return 'json';
  }
  if (column.type === bit || column.type === year) {
    return 'number';
  }
  // 00042 is the value as declared, and no numeral of JSON.
  if (isNumber(column.type)) {
    return column.flags & zerofill ? 'text' : 'number';
  }
  return readingOf(column) === 'bytes' ? 'bytes' : 'text';
}

function typeName(column: WireColumn): string {
  if (column.extendedType !== '') {
    return column.extendedType;
  }
  if (column.flags & enumFlag) {
    return 'enum';
  }
  if (column.flags & setFlag) {
    return 'set';
  }
  const name = names[column.type] ?? '';
  if (holdsText(column.type)) {
    const isBlob = name === 'blob';
    if (column.collation === binary) {
      return isBlob ? 'blob' : name === 'char' ? 'binary' : 'varbinary';
    }
    return isBlob ? 'text' : name;
  }
  return isNumber(column.type) && column.flags & unsigned ? `${name} unsigned` : name;
}

/** The column of a prepared statement as the driver describes it; the driver types none of it. */
export function kindAndTypeOf(field: unknown): ResultColumn {
  const read = (name: string): unknown =>
    typeof field === 'object' && field !== null && name in field ? Reflect.get(field, name) : undefined;
  const number = (name: string): number => Number(read(name) ?? 0);
  return resultColumn({
    name: String(read('name') ?? ''),
    type: number('columnType'),
    collation: number('characterSet'),
    flags: number('flags'),
    length: number('columnLength'),
    extendedType: String(read('extendedFormat') ?? read('extendedTypeName') ?? ''),
  });
}

const batchRows = 1000;

/** Rows as values: the server's own text, digit for digit; bytes of binary columns; null. */
export function rowDecoder(columns: readonly WireColumn[]): RowDecoder<readonly Row[]> {
  const readings = columns.map(readingOf);
  let rows: Row[] = [];
  const full: Row[][] = [];
  return {
    row(bytes, start) {
      const row: Value[] = [];
      let at = start;
      for (const reading of readings) {
        const [length, next] = readLength(bytes, at);
        if (length < 0) {
          row.push(null);
        } else {
          row.push(decode(bytes, next, next + length, reading));
        }
        at = length < 0 ? next : next + length;
      }
      rows.push(row);
      if (rows.length < batchRows) {
        return;
      }
      full.push(rows);
      rows = [];
    },
    take() {
      const first = full.shift();
      if (first !== undefined) {
        return first;
      }
      if (rows.length === 0) {
        return null;
      }
      const batch = rows;
      rows = [];
      return batch;
    },
  };
}

function decode(bytes: Buffer, start: number, end: number, reading: Reading): Value {
  switch (reading) {
    case 'text':
      return bytes.toString('utf8', start, end);
    case 'integer':
      return integer(bytes.toString('latin1', start, end));
    case 'bytes':
      return new Uint8Array(bytes.subarray(start, end));
    case 'bits':
      return integer(bitsAsNumeral(bytes, start, end));
    case 'year':
      return integer(yearAsNumeral(bytes, start, end));
  }
}

function integer(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** BIT(n) as the unsigned number that it is in an expression. */
export function bitsAsNumeral(bytes: Buffer, start: number, end: number): string {
  let value = 0n;
  for (let at = start; at < end; at += 1) {
    value = value * 256n + BigInt(bytes.readUInt8(at));
  }
  return value.toString();
}

/** YEAR as a numeral: the server pads the year zero to `0000`. */
export function yearAsNumeral(bytes: Buffer, start: number, end: number): string {
  return String(Number(bytes.toString('latin1', start, end)));
}
