import type { Analysis } from '../analysis/analysis.ts';
import type { Choice, Parts, Scored, Seed } from './candidate.ts';
import type { FilterItem } from './filter/item.ts';
import type { SelectItem } from './select.ts';
import { overlap, tiny } from './subsets.ts';

/**
 * Seeds in which items were exchanged for others on the same words, so that all are of one table: `name` and `city` of
 * the same thing rather than of two.
 */
export function coherent(analysis: Analysis, parts: Parts, seed: Seed): Seed[] {
  const tableOf = (item: SelectItem | FilterItem): number | null => {
    if ('condition' in item) {
      return item.inner === null ? item.table : null;
    }
    return item.expression.column === null
      ? null
      : (analysis.schemaIndex.columns[item.expression.column]?.table ?? null);
  };
  const tables = new Set([...seed.select.items, ...seed.filter.items].flatMap((item) => tableOf(item) ?? []));
  const orderTable =
    seed.order.item.by?.column == null
      ? null
      : (analysis.schemaIndex.columns[seed.order.item.by.column]?.table ?? null);
  if (orderTable !== null) {
    tables.add(orderTable);
  }
  if (tables.size < 2) {
    return [];
  }
  return [...tables].flatMap((table) => {
    const swap = <Item extends SelectItem | FilterItem>(
      choice: Choice<Item>,
      scored: readonly Scored<Item>[],
    ): Choice<Item> => {
      let score = choice.score;
      const items = choice.items.map((item) => {
        const own = tableOf(item);
        if (own === null || own === table) {
          return item;
        }
        let best: Scored<Item> | null = null;
        for (const other of scored) {
          if (
            tableOf(other.item) === table &&
            overlap(other.item, item) &&
            sameUse(other.item, item) &&
            other.probability > (best?.probability ?? 0.004)
          ) {
            best = other;
          }
        }
        if (best === null) {
          return item;
        }
        const before = scored.find((other) => other.item === item)?.probability ?? 1;
        score += Math.log(Math.max(tiny, best.probability)) - Math.log(Math.max(tiny, before));
        return best.item;
      });
      return { items, score };
    };
    const select = swap(seed.select, parts.select);
    const filter = swap(seed.filter, parts.filter);
    return [
      {
        ...seed,
        select,
        filter,
        score: seed.score + select.score - seed.select.score + filter.score - seed.filter.score,
      },
    ];
  });
}

/** Whether two items do the same with different columns. */
function sameUse(a: SelectItem | FilterItem, b: SelectItem | FilterItem): boolean {
  if ('condition' in a || 'condition' in b) {
    if (!('condition' in a && 'condition' in b) || a.kind !== b.kind) {
      return false;
    }
    return (
      a.condition.kind !== 'compare' ||
      b.condition.kind !== 'compare' ||
      a.condition.operator === b.condition.operator
    );
  }
  return a.expression.aggregate === b.expression.aggregate && a.expression.distinct === b.expression.distinct;
}
