import type { Choice, Scored } from './candidate.ts';
import type { SelectItem } from './select.ts';

/** Probabilities are kept from zero, so that their logarithm stays finite. */
export const tiny = 1e-4;

/**
 * The most probable subsets of independent items, best first; of items on the same words at most one is taken.
 * A beam over the items, the surest first.
 */
export function bestSubsets<Item extends { readonly start: number; readonly end: number }>(
  scored: readonly Scored<Item>[],
  width: number,
  conflict: (a: Item, b: Item) => boolean,
): Choice<Item>[] {
  const list = scored
    .filter((entry) => entry.probability > 0.012)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 16);
  let beam: Choice<Item>[] = [{ items: [], score: 0 }];
  for (const { item, probability } of list) {
    const next: Choice<Item>[] = [];
    for (const state of beam) {
      const clash = state.items.some((other) => conflict(other, item));
      next.push({
        items: state.items,
        score: state.score + (clash ? 0 : Math.log(Math.max(tiny, 1 - probability))),
      });
      if (!clash) {
        next.push({
          items: [...state.items, item],
          score: state.score + Math.log(Math.max(tiny, probability)),
        });
      }
    }
    next.sort((a, b) => b.score - a.score);
    beam = next.slice(0, width * 2);
  }
  return beam.slice(0, width);
}

/** Whether two spans of tokens share a token. */
export const overlap = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
  a.start < b.end && b.start < a.end;

/** Of the same words one thing is selected, or several aggregates of one column, or the two halves of a name. */
export function clash(a: SelectItem, b: SelectItem): boolean {
  if (a.expression.column === null || b.expression.column === null) {
    return a.expression.column === b.expression.column;
  }
  const bothAggregates = a.expression.aggregate !== null && b.expression.aggregate !== null;
  if (a.expression.column === b.expression.column) {
    return !bothAggregates || a.expression.aggregate === b.expression.aggregate;
  }
  if (a.partOfName !== null && a.partOfName === b.partOfName) {
    return false;
  }
  return overlap(a, b);
}

/** Alternatives of which one holds, scaled to sum to one. */
export function normalised<Item>(scored: readonly Scored<Item>[], width: number): Scored<Item>[] {
  const total = scored.reduce((sum, entry) => sum + entry.probability, 0) + tiny;
  return scored
    .map(({ item, probability }) => ({ item, probability: Math.max(tiny, probability / total) }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, width)
    .filter((entry) => entry.probability > 0.01);
}
