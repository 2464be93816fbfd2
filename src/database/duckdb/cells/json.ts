/** A text as JSON has it. */
export function jsonText(text: string): string {
  return JSON.stringify(text);
}

/** A floating-point number as JSON has it; what JSON has no numeral for is a text. */
export function jsonNumber(value: number): string {
  if (Number.isFinite(value)) {
    return Number.isInteger(value) && Math.abs(value) < 1e21
      ? `${Object.is(value, -0) ? '-0' : value}.0`
      : String(value);
  }
  return `"${value}"`;
}
