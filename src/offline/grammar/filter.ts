import type { Condition } from '../query/tree.ts';
import type { Analysis } from './analysis.ts';
import { flagItems } from './filter-flag.ts';
import { type Extra, type FilterItem, featuresOf } from './filter-item.ts';
import { nullItems, scalarItems, withoutItems } from './filter-nested.ts';
import { numberItems } from './filter-number.ts';
import { periodItems } from './filter-period.ts';
import { textItems, valueItems } from './filter-value.ts';

/** Every condition that the question may set. */
export function filterItems(analysis: Analysis): FilterItem[] {
  const items: FilterItem[] = [];
  const add = (
    condition: Condition,
    column: number | null,
    table: number,
    span: { start: number; end: number },
    extra: Extra,
    inner: number | null = null,
  ): void => {
    items.push({
      kind: extra.kind,
      condition,
      table,
      inner,
      start: span.start,
      end: span.end,
      sure: extra.sure ?? null,
      features: featuresOf(analysis, column, table, span, extra),
    });
  };
  valueItems(analysis, add);
  numberItems(analysis, add);
  periodItems(analysis, add);
  textItems(analysis, add);
  scalarItems(analysis, add);
  withoutItems(analysis, add);
  nullItems(analysis, add);
  flagItems(analysis, add);
  return items;
}
