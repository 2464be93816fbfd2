import type { Table } from '../schema.ts';

/** Fewer tables of the same columns than this are told one by one. */
const leastFamily = 3;

/**
 * The tables by what they have in common: those with the same columns and keys, such as `log_2023` and `log_2024` or what
 * inherits from one parent, are one family, told once. Each family is a list of places; most have one table.
 */
export function familiesOf(tables: readonly Table[]): readonly (readonly number[])[] {
  const families = new Map<string, number[]>();
  for (const [place, table] of tables.entries()) {
    const shape = JSON.stringify([
      table.schema,
      table.kind,
      table.columns.map(({ name, type }) => [name, type]),
      table.primaryKey,
      table.foreignKeys,
    ]);
    families.set(shape, [...(families.get(shape) ?? []), place]);
  }
  return [...families.values()].flatMap((family) =>
    family.length < leastFamily ? family.map((place) => [place]) : [family],
  );
}
