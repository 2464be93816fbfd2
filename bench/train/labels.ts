import type { FilterItem } from '../../src/offline/grammar/filter/item.ts';
import type { HavingItem } from '../../src/offline/grammar/having.ts';
import type { OrderItem } from '../../src/offline/grammar/order.ts';
import type { SelectItem } from '../../src/offline/grammar/select.ts';
import type { Expression, Literal } from '../../src/offline/query/tree.ts';
import type { SchemaIndex } from '../../src/offline/schema-index/schema-index.ts';
import { columnClasses, type GoldParts } from './gold.ts';

/** Says of each item whether the gold query has it. */
export function labeller(schemaIndex: SchemaIndex, gold: GoldParts) {
  const classOf = columnClasses(schemaIndex);
  const expression = (item: Expression): string => {
    const column = item.column === null ? '*' : String(classOf(item.column));
    return item.aggregate === null
      ? column
      : `${item.aggregate}(${item.distinct ? 'distinct ' : ''}${column})`;
  };
  const literal = (value: Literal): string =>
    value.kind === 'number' ? String(value.number) : value.text.toLowerCase();
  const condition = (item: FilterItem): string => {
    const c = item.condition;
    if (c.kind === 'compare') {
      return `${expression(c.left)} ${c.operator} ${literal(c.right)}`;
    }
    if (c.kind === 'between') {
      return `${expression(c.left)} between ${literal(c.low)} ${literal(c.high)}`;
    }
    if (c.kind === 'null') {
      return `${classOf(c.column)} ${c.negated ? 'notnull' : 'null'}`;
    }
    if (c.kind === 'scalar') {
      return `${expression(c.left)} ${c.operator} scalar ${c.query.select.map(expression).join()}`;
    }
    return '';
  };
  return {
    selectText: (item: SelectItem) => expression(item.expression),
    filterText: condition,
    orderText: (item: OrderItem) =>
      item.by === null
        ? ''
        : `${expression(item.by)} ${item.descending ? 'desc' : 'asc'} ${item.limit ?? 'all'}`,
    select: (item: SelectItem): boolean => gold.select.has(expression(item.expression)),
    filter: (item: FilterItem): boolean => {
      if (item.condition.kind === 'in') {
        const column = String(classOf(item.condition.column));
        for (const text of gold.filter) {
          const parts = text.split(' ');
          if (
            parts[0] === 'notin' &&
            parts[1] === column &&
            (parts[3] ?? '').split(',').includes(String(item.inner))
          ) {
            return true;
          }
        }
        return gold.kind === 'except' && item.inner !== null && gold.exceptTables.has(item.inner);
      }
      const text = condition(item);
      if (gold.filter.has(text)) {
        return true;
      }
      return (
        gold.kind === 'except' &&
        item.kind === 'valueNot' &&
        gold.exceptFilter.has(text.replace(' <> ', ' = '))
      );
    },
    order: (item: OrderItem): boolean =>
      item.by === null
        ? gold.order === ''
        : gold.order === `${expression(item.by)} ${item.descending ? 'desc' : 'asc'} ${item.limit ?? 'all'}`,
    having: (item: HavingItem): boolean => {
      if (item.left === null || item.right === null) {
        return gold.having === '';
      }
      const left = expression(item.left);
      return (
        gold.having ===
        (item.high === null
          ? `${left} ${item.operator} ${literal(item.right)}`
          : `${left} between ${literal(item.right)} ${literal(item.high)}`)
      );
    },
  };
}
