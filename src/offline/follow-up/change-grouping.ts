import type { DatePart } from '../../database/dialect.ts';
import { plain, type SelectQuery } from '../query/tree.ts';
import { partAt } from '../time/parts.ts';
import { namedColumns } from './columns.ts';
import { dateColumns } from './dates.ts';
import { changed, columnName, type Draft, findWords, type Span } from './draft.ts';
import { joinsTo, tablesOf } from './reach.ts';

/** Another grouping of what a query works out, by a column or by a part of a date. */
export function changeGrouping(draft: Draft): readonly Draft[] {
  const { query, analysis } = draft;
  const measures = query.select.filter(({ aggregate }) => aggregate !== null);
  const lowers = analysis.tokens.map(({ lower }) => lower);
  const start = lowers.findIndex((_, at) => !draft.read.has(at) && partAt(lowers, at) !== null);
  const time = start < 0 ? null : partAt(lowers, start);
  const cue = findWords(
    draft,
    /\b(?:(?:grouped|split|broken down|break (?:it|them|that) down|split (?:it|them)|group(?: (?:it|them))?) by|by|per|for each|in each)\b/u,
  );
  if ((cue === null && time === null) || measures.length === 0) {
    return [draft];
  }
  const added =
    /\b(?:and|also|too|as well)\b/iu.test(analysis.question) && !/\binstead\b/iu.test(analysis.question);
  if (time !== null) {
    const { part, next } = time;
    const span = { start, end: next };
    const candidates = dateColumns(draft);
    return candidates.flatMap((column) => {
      const made = groupedBy(draft, [span], column, part, added);
      return made === null ? [] : [{ ...made, doubt: candidates.length - 1 }];
    });
  }
  if (cue === null) {
    return [draft];
  }
  const [named] = namedColumns(draft, cue.end);
  if (named === undefined || named.rivals > 0) {
    return [draft];
  }
  const made = groupedBy(draft, [{ start: cue.start, end: named.end }], named.column, null, added);
  return made === null ? [] : [made];
}

/** The query grouped by a column in place of what it was grouped by, or besides. */
export function groupedBy(
  draft: Draft,
  spans: readonly Span[],
  column: number,
  part: DatePart | null,
  added: boolean,
): Draft | null {
  const { query, analysis, graph } = draft;
  const joins = joinsTo(graph, tablesOf(query), analysis.schemaIndex.columns[column]?.table ?? -1);
  if (joins === null || query.group.includes(column)) {
    return part === null ? null : again(draft, spans, column, part);
  }
  const kept = added ? query.group : [];
  const keptParts = [...(query.parts ?? [])].filter(([id]) => kept.includes(id));
  const made = new Map(part === null ? keptParts : [...keptParts, [column, part] as const]);
  const group = [...kept, column];
  const measures = query.select.filter((item) => item.aggregate !== null);
  const askedByPeriod = part !== null;
  const order = query.order.filter(
    ({ by }) => by.aggregate !== null || (by.column !== null && kept.includes(by.column)),
  );
  const next: Partial<SelectQuery> = {
    select: [...group.map(plain), ...measures],
    joins: [...query.joins, ...joins],
    group,
    // What stands in time is read in its order; a first few of groups that are gone means nothing any more.
    order: askedByPeriod && !added ? [{ by: plain(column), descending: false }] : order,
    limit: askedByPeriod || order.length === 0 ? null : query.limit,
    parts: made,
  };
  const name = part === null ? columnName(analysis, column) : `${part} of ${columnName(analysis, column)}`;
  return changed(
    draft,
    spans,
    `one row for each ${[...kept.map((id) => columnName(analysis, id)), name].join(', ')}`,
    next,
  );
}

/** The same date column by another part of it. */
function again(draft: Draft, spans: readonly Span[], column: number, part: DatePart): Draft | null {
  const { query, analysis } = draft;
  if (!query.group.includes(column)) {
    return null;
  }
  return changed(draft, spans, `one row for each ${part} of ${columnName(analysis, column)}`, {
    parts: new Map([...(query.parts ?? []), [column, part]]),
  });
}
