import type { Analysis } from '../analysis/analysis.ts';
import type { JoinGraph } from '../query/joins.ts';
import type { Condition, SelectQuery } from '../query/tree.ts';
import { tablesOf } from './reach.ts';

/** A query while a follow-up changes it, and which words of the follow-up have been read. */
export interface Draft {
  readonly analysis: Analysis;
  readonly graph: JoinGraph;
  readonly query: SelectQuery;
  /** Tokens that have been read. */
  readonly read: ReadonlySet<number>;
  /** What changed, a line a change. */
  readonly lines: readonly string[];
  /** Lines that the user has rejected. */
  readonly rejected: readonly string[];
  /** How many other readings of the same words were as good; 0 where the words have one. */
  readonly doubt: number;
}

export function makeDraft(
  analysis: Analysis,
  graph: JoinGraph,
  query: SelectQuery,
  rejected: readonly string[],
): Draft {
  return { analysis, graph, query, read: new Set(), lines: [], rejected, doubt: 0 };
}

/** A stretch of tokens, `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The draft with a change made; null where the user has rejected that very change. */
export function changed(
  draft: Draft,
  spans: readonly Span[],
  line: string,
  query: Partial<SelectQuery>,
): Draft | null {
  const text = `${spans.map((span) => wordsOf(draft.analysis, span)).join(' … ')} → ${line}`;
  if (draft.rejected.includes(text)) {
    return null;
  }
  const read = new Set(draft.read);
  for (const { start, end } of spans) {
    for (let index = start; index < end; index++) {
      read.add(index);
    }
  }
  return { ...draft, query: { ...draft.query, ...query }, read, lines: [...draft.lines, text] };
}

export function wordsOf(analysis: Analysis, { start, end }: Span): string {
  const first = analysis.tokens[start];
  const last = analysis.tokens[end - 1];
  return first === undefined || last === undefined ? '' : analysis.question.slice(first.start, last.end);
}

/** Words that say nothing beyond that this builds on what was before. */
const fillers = new Set(
  `a an the of in on at to for from by with and is are was were be do does did have has had what which who whom whose
  that this these those there their its his her our your my it they them he she we you i me us how show list give get
  find display see please as if then than so such also only just instead now ok okay but same again too about ones one
  filter filtered restrict limit results result rows row where want like can could would let lets us rather query answer
  add include including included plus well as make turn keep narrow down , . ! ? : ;`.split(/\s+/u),
);

/** Whether every word that says something has been read. */
export function isRead({ analysis, query, read }: Draft): boolean {
  const tables = tablesOf(query);
  const known = (index: number): boolean =>
    analysis.tables.some(
      ({ id, start, end, score }) => score >= 0.8 && tables.includes(id) && start <= index && index < end,
    );
  return analysis.tokens.every((token, index) => read.has(index) || fillers.has(token.lower) || known(index));
}

/** The first stretch of unread tokens whose words match, joined by blanks; its match too. */
export function findWords(
  draft: Draft,
  pattern: RegExp,
): (Span & { readonly match: RegExpExecArray }) | null {
  const { tokens } = draft.analysis;
  const places: number[] = [];
  let text = '';
  for (const token of tokens) {
    places.push(text.length);
    text += `${token.lower} `;
  }
  const match = pattern.exec(text);
  if (match === null) {
    return null;
  }
  const from = match.index + match[0].length - match[0].trimStart().length;
  const start = places.findLastIndex((place) => place <= from);
  const end = places.findLastIndex((place) => place < match.index + match[0].trimEnd().length) + 1;
  for (let index = start; index < end; index++) {
    if (draft.read.has(index)) {
      return null;
    }
  }
  return { start, end, match };
}

/** Conditions joined by AND, flat; null for none. */
export function allOf(conditions: readonly Condition[]): Condition | null {
  const flat = conditions.flatMap((condition) =>
    condition.kind === 'and' ? condition.conditions : [condition],
  );
  const [first] = flat;
  if (first === undefined) {
    return null;
  }
  return flat.length === 1 ? first : { kind: 'and', conditions: flat };
}

/** The conditions that a query sets, each by itself. */
export function conditionsOf(where: Condition | null): readonly Condition[] {
  if (where === null) {
    return [];
  }
  return where.kind === 'and' ? where.conditions : [where];
}

/** The only column that a condition is about, of rows elsewhere too; null where it is about several. */
export function columnOf(condition: Condition): number | null {
  switch (condition.kind) {
    case 'compare':
    case 'between':
    case 'scalar':
      return condition.left.aggregate === null ? condition.left.column : null;
    case 'null':
    case 'weekday':
      return condition.column;
    case 'columns':
      return null;
    case 'in':
      return condition.negated || condition.query.where === null ? null : columnOf(condition.query.where);
    case 'and':
    case 'or': {
      const columns = new Set(condition.conditions.map(columnOf));
      const [only] = columns;
      return columns.size === 1 ? (only ?? null) : null;
    }
  }
}

export function columnName({ schemaIndex }: Analysis, id: number): string {
  const column = schemaIndex.columns[id];
  return column === undefined ? '' : `${schemaIndex.tables[column.table]?.name ?? ''}.${column.name}`;
}
