import type { Parameter } from '../admitted-statement.ts';

/** What the driver takes for the placeholders of a statement; nothing where it has none. */
export function boundValues(
  values: readonly Parameter[],
): readonly Record<string, string | number | bigint>[] {
  return values.length === 0
    ? []
    : [Object.fromEntries(values.map((parameter) => [parameter.name, boundValue(parameter)]))];
}

/** SQLite compares by a value's own type: what was an integer in the statement is bound as one. */
function boundValue({ value, type }: Parameter): string | number | bigint {
  if (type === 'text') return value;
  return type === 'integer' ? BigInt(value) : Number(value);
}
