import type { FieldDef } from 'pg';
import type { ResultColumn, Row, Value } from '../database.ts';
import type { Collector } from './wire/execution.ts';

/** Object ids of types that never change: src/include/catalog/pg_type.dat of PostgreSQL. */
const builtIn = new Map<number, readonly [kind: ResultColumn['kind'], name: string]>([
  [16, ['boolean', 'boolean']],
  [17, ['bytes', 'bytea']],
  [18, ['text', '"char"']],
  [19, ['text', 'name']],
  [20, ['number', 'bigint']],
  [21, ['number', 'smallint']],
  [23, ['number', 'integer']],
  [25, ['text', 'text']],
  [26, ['number', 'oid']],
  [114, ['json', 'json']],
  [142, ['text', 'xml']],
  [600, ['text', 'point']],
  [700, ['number', 'real']],
  [701, ['number', 'double precision']],
  [790, ['text', 'money']],
  [869, ['text', 'inet']],
  [1000, ['text', 'boolean[]']],
  [1005, ['text', 'smallint[]']],
  [1007, ['text', 'integer[]']],
  [1009, ['text', 'text[]']],
  [1015, ['text', 'character varying[]']],
  [1016, ['text', 'bigint[]']],
  [1042, ['text', 'character']],
  [1043, ['text', 'character varying']],
  [1082, ['text', 'date']],
  [1083, ['text', 'time without time zone']],
  [1114, ['text', 'timestamp without time zone']],
  [1184, ['text', 'timestamp with time zone']],
  [1186, ['text', 'interval']],
  [1231, ['text', 'numeric[]']],
  [1266, ['text', 'time with time zone']],
  [1560, ['text', 'bit']],
  [1562, ['text', 'bit varying']],
  [1700, ['number', 'numeric']],
  [2205, ['text', 'regclass']],
  [2249, ['text', 'record']],
  [2950, ['text', 'uuid']],
  [3614, ['text', 'tsvector']],
  [3802, ['json', 'jsonb']],
]);

/** Types that `resultColumns` can't name by itself. */
export function unnamedTypes(fields: readonly FieldDef[]): readonly number[] {
  return [...new Set(fields.map((field) => field.dataTypeID))].filter((type) => !builtIn.has(type));
}

/** The columns of a result; `names` has the types that are not built in. */
export function resultColumns(
  fields: readonly FieldDef[],
  names: ReadonlyMap<number, string>,
): readonly ResultColumn[] {
  return fields.map((field) => {
    const [kind, type] = builtIn.get(field.dataTypeID) ?? ['text', names.get(field.dataTypeID) ?? ''];
    return { name: field.name, kind, type };
  });
}

/** Reads DataRow messages: a count of fields, then the length of each (-1 for NULL) and its bytes as text. */
export function rowCollector(columns: readonly ResultColumn[]): Collector<readonly Row[]> {
  let rows: Row[] = [];
  const readers = columns.map(readerOf);
  return {
    batchBytes: 1 << 14,
    message(bytes, start) {
      const count = bytes.readUInt16BE(start);
      const row = new Array<Value>(count);
      let offset = start + 2;
      for (let index = 0; index < count; index++) {
        const length = bytes.readInt32BE(offset);
        offset += 4;
        if (length < 0) {
          row[index] = null;
          continue;
        }
        const end = offset + length;
        row[index] = readValue(readers[index], bytes, offset, end);
        offset = end;
      }
      rows.push(row);
    },
    take() {
      if (rows.length === 0) {
        return null;
      }
      const batch = rows;
      rows = [];
      return batch;
    },
  };
}

type Reader = 'text' | 'integer' | 'boolean' | 'bytes';

function readerOf({ kind, type }: ResultColumn): Reader {
  if (kind === 'boolean' || kind === 'bytes') {
    return kind;
  }
  return kind === 'number' && /^(?:smallint|integer|bigint|oid)$/.test(type) ? 'integer' : 'text';
}

function readValue(reader: Reader | undefined, bytes: Buffer, start: number, end: number): Value {
  switch (reader) {
    case 'integer':
      return readInteger(bytes, start, end);
    case 'boolean':
      return bytes[start] === 0x74;
    case 'bytes':
      // `\x` and two digits a byte, which the session asks for.
      return Buffer.from(bytes.toString('latin1', start + 2, end), 'hex');
    default:
      return bytes.toString('utf8', start, end);
  }
}

/** Fifteen digits are always safe as a number. */
const safeDigits = 15;

function readInteger(bytes: Buffer, start: number, end: number): number | bigint {
  if (end - start > safeDigits) {
    const integer = BigInt(bytes.toString('latin1', start, end));
    const number = Number(integer);
    return Number.isSafeInteger(number) ? number : integer;
  }
  const negative = bytes[start] === 0x2d;
  let number = 0;
  for (let index = negative ? start + 1 : start; index < end; index++) {
    number = number * 10 + (bytes[index] ?? 0x30) - 0x30;
  }
  return negative ? -number : number;
}
