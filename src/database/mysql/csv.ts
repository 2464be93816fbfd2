import { bitsAsNumeral, type Reading, readingOf, yearAsNumeral } from './values.ts';
import type { RowDecoder } from './wire/execute.ts';
import type { WireColumn } from './wire/protocol.ts';

/** Lines of CSV and how many rows they hold. */
export interface CsvChunk {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const hexDigits = Buffer.from('0123456789abcdef');
/** Lines are handed out in pieces of this size, but for a longer row. */
const pieceBytes = 64 << 10;

/**
 * Rows as lines of CSV, copied from the network's bytes without a string between: RFC 4180, LF, NULL empty, an empty
 * text `""`, bytes as `\x` and hexadecimal digits.
 */
export function csvDecoder(columns: readonly WireColumn[]): RowDecoder<CsvChunk> {
  const readings = columns.map(readingOf);
  const last = readings.length - 1;
  let out = Buffer.allocUnsafeSlow(pieceBytes);
  let length = 0;
  let rows = 0;
  const full: CsvChunk[] = [];

  const hand = (): void => {
    if (rows > 0) {
      full.push({ bytes: out.subarray(0, length), rows });
    }
    length = 0;
    rows = 0;
  };

  return {
    row(bytes, start, end) {
      // A byte becomes at most two, and each value has at most two quotes or `\x` and one separator.
      const most = (end - start) * 2 + readings.length * 24;
      if (length + most > out.length) {
        hand();
        out = Buffer.allocUnsafeSlow(Math.max(most, pieceBytes));
      }
      let at = start;
      let to = length;
      for (let index = 0; index <= last; index += 1) {
        let size = bytes[at] ?? 0;
        at += 1;
        if (size >= 0xfb) {
          if (size === 0xfb) {
            size = -1;
          } else if (size === 0xfc) {
            size = bytes.readUInt16LE(at);
            at += 2;
          } else if (size === 0xfd) {
            size = bytes.readUIntLE(at, 3);
            at += 3;
          } else {
            size = Number(bytes.readBigUInt64LE(at));
            at += 8;
          }
        }
        if (size >= 0) {
          to = value(bytes, at, at + size, out, to, readings[index]);
          at += size;
        }
        out[to] = index === last ? lineFeed : comma;
        to += 1;
      }
      length = to;
      rows += 1;
    },
    take() {
      if (full.length === 0 && rows > 0) {
        full.push({ bytes: out.subarray(0, length), rows });
        out = out.subarray(length);
        length = 0;
        rows = 0;
      }
      return full.shift() ?? null;
    },
  };
}

/** Writes one value and says where it ends. */
function value(
  from: Buffer,
  start: number,
  end: number,
  out: Buffer,
  at: number,
  reading: Reading | undefined,
): number {
  switch (reading) {
    case 'integer':
      return copy(from, start, end, out, at);
    case 'bytes':
      return hexadecimal(from, start, end, out, at);
    case 'bits':
      return at + out.write(bitsAsNumeral(from, start, end), at, 'latin1');
    case 'year':
      return at + out.write(yearAsNumeral(from, start, end), at, 'latin1');
    default:
      return text(from, start, end, out, at);
  }
}

function copy(from: Buffer, start: number, end: number, out: Buffer, at: number): number {
  let to = at;
  for (let index = start; index < end; index += 1) {
    out[to] = from[index] ?? 0;
    to += 1;
  }
  return to;
}

function text(from: Buffer, start: number, end: number, out: Buffer, at: number): number {
  let to = at;
  for (let index = start; index < end; index += 1) {
    const byte = from[index] ?? 0;
    if (byte === comma || byte === quote || byte === lineFeed || byte === carriageReturn) {
      return quoted(from, start, end, out, at);
    }
    out[to] = byte;
    to += 1;
  }
  return start === end ? quoted(from, start, end, out, at) : to;
}

function quoted(from: Buffer, start: number, end: number, out: Buffer, at: number): number {
  let to = at;
  out[to] = quote;
  to += 1;
  for (let index = start; index < end; index += 1) {
    const byte = from[index] ?? 0;
    if (byte === quote) {
      out[to] = quote;
      to += 1;
    }
    out[to] = byte;
    to += 1;
  }
  out[to] = quote;
  return to + 1;
}

function hexadecimal(from: Buffer, start: number, end: number, out: Buffer, at: number): number {
  let to = at;
  out[to] = 0x5c;
  out[to + 1] = 0x78;
  to += 2;
  for (let index = start; index < end; index += 1) {
    const byte = from[index] ?? 0;
    out[to] = hexDigits[byte >> 4] ?? 0;
    out[to + 1] = hexDigits[byte & 15] ?? 0;
    to += 2;
  }
  return to;
}
