import type { Analysis } from '../analysis/analysis.ts';
import type { Candidate } from '../grammar/candidate.ts';
import type { NameMention } from '../link/mention.ts';
import type { SelectQuery } from '../query/tree.ts';

const weightless = new Set(
  'please of the a an is are was were do does did have has had be been in on at to for from by with and or what which who whom that this these those there their its his her all any some me us i we you it they find list show give return display tell many much how also as than not no each every whose where when if name names id number ordered order sorted by having different distinct whichever together'.split(
    ' ',
  ),
);

/** Words that ask for a column whatever stands around them. */
const asked: ReadonlySet<string> = new Set(
  'name id title code date type address phone email age year price first last description detail'.split(' '),
);

/** What of a question a candidate does not speak to, as numbers of places or words. */
export interface Open {
  readonly tables: number;
  readonly columns: number;
  readonly values: number;
  readonly numbers: number;
  readonly words: number;
  readonly capitals: number;
  readonly quoted: number;
  /** Words such as `name` and `date`, which ask for a column. */
  readonly labels: number;
}

/** The columns that a candidate shows, orders by or sets conditions on. */
export function usedColumns(candidate: Candidate, main: SelectQuery): ReadonlySet<number> {
  const used = new Set<number>();
  for (const item of main.select) {
    if (item.column !== null) {
      used.add(item.column);
    }
  }
  for (const item of candidate.filter.items) {
    const condition = item.condition;
    if (condition.kind === 'compare' || condition.kind === 'between' || condition.kind === 'scalar') {
      if (condition.left.column !== null) {
        used.add(condition.left.column);
      }
    }
    if (condition.kind === 'null') {
      used.add(condition.column);
    }
  }
  if (candidate.order.item.by?.column != null) {
    used.add(candidate.order.item.by.column);
  }
  if (candidate.having.item.left?.column != null) {
    used.add(candidate.having.item.left.column);
  }
  return used;
}

/** Counts what is left open of a question. */
export function openIn(
  analysis: Analysis,
  candidate: Candidate,
  main: SelectQuery,
  used: ReadonlySet<number>,
): Open {
  const covered = new Set<number>();
  const cover = (span: { readonly start: number; readonly end: number }): void => {
    for (let index = Math.max(0, span.start); index < span.end; index++) {
      covered.add(index);
    }
  };
  for (const item of candidate.select.items) {
    cover(item);
  }
  for (const item of candidate.filter.items) {
    cover(item);
  }
  if (candidate.order.item.by !== null) {
    cover(candidate.order.item);
  }
  if (candidate.having.item.left !== null) {
    cover(candidate.having.item);
  }
  for (const mention of analysis.columns) {
    if (used.has(mention.id) && isStrong(analysis, mention)) {
      cover(mention);
    }
  }
  const tables = new Set(candidate.tables);
  for (const item of candidate.filter.items) {
    if (item.inner !== null) {
      tables.add(item.inner);
    }
  }
  for (const mention of analysis.tables) {
    if (tables.has(mention.id) && isStrong(analysis, mention)) {
      cover(mention);
    }
  }
  const open = (span: { readonly start: number; readonly end: number }): boolean => {
    for (let index = span.start; index < span.end; index++) {
      if (!covered.has(index)) {
        return true;
      }
    }
    return false;
  };
  const strongTables = new Set<number>();
  for (const mention of analysis.tables) {
    if (mention.score >= 0.8 && open(mention)) {
      strongTables.add(mention.start);
    }
  }
  const openColumns = new Set<number>();
  for (const mention of analysis.columns) {
    if (mention.score >= 0.8 && open(mention)) {
      openColumns.add(mention.start);
    }
  }
  const openValues = new Set<number>();
  for (const mention of analysis.values) {
    if (mention.match === 'exact' && open(mention)) {
      openValues.add(mention.start);
    }
  }
  const openLabels = analysis.tokens.filter(
    (token, index) => asked.has(token.lemma) && !covered.has(index),
  ).length;
  for (const cue of analysis.cues) {
    if (cue.cue !== 'comma') {
      for (let index = cue.start; index < cue.end; index++) {
        covered.add(index);
      }
    }
  }
  let openNumbers = 0;
  let openWords = 0;
  let openCapitals = 0;
  let openQuoted = 0;
  analysis.tokens.forEach((token, index) => {
    if (token.kind === 'mark') {
      return;
    }
    if (token.kind === 'quoted' && !covered.has(index)) {
      openQuoted++;
    }
    if (token.number !== null) {
      if (
        !covered.has(index) &&
        token.number !== main.limit &&
        (token.kind === 'number' || token.number > 1)
      ) {
        openNumbers++;
      }
      return;
    }
    if (covered.has(index) || weightless.has(token.lower)) {
      return;
    }
    openWords++;
    if (index > 0 && /^\p{Lu}/u.test(token.text)) {
      openCapitals++;
    }
  });
  return {
    tables: strongTables.size,
    columns: openColumns.size,
    values: openValues.size,
    numbers: openNumbers,
    words: openWords,
    capitals: openCapitals,
    quoted: openQuoted,
    labels: openLabels,
  };
}

/** Whether no other name fits the same words much better. */
export function isStrong(analysis: Analysis, mention: NameMention): boolean {
  if (mention.score >= 0.75) {
    return true;
  }
  const better = (other: NameMention): boolean =>
    other.start < mention.end && mention.start < other.end && other.score > mention.score + 0.1;
  return !analysis.columns.some(better) && !analysis.tables.some(better);
}
