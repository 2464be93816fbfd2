import { type Analysis, distanceBefore, far } from '../analysis/analysis.ts';
import { differentShare } from '../analysis/columns.ts';
import type { Candidate } from '../grammar/candidate.ts';
import { filterFeatureNames } from '../grammar/filter/item.ts';
import { stemOf } from '../language/lemma.ts';
import type { SelectQuery } from '../query/tree.ts';
import type { Link, SchemaIndex } from '../schema-index/schema-index.ts';
import { chasms } from './parts.ts';

const satisfiedIndex = filterFeatureNames.indexOf('satisfied');

export const placeFeatureNames: readonly string[] = [
  'exactValues',
  'looseValues',
  'namedValues',
  'selectsAfterFilter',
  'selectGap',
  'selectStart',
  'groupEach',
  'orderInSelect',
  'chasms',
  'namedJoins',
  'strangers',
  'repeats',
  'emptyFilters',
  'idleFilters',
  'splitNames',
  'keyWords',
];

/** Where the parts of a candidate stand in the question, and how well its values are known. */
export function placeFeatures(analysis: Analysis, candidate: Candidate, query: SelectQuery): number[] {
  const filters = candidate.filter.items;
  const selects = [...candidate.select.items].sort((a, b) => a.start - b.start);
  let exact = 0;
  let loose = 0;
  let named = 0;
  for (const item of filters) {
    if (item.kind !== 'value' && item.kind !== 'valueNot') continue;
    const known = analysis.values.some(
      (value) => value.match === 'exact' && value.start === item.start && value.end === item.end,
    );
    if (known) exact++;
    else loose++;
    const within = (mention: { start: number; end: number; score: number }): boolean =>
      mention.score >= 0.8 && mention.start <= item.start && item.end <= mention.end;
    if (analysis.tables.some(within) || analysis.columns.some(within)) named++;
  }
  const firstFilter = Math.min(99, ...filters.map((item) => item.start));
  const starts = selects.map((item) => item.start);
  const gaps = starts.slice(1).map((start, index) => start - (selects[index]?.end ?? start));
  const firstNamed = Math.min(
    99,
    ...analysis.columns.filter((mention) => mention.score >= 0.8).map((mention) => mention.start),
  );
  const plain = selects.filter((item) => item.expression.aggregate === null);
  return [
    exact,
    loose,
    named,
    starts.filter((start) => start > firstFilter).length,
    Math.max(-1, ...gaps),
    Math.min(12, (starts[0] ?? 0) - firstNamed),
    query.group.length === 0
      ? -1
      : Math.min(far, ...plain.map((item) => distanceBefore(analysis, 'each', item.start))),
    candidate.order.item.by === null
      ? -1
      : selects.filter((item) => item.start >= candidate.order.item.start).length,
    chasms(analysis.schemaIndex, query),
    ...joinPlaces(analysis, candidate, query),
    repeats(analysis, query),
    filters.filter((item) => item.features[satisfiedIndex] === 0).length,
    filters.filter((item) => item.features[satisfiedIndex] === 1).length,
    splitNames(analysis, candidate),
    keyWords(analysis, query),
  ];
}

/**
 * Joins of two tables that the question names both, and by how many words a condition's value stands from the nearest
 * name of a table that its own is joined with.
 */
function joinPlaces(analysis: Analysis, candidate: Candidate, query: SelectQuery): [number, number] {
  const { columns } = analysis.schemaIndex;
  const named = analysis.tables.filter((mention) => mention.score >= 0.6);
  const isNamed = (table: number): boolean => named.some((mention) => mention.id === table);
  const neighbours = new Map<number, number[]>();
  let both = 0;
  for (const join of query.joins) {
    const [left, right] = (join.on[0] ?? []).map((id) => columns[id]?.table ?? -1);
    if (left === undefined || right === undefined) continue;
    if (isNamed(left) && isNamed(right)) both++;
    neighbours.set(left, [...(neighbours.get(left) ?? []), right]);
    neighbours.set(right, [...(neighbours.get(right) ?? []), left]);
  }
  if (query.joins.length === 0) return [0, -1];
  let strangers = -1;
  for (const item of candidate.filter.items) {
    const near = neighbours.get(item.table) ?? [];
    const distances = named
      .filter((mention) => near.includes(mention.id))
      .map((mention) => (mention.start >= item.end ? mention.start - item.end : item.start - mention.end));
    strangers = Math.max(strangers, Math.min(far, ...distances));
  }
  return [both, strangers];
}

/** The share of rows of the first shown column's table that repeat a value of it; -1 where that is not known. */
function repeats(analysis: Analysis, query: SelectQuery): number {
  const column = query.select.find((item) => item.aggregate === null)?.column;
  const different = column == null ? -1 : differentShare(analysis, column);
  return different < 0 ? -1 : 1 - different;
}

/** Pairs of values side by side, such as a person's two names, that are looked for in two tables. */
function splitNames(analysis: Analysis, candidate: Candidate): number {
  const isName = (id: number | null): boolean =>
    id !== null && /\bname$/.test(analysis.schemaIndex.columns[id]?.words.join(' ') ?? '');
  const names = candidate.filter.items.filter(
    ({ condition }) => condition.kind === 'compare' && isName(condition.left.column),
  );
  return names.filter((item) => names.some((other) => other.start === item.end && other.table !== item.table))
    .length;
}

/**
 * Where several keys join the same two tables, how many more words of the chosen one's name the question has than of the
 * best of the others: `destination` speaks for the key of the destination.
 */
function keyWords(analysis: Analysis, query: SelectQuery): number {
  const { schemaIndex } = analysis;
  const several = severalKeys(schemaIndex);
  let sum = 0;
  for (const join of query.joins) {
    const pairs = new Set(join.on.flat());
    const [left, right] = (join.on[0] ?? []).map((id) => schemaIndex.columns[id]?.table);
    const keys = several.get(`${left} ${right}`) ?? several.get(`${right} ${left}`) ?? [];
    const chosen = keys.find((key) => [...key.left, ...key.right].every((id) => pairs.has(id)));
    if (chosen === undefined) continue;
    const others = keys.filter((key) => key !== chosen).map((key) => wordsSaid(analysis, key));
    sum += wordsSaid(analysis, chosen) - Math.max(...others);
  }
  return sum;
}

/** How many of the words of a key's columns the question has. */
function wordsSaid({ schemaIndex, tokens }: Analysis, { left }: Link): number {
  const asked = new Set(tokens.map((token) => stemOf(token.lemma)));
  return left
    .flatMap((id) => schemaIndex.columns[id]?.ownWords ?? [])
    .filter((word) => word.length > 2 && asked.has(stemOf(word))).length;
}

const keysOf = new WeakMap<SchemaIndex, ReadonlyMap<string, readonly Link[]>>();

/** The keys of each two tables that several join, by the numbers of the tables. */
function severalKeys(schemaIndex: SchemaIndex): ReadonlyMap<string, readonly Link[]> {
  const known = keysOf.get(schemaIndex);
  if (known !== undefined) return known;
  const all = Map.groupBy(schemaIndex.links, ({ from, to }) => `${from} ${to}`);
  const made = new Map([...all].filter(([, links]) => links.length > 1));
  keysOf.set(schemaIndex, made);
  return made;
}
