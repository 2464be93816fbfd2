import type { Analysis } from '../analysis/analysis.ts';
import type { JoinGraph } from '../query/joins.ts';
import { build } from './build.ts';
import type { Candidate, Parts, Seed } from './candidate.ts';
import { coherent } from './coherent.ts';
import type { FilterItem } from './filter/item.ts';
import { bestSubsets, clash, normalised, overlap } from './subsets.ts';

/** Builds whole queries of the most probable parts, the most probable first, at most `limit`. */
export function assemble(analysis: Analysis, graph: JoinGraph, parts: Parts, limit: number): Candidate[] {
  const selects = bestSubsets(parts.select, 14, clash).filter((choice) => choice.items.length > 0);
  const filters = bestSubsets(parts.filter, 10, (a, b) => overlap(a, b) || sameCondition(a, b));
  const orders = normalised(parts.order, 6);
  const havings = normalised(parts.having, 4);
  const seeds: Seed[] = [];
  for (const select of selects) {
    for (const filter of filters) {
      for (const order of orders) {
        for (const having of havings) {
          const score =
            select.score + filter.score + Math.log(order.probability) + Math.log(having.probability);
          seeds.push({ select, filter, order, having, score });
        }
      }
    }
  }
  seeds.sort((a, b) => b.score - a.score);
  const candidates: Candidate[] = [];
  const keyOf = seedKeys();
  const seen = new Set<string>();
  for (const seed of seeds) {
    if (candidates.length >= limit) {
      break;
    }
    for (const variant of [seed, ...coherent(analysis, parts, seed)]) {
      const key = keyOf(variant);
      if (seen.has(key)) {
        continue;
      }
      seen.add(key);
      candidates.push(...build(analysis, graph, variant));
    }
  }
  return candidates;
}

/** Whether two items ask for the same stored value of the same column. */
function sameCondition(a: FilterItem, b: FilterItem): boolean {
  return a.kind === b.kind && JSON.stringify(a.condition) === JSON.stringify(b.condition);
}

/** Makes a function that gives seeds of the same items the same text. */
function seedKeys(): (seed: Seed) => string {
  const numbers = new Map<object, number>();
  const numberOf = (item: object): number => {
    const known = numbers.get(item);
    if (known !== undefined) {
      return known;
    }
    numbers.set(item, numbers.size);
    return numbers.size - 1;
  };
  const list = (items: readonly object[]): string =>
    items
      .map(numberOf)
      .sort((a, b) => a - b)
      .join(',');
  return ({ select, filter, order, having }) =>
    `${list(select.items)}|${list(filter.items)}|${numberOf(order.item)}|${numberOf(having.item)}`;
}
