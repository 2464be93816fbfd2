const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** Binary units, as memory is counted. */
const bytes: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
};

/** A timer of Node holds no more than this. */
const longest = 2 ** 31 - 1;

/** Milliseconds of `30s`, `1.5m`, `2h`, `500ms`, or a bare number of milliseconds; null where it is none, or not above zero. */
export function parseDuration(text: string): number | null {
  const value = measure(text, milliseconds);
  return value !== null && value <= longest ? value : null;
}

/** Bytes of `512MB`, `1.5 GB`, `64KiB`, or a bare number of bytes; null where it is none, or not above zero. */
export function parseSize(text: string): number | null {
  return measure(text.replace(/ib$/iu, 'b'), bytes);
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

function measure(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/iu.exec(text);
  if (match === null) return null;
  const [, number = '', unit = ''] = match;
  const factor = unit === '' ? 1 : units[unit.toLowerCase()];
  if (factor === undefined) return null;
  const value = Math.round(Number(number) * factor);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}
