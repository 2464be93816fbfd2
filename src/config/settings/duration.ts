const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** Binary, as memory is counted. */
const bytes: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** A timer of Node holds no more. */
const longest = 2 ** 31 - 1;

/** `30s`, `500ms`, `2m` or a number of seconds, in milliseconds; null where it is none of these. */
export function parseDuration(text: string | number): number | null {
  const value = measure(String(text), milliseconds, 's');
  return value !== null && value <= longest ? value : null;
}

/** `512MB`, `2GiB` or a number of bytes, in bytes; null where it is none of these. */
export function parseSize(text: string | number): number | null {
  return measure(String(text).replace(/ib\s*$/iu, 'b'), bytes, 'b');
}

/** Milliseconds as a person writes them: `30s`, `1.5s`, `250ms`. */
export function formatDuration(value: number): string {
  return value < 1000 ? `${value}ms` : `${value / 1000}s`;
}

/** Bytes as a person writes them: `512MB`, or bare where no unit divides them. */
export function formatSize(value: number): string {
  const unit = (['gb', 'mb', 'kb'] as const).find((name) => value % (bytes[name] ?? 1) === 0);
  return unit === undefined ? String(value) : `${value / (bytes[unit] ?? 1)}${unit.toUpperCase()}`;
}

function measure(text: string, units: Readonly<Record<string, number>>, bare: string): number | null {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/iu.exec(text) ?? [];
  const factor = units[(unit === undefined || unit === '' ? bare : unit).toLowerCase()];
  if (number === undefined || factor === undefined) {
    return null;
  }
  const value = Math.round(Number(number) * factor);
  return value > 0 && Number.isSafeInteger(value) ? value : null;
}
