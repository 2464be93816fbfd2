import type { Condition, Expression, Query, SelectQuery } from '../query/tree.ts';

/** What is told of a query's form, whatever its tables and columns are. */
export const formHeads = [
  'columns',
  'aggregates',
  'grouped',
  'order',
  'having',
  'conditions',
  'shape',
  'distinct',
  'tables',
  'operators',
] as const;

export type FormHead = (typeof formHeads)[number];

/** The form of a query: a class for each head. */
export type Form = Readonly<Record<FormHead, string>>;

/** What a form is made of, however the query was read. */
export interface FormFacts {
  readonly columns: number;
  readonly star: boolean;
  /** Names of the aggregates among what is selected, `count!` where it is of distinct values. */
  readonly aggregates: readonly string[];
  readonly grouped: boolean;
  /** Of the first thing ordered by: its aggregate, direction and limit. */
  readonly order: {
    readonly aggregate: string | null;
    readonly descending: boolean;
    readonly limit: number | null;
  } | null;
  readonly having: { readonly aggregate: string | null; readonly operator: string } | null;
  readonly conditions: number;
  readonly operators: readonly string[];
  readonly shape: string;
  readonly distinct: boolean;
  readonly tables: number;
}

export function formFrom(facts: FormFacts): Form {
  const { order, having } = facts;
  const plain = facts.columns > facts.aggregates.length && facts.aggregates.length > 0 ? ' and columns' : '';
  const sort = (aggregate: string | null): string =>
    aggregate === null ? 'column' : aggregate.startsWith('count') ? 'count' : 'aggregate';
  const limit = (number: number | null): string => (number === null ? 'all' : number === 1 ? 'one' : 'some');
  return {
    columns: facts.star ? 'all' : String(Math.min(5, facts.columns)),
    aggregates: facts.aggregates.length === 0 ? 'none' : [...facts.aggregates].sort().join(' ') + plain,
    grouped: facts.grouped ? 'yes' : 'no',
    order:
      order === null
        ? 'none'
        : `${sort(order.aggregate)} ${order.descending ? 'down' : 'up'} ${limit(order.limit)}`,
    having: having === null ? 'none' : `${sort(having.aggregate)} ${having.operator}`,
    conditions: String(Math.min(4, facts.conditions)),
    shape: facts.shape,
    distinct: facts.distinct ? 'yes' : 'no',
    tables: String(Math.min(4, facts.tables)),
    operators: [...new Set(facts.operators)].sort().slice(0, 2).join(' ') || 'none',
  };
}

/** The form of the engine's own query. */
export function formOf(query: Query): Form {
  const main: SelectQuery = query.kind === 'set' ? query.left : query;
  const parts = main.where === null ? [] : atoms(main.where);
  const nested = parts.find((part) => part.kind === 'in' || part.kind === 'scalar');
  const [order] = main.order;
  return formFrom({
    columns: main.select.length,
    star: main.select.some((item) => item.aggregate === null && item.column === null),
    aggregates: main.select.flatMap((item) => nameOf(item) ?? []),
    grouped: main.group.length > 0,
    order:
      order === undefined
        ? null
        : { aggregate: nameOf(order.by), descending: order.descending, limit: main.limit },
    having: main.having === null ? null : havingOf(main.having),
    conditions: parts.length,
    operators: parts.flatMap((part) =>
      part.kind === 'compare' && part.operator !== '='
        ? [part.operator]
        : part.kind === 'between'
          ? ['between']
          : [],
    ),
    shape:
      query.kind === 'set'
        ? query.operator
        : nested?.kind === 'in'
          ? nested.negated
            ? 'not in'
            : 'in'
          : nested !== undefined
            ? 'scalar'
            : main.where !== null && hasOr(main.where)
              ? 'or'
              : 'plain',
    distinct: main.distinct,
    tables: 1 + main.joins.length,
  });
}

const nameOf = (item: Expression): string | null =>
  item.aggregate === null ? null : item.distinct ? `${item.aggregate}!` : item.aggregate;

function havingOf(condition: Condition): FormFacts['having'] {
  if (condition.kind === 'between') {
    return { aggregate: nameOf(condition.left), operator: 'between' };
  }
  return condition.kind === 'compare'
    ? { aggregate: nameOf(condition.left), operator: condition.operator }
    : null;
}

const atoms = (condition: Condition): Condition[] =>
  'conditions' in condition ? condition.conditions.flatMap(atoms) : [condition];

const hasOr = (condition: Condition): boolean =>
  'conditions' in condition && (condition.kind === 'or' || condition.conditions.some(hasOr));
