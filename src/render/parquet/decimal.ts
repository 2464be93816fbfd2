/** A decimal of Parquet, and of most that read it, has so many digits. */
export const mostDigits = 38;

const numeral = /^(-?)(\d+)(?:\.(\d+))?$/u;

/** How many digits stand behind the point. */
export function digitsOf(text: string): number {
  return numeral.exec(text)?.[3]?.length ?? 0;
}

/** A numeral as a whole number of the last of `scale` digits behind the point; null where it is none, or has no room. */
export function decimalOf(text: string, precision: number, scale: number): bigint | null {
  const [whole, sign = '', before = '', behind = ''] = numeral.exec(text) ?? [];
  if (whole === undefined || /[1-9]/u.test(behind.slice(scale))) {
    return null;
  }
  const digits = BigInt(`${before}${behind.slice(0, scale).padEnd(scale, '0')}`);
  return digits < 10n ** BigInt(precision) ? (sign === '-' ? -digits : digits) : null;
}
