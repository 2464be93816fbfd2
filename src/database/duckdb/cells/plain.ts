import type { Value } from '../../../result.ts';
import type { Driver } from '../driver.ts';
import { geometryText } from './geometry.ts';
import { jsonNumber } from './json.ts';
import { bigNumber, doubleText, integer, shortestFloat } from './number.ts';
import {
  dateText,
  intervalText,
  timestampText,
  timeText,
  timeWithZoneText,
  type Zone,
  zonedText,
} from './time.ts';
import type { PlainType } from './type.ts';
import { type Cells, textsOf } from './vector.ts';

/** How values of a plain type are read; `within` and `json` where they are not made of the text as that of any type is. */
export interface Plain {
  readonly value: (index: number) => Value;
  readonly text: (index: number) => string;
  readonly within?: (index: number) => string;
  readonly json?: (index: number) => string;
}

/** Bytes of a stored value. */
export const plainSizes: Readonly<Record<PlainType, number>> = {
  BOOLEAN: 1,
  TINYINT: 1,
  SMALLINT: 2,
  INTEGER: 4,
  BIGINT: 8,
  UTINYINT: 1,
  USMALLINT: 2,
  UINTEGER: 4,
  UBIGINT: 8,
  HUGEINT: 16,
  UHUGEINT: 16,
  BIGNUM: 16,
  FLOAT: 4,
  DOUBLE: 8,
  VARCHAR: 16,
  JSON: 16,
  BLOB: 16,
  BIT: 16,
  UUID: 16,
  DATE: 4,
  TIME: 8,
  TIME_NS: 8,
  'TIME WITH TIME ZONE': 8,
  TIMESTAMP: 8,
  TIMESTAMP_S: 8,
  TIMESTAMP_MS: 8,
  TIMESTAMP_NS: 8,
  'TIMESTAMP WITH TIME ZONE': 8,
  INTERVAL: 16,
  GEOMETRY: 16,
  '"NULL"': 4,
};

/** What reading takes besides the vector. */
export interface ReaderContext {
  readonly driver: Driver;
  /** In which moments with a time zone are written. */
  readonly zone: Zone;
}

type Read = (cells: Cells, context: ReaderContext) => Plain;

const whole =
  (read: (bytes: DataView, index: number) => number | bigint): Read =>
  ({ bytes }) => {
    const value = (index: number): number | bigint => {
      const found = read(bytes, index);
      return typeof found === 'bigint' ? integer(found) : found;
    };
    const text = (index: number): string => String(read(bytes, index));
    return { value, text, within: text, json: text };
  };

const real =
  (read: (bytes: DataView, index: number) => number): Read =>
  ({ bytes }) => {
    const value = (index: number): number => read(bytes, index);
    const text = (index: number): string => doubleText(value(index));
    return { value, text, within: text, json: (index) => jsonNumber(value(index)) };
  };

const texts =
  (write: (cells: Cells, index: number, zone: Zone) => string): Read =>
  (cells, { zone }) => {
    const text = (index: number): string => write(cells, index, zone);
    return { value: text, text };
  };

const ticks = (digits: number): Read =>
  texts(({ bytes }, index) => timestampText(bytes.getBigInt64(index * 8, true), digits));

/** Texts are read all at once, when the first of them is asked for. */
function textReader(cells: Cells, { driver }: ReaderContext): (index: number) => string {
  let texts: readonly string[] | null = null;
  return (index) => {
    texts ??= textsOf(driver, cells);
    return texts[index] ?? '';
  };
}

/** The readers of plain types. */
export const plainReaders: Readonly<Record<PlainType, Read>> = {
  BOOLEAN({ bytes }) {
    const value = (index: number): boolean => bytes.getUint8(index) !== 0;
    const text = (index: number): string => String(value(index));
    return { value, text, within: text, json: text };
  },
  TINYINT: whole((bytes, index) => bytes.getInt8(index)),
  SMALLINT: whole((bytes, index) => bytes.getInt16(index * 2, true)),
  INTEGER: whole((bytes, index) => bytes.getInt32(index * 4, true)),
  BIGINT: whole((bytes, index) => bytes.getBigInt64(index * 8, true)),
  UTINYINT: whole((bytes, index) => bytes.getUint8(index)),
  USMALLINT: whole((bytes, index) => bytes.getUint16(index * 2, true)),
  UINTEGER: whole((bytes, index) => bytes.getUint32(index * 4, true)),
  UBIGINT: whole((bytes, index) => bytes.getBigUint64(index * 8, true)),
  HUGEINT: whole(
    (bytes, index) => (bytes.getBigInt64(index * 16 + 8, true) << 64n) | bytes.getBigUint64(index * 16, true),
  ),
  UHUGEINT: whole(
    (bytes, index) =>
      (bytes.getBigUint64(index * 16 + 8, true) << 64n) | bytes.getBigUint64(index * 16, true),
  ),
  BIGNUM(cells) {
    const read = (index: number): bigint => bigNumber(cells.blob(index));
    const text = (index: number): string => String(read(index));
    return { value: (index) => integer(read(index)), text, within: text, json: text };
  },
  FLOAT: real((bytes, index) => shortestFloat(bytes.getFloat32(index * 4, true))),
  DOUBLE: real((bytes, index) => bytes.getFloat64(index * 8, true)),
  VARCHAR(cells, context) {
    const text = textReader(cells, context);
    return { value: text, text };
  },
  JSON(cells, context) {
    const text = textReader(cells, context);
    return { value: text, text, json: text };
  },
  BLOB(cells) {
    const value = (index: number): Uint8Array => Uint8Array.from(cells.blob(index));
    return { value, text: (index) => blobText(cells.blob(index)) };
  },
  BIT: texts((cells, index) => bitText(cells.blob(index))),
  UUID: texts(({ bytes }, index) => uuidText(bytes, index * 16)),
  DATE: texts(({ bytes }, index) => dateText(bytes.getInt32(index * 4, true))),
  TIME: texts(({ bytes }, index) => timeText(bytes.getBigInt64(index * 8, true), 6)),
  TIME_NS: texts(({ bytes }, index) => timeText(bytes.getBigInt64(index * 8, true), 9)),
  'TIME WITH TIME ZONE': texts(({ bytes }, index) => timeWithZoneText(bytes.getBigUint64(index * 8, true))),
  TIMESTAMP: ticks(6),
  TIMESTAMP_S: ticks(0),
  TIMESTAMP_MS: ticks(3),
  TIMESTAMP_NS: ticks(9),
  'TIMESTAMP WITH TIME ZONE': texts(({ bytes }, index, zone) =>
    zonedText(bytes.getBigInt64(index * 8, true), zone),
  ),
  INTERVAL: texts(({ bytes }, index) => {
    const at = index * 16;
    return intervalText(
      bytes.getInt32(at, true),
      bytes.getInt32(at + 4, true),
      bytes.getBigInt64(at + 8, true),
    );
  }),
  GEOMETRY: texts((cells, index) => geometryText(cells.blob(index))),
  '"NULL"': texts(() => 'NULL'),
};

/** Printable ASCII as it is, all else as `\xFF`, as DuckDB casts it. */
function blobText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x5c && byte !== 0x27 && byte !== 0x22;
    text += isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** The first byte counts the bits before the first one. */
function bitText(bytes: Uint8Array): string {
  const bits = Array.from(bytes.subarray(1), (byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.slice(bytes[0] ?? 0);
}

/** The first bit is stored inverted, so that a UUID sorts as its text. */
function uuidText(bytes: DataView, at: number): string {
  const high = bytes.getBigUint64(at + 8, true) ^ (1n << 63n);
  const hex = `${high.toString(16).padStart(16, '0')}${bytes.getBigUint64(at, true).toString(16).padStart(16, '0')}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}
