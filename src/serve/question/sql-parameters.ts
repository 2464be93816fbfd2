import type { Parameter } from '../../database/admitted-statement.ts';

/** Values for the placeholders of SQL, as JSON has them: a number is its digits, however JSON writes it. */
export function sqlParameters(values: Readonly<Record<string, string | number>>): readonly Parameter[] {
  return Object.entries(values).map(([name, value]): Parameter => {
    if (typeof value === 'string') {
      return { name, value, type: 'text' };
    }
    return { name, value: digitsOf(value), type: Number.isSafeInteger(value) ? 'integer' : 'number' };
  });
}

/** The shortest digits that mean a number, without an exponent. */
function digitsOf(value: number): string {
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/u.exec(String(value)) ?? [];
  if (exponent === undefined) {
    return String(value);
  }
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) {
    return `${sign}0.${'0'.repeat(-point)}${digits}`;
  }
  return point >= digits.length
    ? sign + digits.padEnd(point, '0')
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
