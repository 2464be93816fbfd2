import type { LogicalType } from '@duckdb/node-bindings';
import type { Driver } from '../driver.ts';

/** A type as DuckDB describes it, taken out of the driver once for a column. */
export type ColumnType =
  | { readonly kind: 'plain'; readonly name: PlainType }
  /** One of a newer DuckDB or of an extension, or one that is not known before values are bound. */
  | { readonly kind: 'unknown'; readonly name: string }
  | {
      readonly kind: 'decimal';
      readonly width: number;
      readonly scale: number;
      /** Bytes of a stored value. */
      readonly size: 2 | 4 | 8 | 16;
    }
  | { readonly kind: 'enum'; readonly labels: readonly string[]; readonly size: 1 | 2 | 4 }
  | { readonly kind: 'list'; readonly item: ColumnType }
  | { readonly kind: 'array'; readonly item: ColumnType; readonly length: number }
  | { readonly kind: 'struct' | 'union'; readonly members: readonly Member[] }
  | { readonly kind: 'map'; readonly key: ColumnType; readonly value: ColumnType };

/** A member of a STRUCT or a UNION; the name is '' where it has none. */
export interface Member {
  readonly name: string;
  readonly type: ColumnType;
}

/** The types that are told by their name alone. */
export type PlainType = (typeof plainTypes)[keyof typeof plainTypes] | 'JSON';

/** DuckDB's names, by those of the driver. */
const plainTypes = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INTEGER: 'INTEGER',
  BIGINT: 'BIGINT',
  UTINYINT: 'UTINYINT',
  USMALLINT: 'USMALLINT',
  UINTEGER: 'UINTEGER',
  UBIGINT: 'UBIGINT',
  HUGEINT: 'HUGEINT',
  UHUGEINT: 'UHUGEINT',
  BIGNUM: 'BIGNUM',
  FLOAT: 'FLOAT',
  DOUBLE: 'DOUBLE',
  VARCHAR: 'VARCHAR',
  BLOB: 'BLOB',
  BIT: 'BIT',
  UUID: 'UUID',
  DATE: 'DATE',
  TIME: 'TIME',
  TIME_NS: 'TIME_NS',
  TIME_TZ: 'TIME WITH TIME ZONE',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_S: 'TIMESTAMP_S',
  TIMESTAMP_MS: 'TIMESTAMP_MS',
  TIMESTAMP_NS: 'TIMESTAMP_NS',
  TIMESTAMP_TZ: 'TIMESTAMP WITH TIME ZONE',
  INTERVAL: 'INTERVAL',
  GEOMETRY: 'GEOMETRY',
  SQLNULL: '"NULL"',
} as const;

const isPlain = (name: string): name is keyof typeof plainTypes => Object.hasOwn(plainTypes, name);

const sizes: Readonly<Record<string, 1 | 2 | 4 | 8 | 16>> = {
  UTINYINT: 1,
  USMALLINT: 2,
  SMALLINT: 2,
  UINTEGER: 4,
  INTEGER: 4,
  BIGINT: 8,
  HUGEINT: 16,
};

/** Reads a type. */
export function typeOf(driver: Driver, type: LogicalType): ColumnType {
  const name = driver.Type[driver.get_type_id(type)] ?? 'unknown';
  const inner = (logical: LogicalType): ColumnType => typeOf(driver, logical);
  const members = (
    count: (logical: LogicalType) => number,
    nameAt: (logical: LogicalType, index: number) => string,
    typeAt: (logical: LogicalType, index: number) => LogicalType,
  ): Member[] =>
    Array.from({ length: count(type) }, (_, index) => ({
      name: nameAt(type, index),
      type: inner(typeAt(type, index)),
    }));
  const sizeOf = (stored: number): 1 | 2 | 4 | 8 | 16 => sizes[driver.Type[stored] ?? ''] ?? 8;
  if (name === 'VARCHAR' && driver.logical_type_get_alias(type) === 'JSON') {
    return { kind: 'plain', name: 'JSON' };
  }
  if (isPlain(name)) {
    return { kind: 'plain', name: plainTypes[name] };
  }
  switch (name) {
    case 'DECIMAL': {
      const size = sizeOf(driver.decimal_internal_type(type));
      return {
        kind: 'decimal',
        width: driver.decimal_width(type),
        scale: driver.decimal_scale(type),
        size: size === 1 ? 2 : size,
      };
    }
    case 'ENUM': {
      const size = sizeOf(driver.enum_internal_type(type));
      const length = driver.enum_dictionary_size(type);
      return {
        kind: 'enum',
        labels: Array.from({ length }, (_, index) => driver.enum_dictionary_value(type, index)),
        size: size === 1 || size === 2 ? size : 4,
      };
    }
    case 'LIST':
      return { kind: 'list', item: inner(driver.list_type_child_type(type)) };
    case 'ARRAY':
      return {
        kind: 'array',
        item: inner(driver.array_type_child_type(type)),
        length: driver.array_type_array_size(type),
      };
    case 'STRUCT':
      return {
        kind: 'struct',
        members: members(
          driver.struct_type_child_count,
          driver.struct_type_child_name,
          driver.struct_type_child_type,
        ),
      };
    case 'UNION':
      return {
        kind: 'union',
        members: members(
          driver.union_type_member_count,
          driver.union_type_member_name,
          driver.union_type_member_type,
        ),
      };
    case 'MAP':
      return {
        kind: 'map',
        key: inner(driver.map_type_key_type(type)),
        value: inner(driver.map_type_value_type(type)),
      };
    default:
      return { kind: 'unknown', name };
  }
}

/** A type as DuckDB writes it. */
export function typeName(type: ColumnType): string {
  const member = ({ name, type: own }: Member): string =>
    name === '' ? typeName(own) : `${nameText(name)} ${typeName(own)}`;
  switch (type.kind) {
    case 'plain':
    case 'unknown':
      return type.name;
    case 'decimal':
      return `DECIMAL(${type.width},${type.scale})`;
    case 'enum':
      return `ENUM(${type.labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ')})`;
    case 'list':
      return `${typeName(type.item)}[]`;
    case 'array':
      return `${typeName(type.item)}[${type.length}]`;
    case 'struct':
    case 'union':
      return `${type.kind.toUpperCase()}(${type.members.map(member).join(', ')})`;
    case 'map':
      return `MAP(${typeName(type.key)}, ${typeName(type.value)})`;
  }
}

function nameText(name: string): string {
  return /^[a-z_][a-z0-9_]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
