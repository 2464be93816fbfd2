import type { Condition } from '../query/tree.ts';
import type { FilterItem } from './filter/item.ts';

/** All conditions as one. */
export function conjunction(conditions: readonly Condition[]): Condition | null {
  const [first] = conditions;
  return first === undefined ? null : conditions.length === 1 ? first : { kind: 'and', conditions };
}

/** The column that a condition compares; null where it compares none. */
export const columnOf = (item: FilterItem): number | null =>
  item.condition.kind === 'compare' || item.condition.kind === 'between' || item.condition.kind === 'scalar'
    ? item.condition.left.column
    : null;

/** Whether a condition says what something is not. */
export const isNegative = (condition: Condition): boolean =>
  condition.kind === 'compare' && (condition.operator === '<>' || condition.operator === 'not like');

/** What a negative condition denies. */
export function positive(condition: Condition): Condition {
  return condition.kind !== 'compare' || !isNegative(condition)
    ? condition
    : { ...condition, operator: condition.operator === '<>' ? '=' : 'like' };
}

/** What conditions deny, all of it: several values of one column are alternatives, for a row has but one of them. */
export function denied(items: readonly FilterItem[]): Condition | null {
  const groups = new Map<number | FilterItem, Condition[]>();
  for (const item of items) {
    const condition = positive(item.condition);
    const valued =
      condition.kind === 'compare' && (condition.operator === '=' || condition.operator === 'like');
    const key = (valued ? columnOf(item) : null) ?? item;
    groups.set(key, [...(groups.get(key) ?? []), condition]);
  }
  return conjunction(
    [...groups.values()].map((conditions): Condition => {
      const [first] = conditions;
      return first !== undefined && conditions.length === 1 ? first : { kind: 'or', conditions };
    }),
  );
}
