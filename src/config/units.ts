import { SqlqError } from '../errors.ts';

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};
const bytes: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** `30s`, `500ms`, `2m` or a number of seconds, in milliseconds; null where it is none of these. */
export function toMilliseconds(text: string | number): number | null {
  return toUnit(String(text), milliseconds, 's');
}

/** `512MB`, `2GB` or a number of bytes, in bytes; null where it is none of these. */
export function toBytes(text: string | number): number | null {
  return toUnit(String(text), bytes, 'b');
}

function toUnit(text: string, units: Readonly<Record<string, number>>, bare: string): number | null {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/iu.exec(text) ?? [];
  const factor = units[(unit === undefined || unit === '' ? bare : unit).toLowerCase()];
  if (number === undefined || factor === undefined) return null;
  const value = Math.round(Number(number) * factor);
  return value > 0 && Number.isSafeInteger(value) ? value : null;
}

/** A flag's or a variable's number, at least `least`. Throws a SqlqError `usage` that names it. */
export function parseNumber(name: string, text: string, least: number): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(number) && number >= least) return number;
  throw new SqlqError('usage', `${name} takes a number from ${least} up, and got "${text}".`);
}
