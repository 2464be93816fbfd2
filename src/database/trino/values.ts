import type { ResultColumn, Value } from '../database.ts';
import { partsOf, type ReplyColumn, type TypeSignature } from './wire/reply.ts';

const integers: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'integer', 'bigint']);
const reals: ReadonlySet<string> = new Set(['real', 'double']);
const composed: ReadonlySet<string> = new Set(['array', 'map', 'row']);

/** The column as the result shows it. */
export function resultColumn({ name, type, typeSignature: { rawType } }: ReplyColumn): ResultColumn {
  return { name, type, kind: kindOf(rawType) };
}

/** How a column of a type is shown, by the type's name without what stands in parentheses. */
export function kindOf(rawType: string): ResultColumn['kind'] {
  if (integers.has(rawType) || rawType === 'decimal') {
    return 'number';
  }
  if (reals.has(rawType)) {
    return 'real';
  }
  if (rawType === 'json' || composed.has(rawType)) {
    return 'json';
  }
  return rawType === 'boolean' ? 'boolean' : rawType === 'varbinary' ? 'bytes' : 'text';
}

/** What reads the values of a column: as the protocol has them, to values that are exact. */
export function readerOf(type: TypeSignature): (raw: unknown) => Value {
  const { rawType } = type;
  const read = composed.has(rawType) ? jsonOf(type) : plainReaders[rawType];
  return (raw) => (raw === null ? null : (read?.(raw) ?? String(raw)));
}

const integer = (raw: unknown): number | bigint =>
  typeof raw === 'number' ? raw : exactInteger(String(raw));

function exactInteger(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

const plainReaders: Readonly<Record<string, (raw: unknown) => Value>> = {
  tinyint: integer,
  smallint: integer,
  integer,
  bigint: integer,
  // NaN and the infinities come as texts.
  real: Number,
  double: Number,
  boolean: (raw) => raw === true,
  varbinary: (raw) => new Uint8Array(Buffer.from(String(raw), 'base64')),
};

/** An array, a map or a row as JSON, to the digit. */
function jsonOf(type: TypeSignature): (raw: unknown) => string {
  const write = writerOf(type);
  return (raw) => write(raw);
}

/** Writes one value within another as JSON. */
function writerOf(type: TypeSignature): (raw: unknown) => string {
  const write = bareWriter(type);
  return (raw) => (raw === null || raw === undefined ? 'null' : write(raw));
}

function bareWriter(type: TypeSignature): (raw: unknown) => string {
  const { rawType } = type;
  if (rawType === 'array') {
    const [element = { name: null, type: unknownType }] = partsOf(type);
    const write = writerOf(element.type);
    return (raw) => `[${itemsOf(raw).map(write).join(',')}]`;
  }
  if (rawType === 'map') {
    const value = partsOf(type)[1]?.type ?? unknownType;
    const write = writerOf(value);
    return (raw) =>
      `{${entriesOf(raw)
        .map(([key, item]) => `${JSON.stringify(key)}:${write(item)}`)
        .join(',')}}`;
  }
  if (rawType === 'row') {
    return rowWriter(type);
  }
  if (integers.has(rawType) || rawType === 'decimal' || rawType === 'json') {
    return String;
  }
  return (raw) => JSON.stringify(raw);
}

const unknownType: TypeSignature = { rawType: 'unknown', arguments: [] };

/** A row is an object by the names of its fields, or a list where they have none of their own. */
function rowWriter(type: TypeSignature): (raw: unknown) => string {
  const fields = partsOf(type).map(({ name, type: field }) => ({ name, write: writerOf(field) }));
  const names = new Set(fields.map(({ name }) => name));
  const isNamed = names.size === fields.length && !names.has(null);
  return (raw) => {
    const items = itemsOf(raw);
    const written = fields.map(({ name, write }, index) => {
      const value = write(items[index]);
      return isNamed ? `${JSON.stringify(name)}:${value}` : value;
    });
    return isNamed ? `{${written.join(',')}}` : `[${written.join(',')}]`;
  };
}

function itemsOf(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? raw : [];
}

function entriesOf(raw: unknown): readonly (readonly [string, unknown])[] {
  return typeof raw === 'object' && raw !== null ? Object.entries(raw) : [];
}
