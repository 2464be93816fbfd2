import type { SchemaIndex } from '../schema-index/schema-index.ts';
import type { Aggregate, Condition, Expression } from './tree.ts';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** How columns, expressions and conditions are said in words. */
export function spoken(schemaIndex: SchemaIndex) {
  const column = (id: number): string => {
    const entry = schemaIndex.columns[id];
    return entry === undefined ? '?' : `${schemaIndex.tables[entry.table]?.name ?? ''}.${entry.name}`;
  };
  /** What changes an amount and is not reckoned with: nobody is to take the sum for what was paid. */
  const leftOut = (price: number | null, less: Expression['less']): string => {
    const table = price === null ? undefined : schemaIndex.columns[price]?.table;
    const others = (schemaIndex.tables[table ?? -1]?.columns ?? []).filter(
      (id) =>
        id !== less?.column &&
        schemaIndex.columns[id]?.words.some((word) => /^(?:discount|rebate|refund|tax|vat)$/u.test(word)),
    );
    return others.length === 0 ? '' : ` (${others.map(column).join(', ')} left out)`;
  };
  const aggregates = {
    count: 'number of',
    avg: 'average',
    sum: 'sum of',
    min: 'lowest',
    max: 'highest',
  } as const;
  const expression = (item: Expression): string => {
    if (item.share !== undefined) {
      return `share in percent of the rows where ${condition(item.share)}`;
    }
    if (item.per !== undefined) {
      return `number of rows for each ${column(item.per)} on average`;
    }
    const one = item.column === null ? 'rows' : column(item.column);
    const inner =
      item.times === undefined
        ? one
        : `${column(item.times)} × ${one}${item.less === undefined ? '' : ` less ${column(item.less.column)}`}${leftOut(item.column, item.less)}`;
    return item.aggregate === null
      ? item.column === null
        ? 'all columns'
        : inner
      : `${aggregates[item.aggregate]} ${item.distinct ? 'different ' : ''}${inner}`;
  };
  const literal = (value: { kind: 'text'; text: string } | { kind: 'number'; number: number }): string =>
    value.kind === 'text' ? `'${value.text}'` : String(value.number);
  /** By which clock a column's days begin, where it is not the one that its values show. */
  const clock = (id: number | null): string => {
    const { stored = null, column: known } = schemaIndex.columns[id ?? -1] ?? {};
    return stored === 'seconds' || stored === 'milliseconds'
      ? ' in UTC'
      : known !== undefined && /\bwith time zone\b|^timestamptz\b/iu.test(known.type)
        ? ' in the time zone of the connection'
        : '';
  };
  const condition = (part: Condition): string => {
    switch (part.kind) {
      case 'compare':
        return `${expression(part.left)} ${part.operator} ${literal(part.right)}${part.right.kind === 'text' ? clock(part.left.column) : ''}`;
      case 'between':
        return `${expression(part.left)} between ${literal(part.low)} and ${literal(part.high)}`;
      case 'null':
        return `${column(part.column)} is ${part.negated ? 'not ' : ''}empty`;
      case 'columns':
        return `${column(part.left)} ${part.operator} ${column(part.right)}`;
      case 'weekday':
        return `${column(part.column)} falls on a ${weekdays[part.day] ?? ''}${clock(part.column)}`;
      case 'scalar':
        return `${expression(part.left)} ${part.operator} the ${part.query.select.map(expression).join(', ')}`;
      case 'in':
        return `${column(part.column)} is ${part.negated ? 'not ' : ''}among ${part.query.select.map(expression).join(', ')}${part.query.where === null ? '' : ` where ${condition(part.query.where)}`}`;
      case 'and':
      case 'or':
        return part.conditions.map(condition).join(` ${part.kind} `);
    }
  };
  return { column, expression, condition, clock, aggregate: (name: Aggregate): string => aggregates[name] };
}
