import { withSpellings } from './adjust/spellings.ts';
import { withWholeNames } from './adjust/whole-names.ts';
import { amountsOf } from './analysis/amount.ts';
import { type Analysis, analyse } from './analysis/analysis.ts';
import { valuesOf } from './analysis/feature.ts';
import { assemble } from './grammar/assemble.ts';
import type { Candidate, Parts, Scored } from './grammar/candidate.ts';
import { filterItems } from './grammar/filter/filter.ts';
import type { FilterItem } from './grammar/filter/item.ts';
import { type HavingItem, havingItems } from './grammar/having.ts';
import { type OrderItem, orderItems } from './grammar/order.ts';
import { type SelectItem, selectItems } from './grammar/select.ts';
import type { Linker } from './link/link.ts';
import type { ValueLookup } from './link/values.ts';
import { takesOtherEnd } from './misread/ends.ts';
import { misreadingOf } from './misread/misread.ts';
import { withoutDeleted } from './plain/conditions/deleted.ts';
import { canonicalKey } from './query/canonical.ts';
import type { JoinGraph } from './query/joins.ts';
import { writeSql } from './query/sql.ts';
import { type Expression, expressionKey } from './query/tree.ts';
import { candidateValues } from './rank/candidate.ts';
import { confidenceFeatures } from './rank/confidence.ts';
import { type Forest, probability, scoreOf, scoresOf } from './rank/forest.ts';
import { expectedForm, type Wording } from './rank/wording.ts';
import type { SchemaIndex } from './schema-index/schema-index.ts';
import { unreadBy } from './word-coverage/coverage.ts';

/**
 * What training leaves: a forest for each kind of part, what wording tells of a form, one that ranks whole candidates
 * against each other, one that scores each by itself, one that knows when the winner is right.
 */
export interface Weights {
  readonly select: Forest;
  readonly filter: Forest;
  readonly order: Forest;
  readonly having: Forest;
  readonly wording: Wording;
  readonly listwise: Forest;
  readonly pointwise: Forest;
  readonly confidence: Forest;
}

/** A candidate with its share of the listwise ranker's softmax. */
export interface Ranked {
  readonly candidate: Candidate;
  readonly sql: string;
  readonly share: number;
}

/** One that says which words of the question it neither reads nor may leave out, as numbers of tokens. */
export interface Covered extends Ranked {
  readonly unread: readonly number[];
}

/** What a question may mean, the likeliest first, and the probability that the first is right. */
export interface Interpretations {
  readonly analysis: Analysis;
  readonly ranked: readonly Covered[];
  readonly probability: number;
}

/** Every part that a question may have. */
export interface Items {
  readonly select: readonly SelectItem[];
  readonly filter: readonly FilterItem[];
  readonly order: readonly OrderItem[];
  readonly having: readonly HavingItem[];
}

export function itemsOf(analysis: Analysis): Items {
  return {
    select: selectItems(analysis),
    filter: filterItems(analysis),
    order: orderItems(analysis),
    having: havingItems(analysis),
  };
}

type PartWeights = Omit<Weights, 'listwise' | 'pointwise' | 'confidence'>;

/** Scores items: each by itself what may be selected and filtered, against each other orders and conditions on groups. */
export function scoreItems(items: Items, weights: Omit<PartWeights, 'wording'>): Parts {
  const alone = <Item extends Featured>(list: readonly Item[], forest: Forest): Scored<Item>[] => {
    const odds = scoresOf(forest, list.map(featuresOf));
    return list.map((item, index) => ({ item, probability: probability(odds[index] ?? 0) }));
  };
  // Amounts that are reckoned from two columns are too rare in the training questions to be learned.
  const reckoned = (expression: Expression | null): boolean => expression?.times !== undefined;
  const ranked = items.order.some((item) => reckoned(item.by));
  const together = <Item extends Featured>(
    list: readonly Item[],
    forest: Forest,
    prior: (item: Item) => number = () => 0,
  ): Scored<Item>[] => {
    const scores = scoresOf(forest, list.map(featuresOf));
    const odds = list.map((item, index) => (scores[index] ?? 0) + prior(item));
    const top = Math.max(...odds);
    const total = odds.reduce((sum, value) => sum + Math.exp(value - top), 0);
    return list.map((item, index) => ({ item, probability: Math.exp((odds[index] ?? 0) - top) / total }));
  };
  return {
    select: twoPlaces(
      alone(items.select, weights.select).map((entry) =>
        reckoned(entry.item.expression) && !ranked ? { ...entry, probability: 0.9 } : entry,
      ),
      (item) => expressionKey(item.expression),
    ),
    filter: alone(items.filter, weights.filter).map((entry) =>
      entry.item.sure === null ? entry : { ...entry, probability: entry.item.sure },
    ),
    order: summed(
      together(items.order, weights.order, (item) => (reckoned(item.by) ? 6 : 0)),
      (item) => `${item.by === null ? '' : expressionKey(item.by)} ${item.descending} ${item.limit}`,
    ),
    having: together(items.having, weights.having),
  };
}

interface Featured {
  readonly features: readonly number[];
}

const featuresOf = ({ features }: Featured): readonly number[] => features;

/** Of items that mean the same, the one with the best place in the question. */
function likeliest<Item>(scored: readonly Scored<Item>[], keyOf: (item: Item) => string): Scored<Item>[] {
  const best = new Map<string, Scored<Item>>();
  for (const entry of scored) {
    const key = keyOf(entry.item);
    const before = best.get(key);
    if (before === undefined || entry.probability > before.probability) {
      best.set(key, entry);
    }
  }
  return [...best.values()];
}

/** As `likeliest`, with a second place in the question where it is nearly as likely. */
function twoPlaces<Item>(scored: readonly Scored<Item>[], keyOf: (item: Item) => string): Scored<Item>[] {
  const first = likeliest(scored, keyOf);
  const best = new Map(first.map(({ item, probability: most }) => [keyOf(item), most]));
  const rest = scored.filter(
    (entry) =>
      !first.includes(entry) && entry.probability > Math.max(0.03, 0.3 * (best.get(keyOf(entry.item)) ?? 1)),
  );
  return [...first, ...likeliest(rest, keyOf)];
}

/** As `likeliest`, with the probabilities of all places added. */
function summed<Item>(scored: readonly Scored<Item>[], keyOf: (item: Item) => string): Scored<Item>[] {
  const total = new Map<string, number>();
  for (const { item, probability: share } of scored) {
    total.set(keyOf(item), (total.get(keyOf(item)) ?? 0) + share);
  }
  return likeliest(scored, keyOf).map(({ item }) => ({ item, probability: total.get(keyOf(item)) ?? 0 }));
}

/** Candidate queries with their features, most probable parts first; not yet ranked as wholes. */
export function candidatesOf(
  analysis: Analysis,
  graph: JoinGraph,
  weights: PartWeights,
  limit = 160,
): { readonly candidate: Candidate; readonly features: readonly number[] }[] {
  const parts = scoreItems(itemsOf(analysis), weights);
  const expected = expectedForm(weights.wording, analysis);
  const candidates = withAmounts(
    analysis,
    assemble(analysis, graph, parts, limit).filter(
      ({ query }) => misreadingOf(analysis, query) === null && !takesOtherEnd(analysis, query),
    ),
  );
  const best = candidates[0]?.score ?? 0;
  return candidates.map((candidate) => ({
    candidate,
    features: candidateValues(analysis, candidate, parts, best, expected),
  }));
}

/** Of queries for a question that speaks of money which no column holds, those that reckon it, where there are any. */
function withAmounts(analysis: Analysis, candidates: readonly Candidate[]): readonly Candidate[] {
  const [amount] = amountsOf(analysis);
  const named = analysis.columns.some(
    ({ start, end, score }) =>
      amount !== undefined && score >= 0.75 && start < amount.end && amount.start < end,
  );
  if (amount === undefined || named) {
    return candidates;
  }
  const reckoning = candidates.filter(
    ({ query }) =>
      query.kind === 'select' &&
      [...query.select, ...query.order.map(({ by }) => by)].some((item) => item.times !== undefined),
  );
  return reckoning.length === 0 ? candidates : reckoning;
}

/** What parsing needs of a database, prepared once. */
export interface Prepared {
  readonly schemaIndex: SchemaIndex;
  readonly linker: Linker;
  readonly lookup: ValueLookup;
  readonly graph: JoinGraph;
}

/** Reads a question: candidate queries, the likeliest first, each once. */
export function parse(question: string, prepared: Prepared, weights: Weights, now?: Date): Interpretations {
  const { schemaIndex, linker, lookup } = prepared;
  return parseAnalysed(analyse(question, schemaIndex, linker, lookup, now), prepared, weights);
}

/** As `parse`, of a question that has been analysed. */
export function parseAnalysed(analysis: Analysis, prepared: Prepared, weights: Weights): Interpretations {
  const { schemaIndex, graph } = prepared;
  const distinct = distinctQueries(prepared, candidatesOf(analysis, graph, weights));
  const listwise = scoresOf(weights.listwise, distinct.map(featuresOf));
  const pointwise = scoresOf(weights.pointwise, distinct.map(featuresOf));
  const candidates = distinct.map((entry, index) => ({
    ...entry,
    odds: listwise[index] ?? 0,
    pointwise: pointwise[index] ?? 0,
  }));
  candidates.sort((a, b) => b.odds - a.odds);
  const [first] = candidates;
  if (first === undefined) {
    return { analysis, ranked: [], probability: 0 };
  }
  const total = candidates.reduce((sum, { odds }) => sum + Math.exp(odds - first.odds), 0);
  const byForm = new Map<
    string,
    Ranked & { readonly features: readonly number[]; readonly pointwise: number }
  >();
  for (const { candidate, sql, odds, features, pointwise } of candidates) {
    const form = canonicalKey(schemaIndex, candidate.query);
    const before = byForm.get(form);
    const share = Math.exp(odds - first.odds) / total;
    // Candidates that differ in form alone share one vote; the surest of them stands for all.
    if (before === undefined) {
      byForm.set(form, { candidate, sql, share, features, pointwise });
    } else {
      byForm.set(form, { ...before, share: before.share + share });
    }
  }
  const ranked = [...byForm.values()].sort((a, b) => b.share - a.share);
  const [winner, second] = ranked;
  const highest = Math.max(...candidates.map(({ pointwise }) => pointwise));
  const sure = scoreOf(
    weights.confidence,
    valuesOf(confidenceFeatures, {
      share: winner?.share ?? 0,
      runnerUp: second?.share ?? 0,
      candidates: ranked.length,
      odds: winner?.pointwise ?? 0,
      oddsBehind: highest - (winner?.pointwise ?? 0),
      features: winner?.features ?? [],
    }),
  );
  const whole = ranked.map(({ candidate, sql, share }) => {
    const spelled = withSpellings(analysis.lookup, withWholeNames(schemaIndex, candidate));
    const query = withoutDeleted(analysis, spelled.query);
    const named = query === spelled.query ? spelled : { ...spelled, query };
    let unread: readonly number[] | null = null;
    return {
      candidate: named,
      sql: named === candidate ? sql : writeSql(schemaIndex, named.query),
      share,
      // Asked of the likeliest alone.
      get unread() {
        unread ??= unreadBy(analysis, named);
        return unread;
      },
    };
  });
  return { analysis, ranked: whole, probability: probability(sure) };
}

/** Candidates whose SQL no earlier one has. */
export function distinctQueries<Entry extends { readonly candidate: Candidate }>(
  prepared: Prepared,
  candidates: readonly Entry[],
): (Entry & { readonly sql: string })[] {
  const seen = new Set<string>();
  return candidates.flatMap((entry) => {
    const sql = writeSql(prepared.schemaIndex, entry.candidate.query);
    if (seen.has(sql)) {
      return [];
    }
    seen.add(sql);
    return [{ ...entry, sql }];
  });
}
