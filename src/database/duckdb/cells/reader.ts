import type { Vector } from '@duckdb/node-bindings';
import { SqlqError } from '../../../errors.ts';
import type { Value } from '../../../result.ts';
import { jsonText } from './json.ts';
import { nestedText, quotedText } from './nested.ts';
import { decimalText } from './number.ts';
import { type Plain, plainReaders, plainSizes, type ReaderContext } from './plain.ts';
import type { ColumnType, Member } from './type.ts';
import { cellsOf, validityOf } from './vector.ts';

/** The values of one vector, by their index; all but `isNull` may be asked of values that are there alone. */
export interface Reader {
  isNull(index: number): boolean;
  /** The value by itself; nested ones as JSON. */
  value(index: number): Value;
  /** As DuckDB casts it to VARCHAR. */
  text(index: number): string;
  /** As DuckDB casts it within a nested value. */
  within(index: number): string;
  /** As JSON, every digit kept. */
  json(index: number): string;
}

/** The reader of a vector of `count` values. */
export function readerOf(context: ReaderContext, type: ColumnType, vector: Vector, count: number): Reader {
  const { driver } = context;
  switch (type.kind) {
    case 'unknown':
      throw new SqlqError('failed', `Values of the type ${type.name} can not be read as they are.`, {
        hint: 'Cast them in the SQL: CAST(… AS VARCHAR), or CAST(… AS JSON) for what is nested.',
      });
    case 'plain': {
      const cells = cellsOf(driver, vector, count, plainSizes[type.name]);
      return readerOfPlain(plainReaders[type.name](cells, context), cells.isValid);
    }
    case 'decimal': {
      const cells = cellsOf(driver, vector, count, type.size);
      const units = integerReader(cells.bytes, type.size);
      const text = (index: number): string => decimalText(units(index), type.scale);
      return readerOfPlain({ value: text, text, json: text, within: text }, cells.isValid);
    }
    case 'enum': {
      const { isValid, bytes } = cellsOf(driver, vector, count, type.size);
      const text = (index: number): string => {
        const place =
          type.size === 1
            ? bytes.getUint8(index)
            : type.size === 2
              ? bytes.getUint16(index * 2, true)
              : bytes.getUint32(index * 4, true);
        return type.labels[place] ?? '';
      };
      return readerOfPlain({ value: text, text }, isValid);
    }
    case 'list':
    case 'map': {
      const { isValid, bytes } = cellsOf(driver, vector, count, 16);
      const length = driver.list_vector_get_size(vector);
      const range = (index: number): Range => ({
        start: Number(bytes.getBigUint64(index * 16, true)),
        length: Number(bytes.getBigUint64(index * 16 + 8, true)),
      });
      const child = driver.list_vector_get_child(vector);
      return type.kind === 'list'
        ? readerOfList(itemReader(context, type.item, child, length), range, isValid)
        : readerOfMap(
            readerOf(context, type.key, driver.struct_vector_get_child(child, 0), length),
            readerOf(context, type.value, driver.struct_vector_get_child(child, 1), length),
            range,
            isValid,
          );
    }
    case 'array': {
      const child = driver.array_vector_get_child(vector);
      return readerOfList(
        itemReader(context, type.item, child, count * type.length),
        (index) => ({ start: index * type.length, length: type.length }),
        validityOf(driver, vector, count),
      );
    }
    case 'struct': {
      const members = type.members.map((member, index) => ({
        ...member,
        reader: readerOf(context, member.type, driver.struct_vector_get_child(vector, index), count),
      }));
      return readerOfStruct(members, validityOf(driver, vector, count));
    }
    case 'union': {
      const tags = cellsOf(driver, driver.struct_vector_get_child(vector, 0), count, 1);
      const members = type.members.map((member, index) => ({
        ...member,
        reader: readerOf(context, member.type, driver.struct_vector_get_child(vector, index + 1), count),
      }));
      return readerOfUnion(members, (index) => tags.bytes.getUint8(index), tags.isValid);
    }
  }
}

interface Range {
  readonly start: number;
  readonly length: number;
}

type ReadMember = Member & { readonly reader: Reader };

function readerOfPlain(plain: Plain, isValid: (index: number) => boolean): Reader {
  const { value, text } = plain;
  return {
    isNull: (index) => !isValid(index),
    value,
    text,
    within: plain.within ?? ((index) => nestedText(text(index))),
    json: plain.json ?? ((index) => jsonText(text(index))),
  };
}

const textOrNull = (reader: Reader, index: number): string =>
  reader.isNull(index) ? 'NULL' : reader.within(index);
const jsonOrNull = (reader: Reader, index: number): string =>
  reader.isNull(index) ? 'null' : reader.json(index);

/** Nested values stand within others as they stand alone. */
function readerOfNested(
  isValid: (index: number) => boolean,
  text: (index: number) => string,
  json: (index: number) => string,
): Reader {
  return { isNull: (index) => !isValid(index), value: json, text, within: text, json };
}

/** JSON stands in a list as it is, though in a struct it is a text. */
function itemReader(context: ReaderContext, type: ColumnType, vector: Vector, count: number): Reader {
  const reader = readerOf(context, type, vector, count);
  return type.kind === 'plain' && type.name === 'JSON' ? { ...reader, within: reader.text } : reader;
}

function readerOfList(
  item: Reader,
  range: (index: number) => Range,
  isValid: (index: number) => boolean,
): Reader {
  const joined = (
    index: number,
    separator: string,
    write: (reader: Reader, at: number) => string,
  ): string => {
    const { start, length } = range(index);
    return `[${Array.from({ length }, (_, offset) => write(item, start + offset)).join(separator)}]`;
  };
  return readerOfNested(
    isValid,
    (index) => joined(index, ', ', textOrNull),
    (index) => joined(index, ',', jsonOrNull),
  );
}

/** In JSON an object, its keys as text, as DuckDB's `to_json` has it. */
function readerOfMap(
  keys: Reader,
  values: Reader,
  range: (index: number) => Range,
  isValid: (index: number) => boolean,
): Reader {
  const joined = (index: number, separator: string, write: (at: number) => string): string => {
    const { start, length } = range(index);
    return `{${Array.from({ length }, (_, offset) => write(start + offset)).join(separator)}}`;
  };
  return readerOfNested(
    isValid,
    (index) => joined(index, ', ', (at) => `${textOrNull(keys, at)}=${textOrNull(values, at)}`),
    (index) => joined(index, ',', (at) => `${jsonText(keys.text(at))}:${jsonOrNull(values, at)}`),
  );
}

/** One without names is a row: parentheses in DuckDB's text, an array in JSON. */
function readerOfStruct(members: readonly ReadMember[], isValid: (index: number) => boolean): Reader {
  const isRow = members.every(({ name }) => name === '');
  const texts = (index: number): string =>
    members
      .map(({ name, reader }) => `${isRow ? '' : `${quotedText(name)}: `}${textOrNull(reader, index)}`)
      .join(', ');
  const jsons = (index: number): string =>
    members
      .map(({ name, reader }) => `${isRow ? '' : `${jsonText(name)}:`}${jsonOrNull(reader, index)}`)
      .join(',');
  return readerOfNested(
    isValid,
    (index) => (isRow ? `(${texts(index)})` : `{${texts(index)}}`),
    (index) => (isRow ? `[${jsons(index)}]` : `{${jsons(index)}}`),
  );
}

/** DuckDB's text leaves out which member it is; JSON says it. */
function readerOfUnion(
  members: readonly ReadMember[],
  tagAt: (index: number) => number,
  isValid: (index: number) => boolean,
): Reader {
  const memberAt = (index: number): ReadMember => {
    const member = members[tagAt(index)];
    if (member === undefined) {
      throw new Error('a union holds a member that its type does not have');
    }
    return member;
  };
  return readerOfNested(
    isValid,
    (index) => {
      const { reader } = memberAt(index);
      return reader.isNull(index) ? 'NULL' : reader.text(index);
    },
    (index) => {
      const { name, reader } = memberAt(index);
      return `{${jsonText(name)}:${jsonOrNull(reader, index)}}`;
    },
  );
}

/** Reads signed integers of a size. */
export function integerReader(bytes: DataView, size: 2 | 4 | 8 | 16): (index: number) => bigint | number {
  switch (size) {
    case 2:
      return (index) => bytes.getInt16(index * 2, true);
    case 4:
      return (index) => bytes.getInt32(index * 4, true);
    case 8:
      return (index) => bytes.getBigInt64(index * 8, true);
    case 16:
      return (index) =>
        (bytes.getBigInt64(index * 16 + 8, true) << 64n) | bytes.getBigUint64(index * 16, true);
  }
}
