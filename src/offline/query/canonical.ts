import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { joinKey } from './joins.ts';
import type { Condition, Expression, Query, SelectQuery } from './tree.ts';

/**
 * A text that queries share which differ in form alone: in the order of tables and conditions, or in a joined table of
 * which nothing but the key is used that another table refers to.
 */
export function canonicalKey(schemaIndex: SchemaIndex, query: Query): string {
  if (query.kind === 'select') {
    return selectKey(schemaIndex, query);
  }
  return `${query.operator} ${selectKey(schemaIndex, query.left)} ${selectKey(schemaIndex, query.right)}`;
}

function selectKey(schemaIndex: SchemaIndex, query: SelectQuery): string {
  const { tables, pairs, stands } = withoutParents(schemaIndex, query);
  const column = (id: number): number => stands.get(id) ?? id;
  const expression = (item: Expression): string =>
    `${item.share === undefined ? '' : `share ${condition(item.share)} `}${item.aggregate ?? ''}${item.distinct ? '!' : ''}${item.column === null ? '*' : column(item.column)}${item.times === undefined ? '' : `*${item.times}`}${item.less === undefined ? '' : `-${item.less.column}`}${item.per === undefined ? '' : `/${column(item.per)}`}`;
  const condition = (part: Condition): string => {
    switch (part.kind) {
      case 'and':
      case 'or':
        return `${part.kind}(${part.conditions.map(condition).sort().join()})`;
      case 'columns':
        return `${column(part.left)} ${part.operator} column ${column(part.right)}`;
      case 'weekday':
        return `${column(part.column)} weekday ${part.day}`;
      case 'null':
        return `${column(part.column)} ${part.negated}`;
      case 'in':
        return `${column(part.column)} ${part.negated} (${selectKey(schemaIndex, part.query)})`;
      case 'scalar':
        return `${expression(part.left)} ${part.operator} (${selectKey(schemaIndex, part.query)})`;
      case 'between':
        return `${expression(part.left)} ${JSON.stringify([part.low, part.high])}`;
      case 'compare':
        return `${expression(part.left)} ${part.operator} ${JSON.stringify(part.right)}`;
    }
  };
  return [
    query.distinct,
    query.select.map(expression).sort().join(),
    [...tables].sort((a, b) => a - b).join(),
    [...pairs].sort().join(),
    query.where === null ? '' : condition(query.where),
    query.group
      .map(column)
      .sort((a, b) => a - b)
      .join(),
    query.having === null ? '' : condition(query.having),
    query.order.map(({ by, descending }) => `${expression(by)} ${descending}`).join(),
    query.limit,
    query.offset ?? 0,
    [...(query.within ?? [])].join(),
    [...(query.parts ?? [])].join(),
    [...(query.spelled ?? [])].join(),
  ].join(' | ');
}

/** The tables and key pairs that remain, and the columns that stand for those of tables left out. */
function withoutParents(
  schemaIndex: SchemaIndex,
  query: SelectQuery,
): { tables: Set<number>; pairs: Set<string>; stands: Map<number, number> } {
  const tables = new Set([query.from, ...query.joins.map((join) => join.table)]);
  const stands = new Map<number, number>();
  const used = usedColumns(query);
  let joins = query.joins.flatMap((join) => [join.on]);
  const tableOf = (id: number): number => schemaIndex.columns[id]?.table ?? -1;
  const star = query.select.some((item) => item.aggregate === null && item.column === null);
  for (const table of star ? [] : [...tables]) {
    const touching = joins.filter((on) =>
      on.some(([left, right]) => tableOf(left) === table || tableOf(right) === table),
    );
    const [only] = touching;
    if (touching.length !== 1 || only?.length !== 1) {
      continue;
    }
    const [left, right] = only[0] ?? [];
    if (left === undefined || right === undefined) {
      continue;
    }
    const [own, other] = tableOf(left) === table ? [left, right] : [right, left];
    const key = schemaIndex.columns[own];
    if (
      key === undefined ||
      !(key.unique || (key.primary && schemaIndex.tables[table]?.primaryKey.length === 1))
    ) {
      continue;
    }
    if ([...used].some((id) => tableOf(id) === table && id !== own)) {
      continue;
    }
    tables.delete(table);
    stands.set(own, other);
    joins = joins.filter((on) => on !== only);
  }
  const pairs = new Set(joins.map(joinKey));
  return { tables, pairs, stands };
}

function usedColumns(query: SelectQuery): Set<number> {
  const used = new Set<number>(query.group);
  const add = (item: Expression): void => {
    if (item.column !== null) {
      used.add(item.column);
    }
    if (item.per !== undefined) {
      used.add(item.per);
    }
    if (item.share !== undefined) {
      visit(item.share);
    }
  };
  const visit = (part: Condition): void => {
    if ('conditions' in part) {
      part.conditions.forEach(visit);
    } else if (part.kind === 'null' || part.kind === 'in' || part.kind === 'weekday') {
      used.add(part.column);
    } else if (part.kind === 'columns') {
      used.add(part.left);
      used.add(part.right);
    } else {
      add(part.left);
    }
  };
  query.select.forEach(add);
  for (const { by } of query.order) {
    add(by);
  }
  if (query.where !== null) {
    visit(query.where);
  }
  if (query.having !== null) {
    visit(query.having);
  }
  return used;
}
