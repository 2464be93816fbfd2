import { type Analysis, distanceBefore, far } from '../analysis/analysis.ts';
import { differentShare } from '../analysis/columns.ts';
import { type FeatureTable, indexOf } from '../analysis/feature.ts';
import type { Candidate } from '../grammar/candidate.ts';
import { type FilterItem, filterFeatures } from '../grammar/filter/item.ts';
import type { SelectItem } from '../grammar/select.ts';
import { stemOf } from '../language/lemma.ts';
import type { NameMention } from '../link/mention.ts';
import type { SelectQuery } from '../query/tree.ts';
import type { Link, SchemaIndex } from '../schema-index/schema-index.ts';
import type { CandidateFact } from './fact.ts';
import { chasms } from './parts.ts';

const satisfied = indexOf(filterFeatures, 'satisfied');

/** Where the parts of a candidate stand in the question, and how well its values are known. */
export const positionFeatures: FeatureTable<CandidateFact> = [
  ['exactValues', (fact) => valueItems(fact).filter((item) => isExact(fact, item)).length],
  ['looseValues', (fact) => valueItems(fact).filter((item) => !isExact(fact, item)).length],
  ['namedValues', (fact) => valueItems(fact).filter((item) => isNamed(fact, item)).length],
  ['selectsAfterFilter', (fact) => shownItems(fact).filter(({ start }) => start > firstFilter(fact)).length],
  ['selectGap', selectGap],
  ['selectStart', selectStart],
  ['groupEach', groupEach],
  ['orderInSelect', orderInSelect],
  ['chasms', ({ analysis, main }) => chasms(analysis.schemaIndex, main)],
  ['namedJoins', namedJoins],
  ['farthestNeighbour', farthestNeighbour],
  ['repeats', ({ analysis, main }) => repeats(analysis, main)],
  ['emptyFilters', (fact) => satisfiedBy(fact, 0)],
  ['idleFilters', (fact) => satisfiedBy(fact, 1)],
  ['splitNames', ({ analysis, candidate }) => splitNames(analysis, candidate)],
  ['keyWords', ({ analysis, main }) => keyWords(analysis, main)],
];

/** Conditions on stored values. */
const valueItems = ({ candidate }: CandidateFact): readonly FilterItem[] =>
  candidate.filter.items.filter(({ kind }) => kind === 'value' || kind === 'valueNot');

/** Whether the words of a condition are just the value's. */
const isExact = ({ analysis }: CandidateFact, { start, end }: FilterItem): boolean =>
  analysis.values.some((value) => value.match === 'exact' && value.start === start && value.end === end);

/** Whether the words of a condition name a table or column too. */
function isNamed({ analysis }: CandidateFact, item: FilterItem): boolean {
  const within = ({ score, start, end }: NameMention): boolean =>
    score >= 0.8 && start <= item.start && item.end <= end;
  return analysis.tables.some(within) || analysis.columns.some(within);
}

/** What is shown, in the question's order. */
const shownItems = ({ candidate }: CandidateFact): readonly SelectItem[] =>
  [...candidate.select.items].sort((a, b) => a.start - b.start);

const firstFilter = ({ candidate }: CandidateFact): number =>
  Math.min(99, ...candidate.filter.items.map(({ start }) => start));

/** The most words between two things shown. */
function selectGap(fact: CandidateFact): number {
  const items = shownItems(fact);
  const gaps = items.slice(1).map(({ start }, index) => start - (items[index]?.end ?? start));
  return Math.max(-1, ...gaps);
}

/** By how many words the first thing shown stands after the first column named. */
function selectStart(fact: CandidateFact): number {
  const named = fact.analysis.columns.filter(({ score }) => score >= 0.8).map(({ start }) => start);
  return Math.min(12, (shownItems(fact)[0]?.start ?? 0) - Math.min(99, ...named));
}

/** From a word such as `each` to what is grouped by. */
function groupEach(fact: CandidateFact): number {
  if (fact.main.group.length === 0) {
    return -1;
  }
  const plain = shownItems(fact).filter(({ expression }) => expression.aggregate === null);
  return Math.min(far, ...plain.map(({ start }) => distanceBefore(fact.analysis, 'each', start)));
}

/** Things shown that stand at or after what is ordered by. */
function orderInSelect({ candidate: { order, select } }: CandidateFact): number {
  if (order.item.by === null) {
    return -1;
  }
  return select.items.filter(({ start }) => start >= order.item.start).length;
}

/** Conditions that this share of a column's values fulfils. */
const satisfiedBy = ({ candidate }: CandidateFact, share: number): number =>
  candidate.filter.items.filter(({ features }) => features[satisfied] === share).length;

const likelyTables = ({ analysis }: CandidateFact): readonly NameMention[] =>
  analysis.tables.filter(({ score }) => score >= 0.6);

/** The two tables of each join. */
function joinedPairs({ analysis, main }: CandidateFact): (readonly [number, number])[] {
  return main.joins.flatMap(({ on }) => {
    const [left, right] = (on[0] ?? []).map((id) => analysis.schemaIndex.columns[id]?.table ?? -1);
    return left === undefined || right === undefined ? [] : [[left, right] as const];
  });
}

/** Joins of two tables that the question names both. */
function namedJoins(fact: CandidateFact): number {
  const named = new Set(likelyTables(fact).map(({ id }) => id));
  return joinedPairs(fact).filter(([left, right]) => named.has(left) && named.has(right)).length;
}

/**
 * By how many words a condition's value stands from the nearest name of a table that its own is joined with: the most of
 * any condition; -1 without joins.
 */
function farthestNeighbour(fact: CandidateFact): number {
  const pairs = joinedPairs(fact);
  if (fact.main.joins.length === 0) {
    return -1;
  }
  let farthest = -1;
  for (const item of fact.candidate.filter.items) {
    const near = new Set(
      pairs.flatMap(([left, right]) => (left === item.table ? [right] : right === item.table ? [left] : [])),
    );
    const distances = likelyTables(fact)
      .filter(({ id }) => near.has(id))
      .map(({ start, end }) => (start >= item.end ? start - item.end : item.start - end));
    farthest = Math.max(farthest, Math.min(far, ...distances));
  }
  return farthest;
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
    if (chosen === undefined) {
      continue;
    }
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
  if (known !== undefined) {
    return known;
  }
  const all = Map.groupBy(schemaIndex.links, ({ from, to }) => `${from} ${to}`);
  const made = new Map([...all].filter(([, links]) => links.length > 1));
  keysOf.set(schemaIndex, made);
  return made;
}
