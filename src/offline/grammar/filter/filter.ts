import type { Analysis } from '../../analysis/analysis.ts';
import type { Condition } from '../../query/tree.ts';
import { flagItems } from './flag.ts';
import { type Extra, type FilterItem, featuresOf } from './item.ts';
import { numberItems } from './number.ts';
import { periodItems } from './period.ts';
import { nullItems, scalarItems, withoutItems } from './related.ts';
import { textItems, valueItems } from './value.ts';

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
