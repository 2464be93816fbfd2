import { countAll, type Expression, plain } from '../query/tree.ts';
import { type NamedColumn, namedColumns } from './columns.ts';
import { changed, columnName, type Draft, findWords, isRead } from './draft.ts';
import { joinsTo, tablesOf } from './reach.ts';

/** Columns more, the number of the rows instead of them, or each row once. */
export function changeSelection(draft: Draft): readonly Draft[] {
  return countInstead(draft) ?? columnsAlone(draft) ?? addColumns(onceEach(draft)) ?? [onceEach(draft)];
}

/** `how many?` of a list: the number of its rows. */
function countInstead(draft: Draft): readonly Draft[] | null {
  const { query } = draft;
  const asked = findWords(
    draft,
    /\b(?:how many(?: (?:are (?:there|they|those|these|that)|is that|of (?:them|those|these)))?|count (?:them|those|these|it)|just (?:the )?(?:count|number)|the (?:number|count) of (?:them|those|these))\b/u,
  );
  const plainList = query.group.length === 0 && query.select.every(({ aggregate }) => aggregate === null);
  if (asked === null || !plainList || query.limit !== null) {
    return null;
  }
  const [only, ...others] = query.select;
  if (query.distinct && (only === undefined || only.column === null || others.length > 0)) {
    return [];
  }
  const counted =
    query.distinct && only !== undefined
      ? { ...only, aggregate: 'count' as const, distinct: true }
      : countAll;
  const made = changed(draft, [asked], 'the number of those rows', {
    select: [counted],
    distinct: false,
    order: [],
    parts: new Map(),
  });
  return made === null ? [] : [made];
}

/** `just their names`: these columns and no other, where nothing else is said. */
function columnsAlone(draft: Draft): readonly Draft[] | null {
  const { query, analysis } = draft;
  const cue = findWords(draft, /^\s*(?:and )?(?:only|just)(?: show)?(?: me)? (?:the|their|its)\b/u);
  const named = cue === null ? [] : namedColumns(draft, cue.end);
  const tables = tablesOf(query);
  const isList = query.group.length === 0 && query.select.every(({ aggregate }) => aggregate === null);
  const own = named.filter(({ column, rivals }) => {
    const entry = analysis.schemaIndex.columns[column];
    return rivals === 0 && entry !== undefined && entry.class !== 'boolean' && tables.includes(entry.table);
  });
  if (!isList || own.length === 0 || own.length < named.length) {
    return null;
  }
  const names = own.map(({ column }) => columnName(analysis, column)).join(', ');
  const made = changed(draft, own, `${names} alone`, { select: own.map(({ column }) => plain(column)) });
  return made === null || !isRead(made) ? null : [made];
}

function onceEach(draft: Draft): Draft {
  const asked = findWords(
    draft,
    /\b(?:(?:without|no|remove|drop) (?:the )?(?:duplicates|repeats|repetitions)|distinct(?: (?:ones|only))?|unique(?: (?:ones|only))?)\b/u,
  );
  if (asked === null || draft.query.group.length > 0) {
    return draft;
  }
  return changed(draft, [asked], 'repeated rows are shown once', { distinct: true }) ?? draft;
}

/** `and their emails`: what is named after such words is shown besides. */
function addColumns(draft: Draft): readonly Draft[] | null {
  const { analysis, graph, query } = draft;
  const cue = findWords(
    draft,
    /\b(?:their|its|also show|also|and|with|plus|add|include|including|show)\b(?: (?:the|their|its|his|her|also|me|show|add|include|a column for|what is|what are|s))*/u,
  );
  if (cue === null) {
    return null;
  }
  const named = namedColumns(draft, cue.start);
  const [first] = named;
  if (first === undefined) {
    return null;
  }
  // `with the newsletter` means those who have it; `and the newsletter` asks to see it.
  const isFlag = analysis.schemaIndex.columns[first.column]?.class === 'boolean';
  if (isFlag && cue.match[0].startsWith('with')) {
    return null;
  }
  // A value or a number beside the name makes a condition of it.
  const conditioned = analysis.tokens.some(
    (token, index) =>
      !draft.read.has(index) &&
      index >= first.start &&
      (token.number !== null || token.kind === 'quoted' || token.kind === 'date'),
  );
  if (
    conditioned ||
    findWords(draft, /\b(?:without|no|not|except|excluding|than|above|below|over|under)\b/u) !== null
  ) {
    return null;
  }
  const counted = query.group.length === 0 && query.select.every((item) => isCountOfRows(item));
  if (counted) {
    return listInstead(draft, named);
  }
  let next: Draft = draft;
  for (const mention of named) {
    const table = analysis.schemaIndex.columns[mention.column]?.table ?? -1;
    const joins = joinsTo(graph, tablesOf(next.query), table);
    if (joins === null) {
      return null;
    }
    const { select, group } = next.query;
    if (select.some(({ aggregate, column }) => aggregate === null && column === null)) {
      return null;
    }
    if (select.some(({ aggregate, column }) => aggregate === null && column === mention.column)) {
      continue;
    }
    const aggregated = select.some(({ aggregate }) => aggregate !== null);
    // One number of all rows has no column beside it.
    if (aggregated && group.length === 0) {
      return null;
    }
    if (aggregated && !followsFrom(draft, group, mention.column)) {
      return null;
    }
    const place = select.findLastIndex(({ aggregate }) => aggregate === null) + 1;
    const made = changed(next, [mention], `also ${columnName(analysis, mention.column)}`, {
      select: [...select.slice(0, place), plain(mention.column), ...select.slice(place)],
      joins: [...next.query.joins, ...joins],
      group: aggregated ? [...group, mention.column] : group,
    });
    if (made === null) {
      return null;
    }
    next = { ...made, doubt: Math.max(made.doubt, mention.rivals) };
  }
  return next === draft ? null : [next];
}

/** `and their names?` of a number of rows: those rows themselves. */
function listInstead(draft: Draft, named: readonly NamedColumn[]): readonly Draft[] | null {
  const { analysis, graph, query } = draft;
  let joins = query.joins;
  for (const { column } of named) {
    const more = joinsTo(
      graph,
      tablesOf({ ...query, joins }),
      analysis.schemaIndex.columns[column]?.table ?? -1,
    );
    if (more === null) {
      return null;
    }
    joins = [...joins, ...more];
  }
  const names = named.map(({ column }) => columnName(analysis, column)).join(', ');
  const select = named.map(({ column }) => plain(column));
  const made = changed(draft, named, `${names} of those rows, instead of their number`, { select, joins });
  return made === null ? [] : [{ ...made, doubt: Math.max(...named.map(({ rivals }) => rivals)) }];
}

const isCountOfRows = ({ aggregate, column }: Expression): boolean =>
  aggregate === 'count' && column === null;

/** Whether a column is of the same thing as the groups: then each group has one value of it, if names are its own. */
function followsFrom({ analysis }: Draft, group: readonly number[], column: number): boolean {
  const table = analysis.schemaIndex.columns[column]?.table;
  return group.some((id) => analysis.schemaIndex.columns[id]?.table === table);
}
