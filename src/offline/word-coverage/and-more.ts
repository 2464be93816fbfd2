import type { Analysis } from '../analysis/analysis.ts';
import type { Candidate } from '../grammar/candidate.ts';
import type { NameMention } from '../link/mention.ts';
import type { SelectQuery } from '../query/tree.ts';

/**
 * The tokens that ask to see one thing more, which the query does not show: `the names of members and of branches`, `all
 * allergies and their types`.
 */
export function notShownToo(analysis: Analysis, candidate: Candidate): readonly number[] {
  if (candidate.query.kind === 'set') {
    return [];
  }
  return analysis.tokens.flatMap(({ lower }, index) =>
    lower === 'and' || lower === ','
      ? [...otherTable(analysis, candidate, index), ...whatIsTheirs(analysis, candidate, index)]
      : [],
  );
}

/** `of members and branches`, where nothing of the branches is shown. */
function otherTable({ schemaIndex, tables, tokens }: Analysis, candidate: Candidate, and: number): number[] {
  const { select } = candidate;
  const shown = select.items.flatMap(({ expression: { column } }) =>
    column === null ? [] : (schemaIndex.columns[column]?.table ?? []),
  );
  let next = and + 1;
  while (/^(?:the|of|for|all|names?|also)$/u.test(tokens[next]?.lower ?? '')) {
    next++;
  }
  const isSure = ({ weakest }: NameMention): boolean => weakest >= 0.95;
  const before = tables.filter(
    (mention) => isSure(mention) && mention.end === and && shown.includes(mention.id),
  );
  const after = tables.filter((mention) => isSure(mention) && mention.start === next);
  const [first] = before;
  if (first === undefined || after.length === 0) {
    return [];
  }
  let lead = first.start - 1;
  while (/^(?:the|all|each|every|both)$/u.test(tokens[lead]?.lower ?? '')) {
    lead--;
  }
  const ofShown =
    tokens[lead]?.lower === 'of' &&
    select.items.some(({ start, end }) => start >= 0 && end > start && end === lead);
  const ends = after.some(
    ({ end }) => /^(?:[.?!]|)$/u.test(tokens[end]?.lower ?? '') || !isNoun(tokens[end]?.lower),
  );
  return ofShown && ends && !after.some(({ id }) => shown.includes(id)) ? [next] : [];
}

const isNoun = (word: string | undefined): boolean => /^(?:names?|ids?|codes?|titles?)$/u.test(word ?? '');

/** `and their types`, where nothing that is shown or ordered by stands there. */
function whatIsTheirs({ tokens }: Analysis, candidate: Candidate, and: number): number[] {
  const of = tokens[and + 1]?.lower ?? '';
  if (!/^(?:their|its)$/u.test(of) || tokens[and + 2]?.kind !== 'word') {
    return [];
  }
  const { filter, order, select } = candidate;
  const counts = select.items.some(
    ({ expression }) => expression.aggregate !== null && expression.column === null,
  );
  const isThere = [...select.items, ...filter.items, order.item].some(
    ({ start, end }) => start >= 0 && end > and + 2 && start <= and + 5,
  );
  return isThere || counts ? [] : [and + 2];
}

/** The `much` of `how much` where a query shows no number. */
export function noAmount({ schemaIndex, tokens }: Analysis, { select }: SelectQuery): readonly number[] {
  const isNumber = select.some(
    ({ aggregate, column }) => aggregate !== null || schemaIndex.columns[column ?? -1]?.class === 'number',
  );
  return isNumber
    ? []
    : tokens.flatMap(({ lower }, index) =>
        lower === 'much' && tokens[index - 1]?.lower === 'how' ? [index] : [],
      );
}
