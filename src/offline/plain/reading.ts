import type { DatePart } from '../../database/dialect.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { Aggregate, Condition, Expression } from '../query/tree.ts';
import type { IndexedTable } from '../schema-index/schema-index.ts';
import type { Names } from './names.ts';
import type { Path } from './paths.ts';

/** What the rules of plain questions know of the question, read as one about a table. */
export interface Context {
  readonly analysis: Analysis;
  readonly names: Names;
  /** The words in lower case, and in their dictionary form. */
  readonly lowers: readonly string[];
  readonly lemmas: readonly string[];
  readonly table: IndexedTable;
  readonly paths: ReadonlyMap<number, readonly Path[]>;
}

/** What rows are counted or worked out for each of. */
export type Grouping =
  | { readonly kind: 'column'; readonly column: number }
  /** `way` is how it is reached where there are several ways, by `departure_port_id` and by `arrival_port_id`. */
  | { readonly kind: 'table'; readonly table: number; readonly way?: Path }
  | { readonly kind: 'time'; readonly column: number; readonly part: DatePart };

/** How far a question has been read: all words before `at`. */
export interface Reading {
  readonly at: number;
  /** Whether the word for the rows themselves has been read. */
  readonly named: boolean;
  /** Whether that word says that there are several. */
  readonly plural: boolean;
  readonly asked: 'rows' | 'count' | Aggregate;
  /** Whether words said what is asked; a fragment says nothing of it. */
  readonly head: string | null;
  readonly measure: Expression | null;
  readonly shown: readonly number[];
  readonly conditions: readonly Condition[];
  /** The column of the last condition on a value, for `Leeds or York`. */
  readonly lastValue: number | null;
  readonly groups: readonly Grouping[];
  /** Where the words of the last group ended, for `by reason and vet`. */
  readonly lastGroup: number | null;
  readonly order: {
    readonly by: Expression;
    readonly descending: boolean;
    readonly joins: Path | null;
  } | null;
  readonly limit: number | null;
  readonly offset: number | null;
  /** What an order and its limit hold in each of, `of each customer`. */
  readonly within: Grouping | null;
  /** A word that turns the next condition round. */
  readonly negated: boolean;
  /** Whether the rows are those of a column, `which author`: each of its values once, and only by rank. */
  readonly ofEach: boolean;
  /** `with` and `have`: a thing that rows have comes next. */
  readonly having: boolean;
  /** Of a share: how many conditions say of what it is one, the others saying what it is; null where none is asked for. */
  readonly share: number | null;
  /** Of what a rate was asked for, `pass rate`: all conditions say of what it is one. */
  readonly rate: Condition | null;
  /** Whether words asked to compare two times, which must come yet. */
  readonly compares: boolean;
  readonly countCondition: Condition | null;
  /** The table whose rows a condition on groups counts. */
  readonly counted: Path | null;
  /** Whether a period without a verb was laid on the date of the rows themselves. */
  readonly dated: boolean;
  readonly lines: readonly string[];
  readonly cost: number;
}

/** A rule reads on from a place, in no way, one or several. */
export type Rule = (context: Context, reading: Reading) => readonly Reading[];

export const start: Reading = {
  at: 0,
  named: false,
  plural: false,
  asked: 'rows',
  head: null,
  measure: null,
  shown: [],
  conditions: [],
  lastValue: null,
  groups: [],
  lastGroup: null,
  order: null,
  limit: null,
  offset: null,
  within: null,
  negated: false,
  ofEach: false,
  having: false,
  share: null,
  rate: null,
  compares: false,
  countCondition: null,
  counted: null,
  dated: false,
  lines: [],
  cost: 0,
};

/** The words from a place up to, not including, another, as they were typed. */
export function typed({ analysis: { question, tokens } }: Context, from: number, to: number): string {
  const [first, last] = [tokens[from], tokens[Math.max(from, to - 1)]];
  const [start, end] = [first?.start ?? 0, last?.end ?? question.length];
  // Words of another language may stand in another order.
  return start < end
    ? question.slice(start, end)
    : question.slice(last?.start ?? 0, first?.end ?? question.length);
}

/** Read on up to `end`, with a line that says as what. */
export function readOn(
  context: Context,
  reading: Reading,
  end: number,
  means: string | null,
  changes: Partial<Reading> & { readonly more?: number } = {},
): Reading {
  const { more = 0, ...rest } = changes;
  return {
    ...reading,
    ...rest,
    at: end,
    cost: reading.cost + more,
    lines:
      means === null
        ? (rest.lines ?? reading.lines)
        : [...reading.lines, `${typed(context, reading.at, end)} → ${means}`],
  };
}
