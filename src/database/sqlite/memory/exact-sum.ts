import type SQLite from 'better-sqlite3';

/** A sum of decimals as an integer of units of ten to the power of `-scale`. */
interface Sum {
  count: number;
  units: bigint;
  scale: number;
  /** What is no decimal of few digits is added as floating-point numbers are. */
  rough: number | null;
}

/**
 * Replaces `sum` and `avg` by ones that add decimals as decimals: SQLite keeps them as floating-point numbers, whose sum
 * may differ from what the database would say in the last digits. `numerals` are those that are held rounded, by the number
 * that they are held as.
 */
export function addExactSums(connection: SQLite.Database, numerals: ReadonlyMap<number, string>): void {
  const decimalAt = (value: unknown): Decimal | null => decimalOf(Number(value), numerals);
  const start = (): Sum => ({ count: 0, units: 0n, scale: 0, rough: null });
  const step = (sum: Sum, value: unknown): Sum => add(sum, value, 1n, decimalAt);
  const inverse = (sum: Sum, value: unknown): Sum => add(sum, value, -1n, decimalAt);
  const shared = { start, step, inverse, safeIntegers: true, deterministic: true };
  connection.aggregate('sum', {
    ...shared,
    result: (sum) =>
      sum.count === 0 ? null : sum.scale === 0 && sum.rough === null ? whole(sum) : total(sum),
  });
  connection.aggregate('avg', {
    ...shared,
    result: (sum) => (sum.count === 0 ? null : total(sum) / sum.count),
  });
}

function add(sum: Sum, value: unknown, sign: 1n | -1n, decimalAt: (value: unknown) => Decimal | null): Sum {
  if (value === null) {
    return sum;
  }
  const decimal = typeof value === 'bigint' ? { units: value, scale: 0 } : decimalAt(value);
  sum.count += Number(sign);
  if (decimal === null) {
    sum.rough = (sum.rough ?? 0) + Number(sign) * Number(value);
    return sum;
  }
  const scale = Math.max(sum.scale, decimal.scale);
  sum.units = raised(sum.units, scale - sum.scale) + sign * raised(decimal.units, scale - decimal.scale);
  sum.scale = scale;
  return sum;
}

interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** The decimal that a floating-point number stands for: the numeral that it came from, or the shortest that reads back as it; null where that is long. */
function decimalOf(value: number, numerals: ReadonlyMap<number, string>): Decimal | null {
  const match = /^\+?(-?\d+)(?:\.(\d+))?$/u.exec(numerals.get(value) ?? String(value));
  if (match === null) {
    return null;
  }
  const [, before = '', after = ''] = match;
  return { units: BigInt(before + after), scale: after.length };
}

const raised = (units: bigint, by: number): bigint => units * 10n ** BigInt(by);

/** A whole sum; SQLite's own fails past 64 bits, where a floating-point number says more than nothing. */
function whole({ units }: Sum): bigint | number {
  return BigInt.asIntN(64, units) === units ? units : Number(units);
}

function total({ units, scale, rough }: Sum): number {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const text = `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
  return Number(scale === 0 ? String(units) : text) + (rough ?? 0);
}
