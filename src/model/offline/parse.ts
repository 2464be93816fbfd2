import type { Catalog } from './catalog/catalog.ts';
import { type Analysis, analyse } from './grammar/analysis.ts';
import { assemble, type Candidate, type Parts } from './grammar/assemble.ts';
import { type FilterItem, filterItems } from './grammar/filter.ts';
import { type HavingItem, havingItems, type OrderItem, orderItems } from './grammar/order.ts';
import { type SelectItem, selectItems } from './grammar/select.ts';
import type { Linker } from './link/link.ts';
import type { ValueLookup } from './link/values.ts';
import type { JoinGraph } from './query/joins.ts';
import { candidateFeatures } from './rank/candidate.ts';
import { type Forest, probability, scoreOf } from './rank/forest.ts';

/** What training leaves: a forest for each kind of part, and one for whole candidates. */
export interface Weights {
  readonly select: Forest;
  readonly filter: Forest;
  readonly order: Forest;
  readonly having: Forest;
  readonly candidate: Forest;
}

/** A candidate with the ranking forest's log-odds that it is right. */
export interface Ranked {
  readonly candidate: Candidate;
  readonly features: readonly number[];
  readonly logOdds: number;
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

type PartWeights = Omit<Weights, 'candidate'>;

export function scoreItems(items: Items, weights: PartWeights): Parts {
  const score = <Item extends { readonly features: readonly number[] }>(
    list: readonly Item[],
    forest: Forest,
  ) => list.map((item) => ({ item, probability: probability(scoreOf(forest, item.features)) }));
  return {
    select: score(items.select, weights.select),
    filter: score(items.filter, weights.filter),
    order: score(items.order, weights.order),
    having: score(items.having, weights.having),
  };
}

/** Candidate queries with their features, most probable parts first; not yet ranked as wholes. */
export function candidatesOf(
  analysis: Analysis,
  graph: JoinGraph,
  weights: PartWeights,
  limit = 120,
): { readonly candidate: Candidate; readonly features: readonly number[] }[] {
  const candidates = assemble(analysis, graph, scoreItems(itemsOf(analysis), weights), limit);
  const best = candidates[0]?.score ?? 0;
  return candidates.map((candidate) => ({
    candidate,
    features: candidateFeatures(analysis, candidate, best),
  }));
}

/** What parsing needs of a database, prepared once. */
export interface Prepared {
  readonly catalog: Catalog;
  readonly linker: Linker;
  readonly lookup: ValueLookup;
  readonly graph: JoinGraph;
}

/** Reads a question: candidate queries, the likeliest first. */
export function parse(
  question: string,
  prepared: Prepared,
  weights: Weights,
): { analysis: Analysis; ranked: Ranked[] } {
  const analysis = analyse(question, prepared.catalog, prepared.linker, prepared.lookup);
  const ranked = candidatesOf(analysis, prepared.graph, weights)
    .map(({ candidate, features }) => ({
      candidate,
      features,
      logOdds: scoreOf(weights.candidate, features),
    }))
    .sort((a, b) => b.logOdds - a.logOdds);
  return { analysis, ranked };
}
