import { isVariant, keysOf, nameKeyOf, namesPeople } from './same-value.ts';

/** A column with more different values than this holds more than categories: two words that are alike may be two things. */
export const mostCategories = 50;

/** A text as it is stored, and how many rows have it. */
export interface Spelt {
  readonly text: string;
  readonly rows: number;
}

/**
 * Texts that are the same value in several spellings, each value's together, the frequent ones first; those that are spelt in
 * one way are left out. Such that are told `apart` by something else are never the same.
 */
export function clustersOf<Some extends Spelt & { readonly apart: string }>(
  texts: readonly Some[],
  column: string,
): readonly (readonly Some[])[] {
  const clusters: Some[][] = [];
  const known = new Map<string, Some[]>();
  const rows = texts.reduce((sum, one) => sum + one.rows, 0);
  const areCategories =
    texts.length <= mostCategories && rows >= 2 * texts.length && !namesPeople.test(column);
  for (const one of texts) {
    // `New Castle` and `Newcastle` are two places, and one category.
    const keys = (areCategories ? keysOf(one.text) : [nameKeyOf(one.text)])
      .filter((key) => key !== '')
      .map((key) => `${one.apart} ${key}`);
    if (keys.length === 0) {
      continue;
    }
    const same = keys.map((key) => known.get(key)).find((cluster) => cluster !== undefined);
    const variant = clusters.find(
      ([other]) =>
        areCategories &&
        other !== undefined &&
        other.apart === one.apart &&
        isVariant(one.text, other.text, { isLoose: false }),
    );
    const cluster = same ?? variant ?? [];
    if (cluster.length === 0) {
      clusters.push(cluster);
    }
    cluster.push(one);
    for (const key of keys) {
      known.set(key, known.get(key) ?? cluster);
    }
  }
  return clusters.filter((cluster) => cluster.length > 1);
}
