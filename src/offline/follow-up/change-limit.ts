import type { SelectQuery } from '../query/tree.ts';
import { changed, type Draft, findWords } from './draft.ts';
import { fits, measureOf } from './measure.ts';

/** Another number of rows, from the top or the bottom of the order; or all of them. */
export function changeLimit(draft: Draft): readonly Draft[] {
  const { query, analysis } = draft;
  const every = findWords(
    draft,
    /\b(?:show |list |give me )?(?:all(?: of (?:them|it))?|(?:without|no|remove) (?:the |a )?limit|every one|everything)\b/u,
  );
  if (every !== null && query.limit !== null) {
    return list(changed(draft, [every], 'all rows', { limit: null }));
  }
  const found =
    findWords(draft, /\b(?:the )?(top|first|bottom|last)(?: (\S+))?\b/u) ??
    findWords(draft, /\blimit(?:ed)?(?: (?:it|them))?(?: to)? (?:the )?(\S+)\b/u) ??
    findWords(draft, /^\s*(?:(?:only|just|show|me|the|give|list) )*(\S+)\b/u);
  if (found === null) {
    return [draft];
  }
  const index = Array.from({ length: found.end - found.start }, (_, offset) => found.start + offset).find(
    (at) =>
      analysis.tokens[at]?.number != null &&
      !/^(?:first|second|third)$/u.test(analysis.tokens[at]?.lower ?? ''),
  );
  const number = index === undefined ? null : (analysis.tokens[index]?.number ?? null);
  const word = found.match[1] ?? '';
  const single =
    number === null && /^(?:top|first|bottom|last)$/u.test(word) && /^(?:one)?$/u.test(found.match[2] ?? '');
  if (number === null && !single) {
    return [draft];
  }
  const limit = number ?? 1;
  if (!Number.isInteger(limit) || limit < 1 || limit > 100_000 || isYear(limit)) {
    return [draft];
  }
  const span = {
    start: found.start,
    end: index === undefined ? found.start + 1 + Number(found.match[0].startsWith('the ')) : index + 1,
  };
  const turned = /bottom|last/u.test(word);
  const order = orderFor(draft, /top|bottom/u.test(word));
  if (order === null) {
    return [];
  }
  const directed = turned ? order.map(({ by, descending }) => ({ by, descending: !descending })) : order;
  if (turned && order.length === 0) {
    return [];
  }
  return list(
    changed(draft, [span], `the ${turned ? 'last' : 'first'} ${limit} only`, { order: directed, limit }),
  );
}

const isYear = (number: number): boolean => number >= 1900 && number <= 2100;

/** The order whose first rows are wanted: as it is, else by what the query works out; null where the words need one and there is none. */
function orderFor({ query }: Draft, needed: boolean): SelectQuery['order'] | null {
  if (query.order.length > 0) {
    return query.order;
  }
  const measure = measureOf(query);
  if (measure !== null && fits(query, measure)) {
    return [{ by: measure, descending: true }];
  }
  return needed ? null : [];
}

function list(draft: Draft | null): readonly Draft[] {
  return draft === null ? [] : [draft];
}
