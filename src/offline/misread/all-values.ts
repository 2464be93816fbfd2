import type { Analysis } from '../analysis/analysis.ts';
import type { SelectQuery } from '../query/tree.ts';

/**
 * `the average age of male and female students` asks for two numbers: one of the rows with any of the values that a column
 * has is that of all rows.
 */
export function oneForAllValues(
  { lookup, schemaIndex, tokens }: Analysis,
  { select, where, group }: SelectQuery,
): string | null {
  if (where?.kind !== 'or' || group.length > 0 || !select.some(({ aggregate }) => aggregate !== null)) {
    return null;
  }
  const columns = new Set<number | null>();
  const values = new Set<string>();
  for (const condition of where.conditions) {
    if (condition.kind !== 'compare' || condition.operator !== '=') {
      return null;
    }
    columns.add(condition.left.column);
    values.add(condition.right.kind === 'text' ? condition.right.text : String(condition.right.number));
  }
  const [only] = columns;
  const stored = columns.size === 1 && only != null ? (lookup.of(only) ?? []) : [];
  const isAll = stored.length > 1 && stored.every((value) => values.has(value));
  return isAll && tokens.some(({ lower }) => lower === 'and')
    ? `The question may ask for a number for each ${schemaIndex.columns[only ?? -1]?.name ?? ''}.`
    : null;
}
