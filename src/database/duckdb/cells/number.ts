/** The text of a floating-point number as DuckDB casts it: fixed between 1e-4 and 1e16, with an exponent of two digits else. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) {
    return 'nan';
  }
  if (!Number.isFinite(value)) {
    return value < 0 ? '-inf' : 'inf';
  }
  if (value === 0) {
    return Object.is(value, -0) ? '-0.0' : '0.0';
  }
  const [, sign = '', digits = '', exponent = ''] =
    /^(-?)([\d.]+)e([+-]\d+)$/u.exec(value.toExponential()) ?? [];
  const power = Number(exponent);
  if (power >= -4 && power < 16) {
    return fixed(sign, digits.replace('.', ''), power);
  }
  const size = String(Math.abs(power)).padStart(2, '0');
  return `${sign}${digits}e${power < 0 ? '-' : '+'}${size}`;
}

function fixed(sign: string, digits: string, power: number): string {
  if (power < 0) {
    return `${sign}0.${'0'.repeat(-power - 1)}${digits}`;
  }
  const whole = digits.slice(0, power + 1).padEnd(power + 1, '0');
  return `${sign}${whole}.${digits.slice(power + 1) || '0'}`;
}

/** The double whose shortest digits are those of a FLOAT: 0.1 and not 0.10000000149011612. */
export function shortestFloat(value: number): number {
  if (!Number.isFinite(value) || value === 0) {
    return value;
  }
  for (let digits = 1; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) {
      return rounded;
    }
  }
  return Number(value.toPrecision(9));
}

/** The text of a decimal of `scale` digits behind the point. */
export function decimalText(units: bigint | number, scale: number): string {
  if (scale === 0) {
    return String(units);
  }
  const isNegative = units < 0;
  const digits = String(isNegative ? -units : units).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${isNegative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * A BIGNUM: three bytes of header, whose first bit says that it is positive, then the magnitude, the highest byte first;
 * all bits are inverted where it is negative.
 */
export function bigNumber(bytes: Uint8Array): bigint {
  const isPositive = ((bytes[0] ?? 0) & 0x80) !== 0;
  const hex = Buffer.from(bytes.subarray(3).map((byte) => (isPositive ? byte : byte ^ 0xff))).toString('hex');
  const magnitude = BigInt(`0x${hex === '' ? '0' : hex}`);
  return isPositive ? magnitude : -magnitude;
}

/** An integer as a number where it is safe. */
export function integer(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
