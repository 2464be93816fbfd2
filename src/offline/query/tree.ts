import type { DatePart } from '../../database/dialect.ts';

/** The engine's own syntax tree of a query. Columns and tables are numbers of the schema index. */

export const aggregates = ['count', 'sum', 'avg', 'min', 'max'] as const;

export type Aggregate = (typeof aggregates)[number];

export const dateParts: readonly DatePart[] = ['year', 'quarter', 'month', 'week', 'day'];

/** A column, or `*` where `column` is null, perhaps multiplied by another one of its table, perhaps aggregated. */
export interface Expression {
  readonly aggregate: Aggregate | null;
  readonly distinct: boolean;
  readonly column: number | null;
  readonly times?: number;
  /** A discount that is taken off: a column, and of how much its values are parts, 1 or 100. */
  readonly less?: { readonly column: number; readonly of: 1 | 100 };
  /** The key by whose different values the number of rows that have one is divided; `column` is null then. */
  readonly per?: number;
  /** What holds of the rows of which the average is the share, in percent; `column` is null then. */
  readonly share?: Condition;
}

export const comparisons = ['=', '<>', '<', '>', '<=', '>=', 'like', 'not like'] as const;

export type Comparison = (typeof comparisons)[number];

export type Literal =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number };

export type Condition =
  | {
      readonly kind: 'compare';
      readonly left: Expression;
      readonly operator: Comparison;
      readonly right: Literal;
    }
  | { readonly kind: 'between'; readonly left: Expression; readonly low: Literal; readonly high: Literal }
  | { readonly kind: 'null'; readonly column: number; readonly negated: boolean }
  /** Two columns of a row, compared with each other. */
  | { readonly kind: 'columns'; readonly left: number; readonly operator: Comparison; readonly right: number }
  /** Rows whose date falls on a day of the week, 0 for Sunday. */
  | { readonly kind: 'weekday'; readonly column: number; readonly day: number }
  /** A comparison with the one value that a query returns. */
  | {
      readonly kind: 'scalar';
      readonly left: Expression;
      readonly operator: Comparison;
      readonly query: SelectQuery;
    }
  /** Membership in the rows of a query of one column. */
  | { readonly kind: 'in'; readonly column: number; readonly negated: boolean; readonly query: SelectQuery }
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] };

/** One step of a join: the table added, and the pairs of columns that must be equal. */
export interface Join {
  readonly table: number;
  readonly on: readonly (readonly [number, number])[];
}

export interface SelectQuery {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly select: readonly Expression[];
  readonly from: number;
  readonly joins: readonly Join[];
  readonly where: Condition | null;
  readonly group: readonly number[];
  readonly having: Condition | null;
  readonly order: readonly { readonly by: Expression; readonly descending: boolean }[];
  readonly limit: number | null;
  /** How many rows of the order are passed over before the first. */
  readonly offset?: number;
  /** Columns that make groups: `limit` is then the places that are taken in each, by `order`; rows that tie share a place. */
  readonly within?: readonly number[];
  /** Date columns of which a part alone is shown, grouped and ordered by; conditions see them whole. */
  readonly parts?: ReadonlyMap<number, DatePart>;
  /** Columns of text that are shown and grouped without regard to case and blanks around them. */
  readonly spelled?: ReadonlySet<number>;
}

export type SetOperator = 'union' | 'intersect' | 'except';

export interface SetQuery {
  readonly kind: 'set';
  readonly operator: SetOperator;
  readonly left: SelectQuery;
  readonly right: SelectQuery;
}

export type Query = SelectQuery | SetQuery;

/** A column as an expression. */
export function plain(column: number): Expression {
  return { aggregate: null, distinct: false, column };
}

/** The same text for expressions that mean the same. */
export function expressionKey({ aggregate, distinct, column, times, less, per, share }: Expression): string {
  return `${aggregate} ${distinct} ${column} ${times}${less === undefined ? '' : ` less ${less.column}`}${per === undefined ? '' : ` per ${per}`}${share === undefined ? '' : ` ${JSON.stringify(share)}`}`;
}

/** All rows of a table, with some expressions of each. */
export function selectFrom(from: number, select: readonly Expression[]): SelectQuery {
  return {
    kind: 'select',
    distinct: false,
    select,
    from,
    joins: [],
    where: null,
    group: [],
    having: null,
    order: [],
    limit: null,
  };
}

/** `COUNT(*)`. */
export const countAll: Expression = { aggregate: 'count', distinct: false, column: null };
