import type { ResultColumn, Value } from '../result.ts';

/** One value as text, exact; null for NULL. Bytes are written as PostgreSQL writes them, `\x` and hexadecimal digits. */
export function valueText(value: Value, column: ResultColumn): string | null {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return column.kind === 'real' || column.kind === 'any' ? realText(value) : String(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value === null
        ? null
        : `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  }
}

/** The shortest digits that mean this very number, as JavaScript finds them, with `.0` where it is whole. */
function realText(value: number): string {
  if (Object.is(value, -0)) {
    return '-0.0';
  }
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

/** Whether a value is a number to align right and to write bare in JSON. */
export function isNumeral(value: Value, column: ResultColumn): boolean {
  if (typeof value === 'number') {
    return Number.isFinite(value);
  }
  if (typeof value === 'bigint') {
    return true;
  }
  return typeof value === 'string' && column.kind === 'number' && jsonNumber.test(value);
}

/** A numeral as JSON allows it; `NaN`, `Infinity` and `007` are none. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;
