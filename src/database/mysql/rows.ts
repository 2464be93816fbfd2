import type { Row, Value } from '../database.ts';
import { type Reading, readingOf } from './columns.ts';
import { readLength, type WireColumn } from './protocol.ts';
import type { RowDecoder } from './wire.ts';

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
        if (length < 0) row.push(null);
        else row.push(decode(bytes, next, next + length, reading));
        at = length < 0 ? next : next + length;
      }
      rows.push(row);
      if (rows.length < batchRows) return;
      full.push(rows);
      rows = [];
    },
    take() {
      const first = full.shift();
      if (first !== undefined) return first;
      if (rows.length === 0) return null;
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
  for (let at = start; at < end; at += 1) value = value * 256n + BigInt(bytes.readUInt8(at));
  return value.toString();
}

/** YEAR as a numeral: the server pads the year zero to `0000`. */
export function yearAsNumeral(bytes: Buffer, start: number, end: number): string {
  return String(Number(bytes.toString('latin1', start, end)));
}
