import type { ResultColumn } from '../database.ts';
import type { WireColumn } from './protocol.ts';

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
  if (column.type === bit) return 'bits';
  if (column.type === year) return 'year';
  if (column.type === 255 || column.type === 242) return 'bytes';
  if (isInteger(column.type) && !(column.flags & zerofill)) return 'integer';
  return holdsText(column.type) && column.collation === binary ? 'bytes' : 'text';
}

/** The column as the result shows it. FLOAT keeps the six digits that the server prints. */
export function resultColumn(column: WireColumn): ResultColumn {
  return { name: column.name, kind: kindOf(column), type: typeName(column) };
}

function kindOf(column: WireColumn): ResultColumn['kind'] {
  if (column.type === json || column.extendedType === 'json') return 'json';
  if (column.type === bit || column.type === year) return 'number';
  // 00042 is the value as declared, and no numeral of JSON.
  if (isNumber(column.type)) return column.flags & zerofill ? 'text' : 'number';
  return readingOf(column) === 'bytes' ? 'bytes' : 'text';
}

function typeName(column: WireColumn): string {
  if (column.extendedType !== '') return column.extendedType;
  if (column.flags & enumFlag) return 'enum';
  if (column.flags & setFlag) return 'set';
  const name = names[column.type] ?? '';
  if (holdsText(column.type)) {
    const isBlob = name === 'blob';
    if (column.collation === binary) return isBlob ? 'blob' : name === 'char' ? 'binary' : 'varbinary';
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
