import { SqlqError } from '../../errors.ts';
import { type FeatureTable, namesOf } from '../analysis/feature.ts';
import { readNumbers } from './numbers.ts';

/**
 * Gradient-boosted trees as `bench/train/export.py` writes them: rows of numbers as text, parted by blanks. All trees'
 * nodes lie in one row: node `i` asks whether feature `feature[i]` is at most `threshold[i]`, or, where that is written
 * `{1,4}`, whether it is one of these classes; yes goes to `left[i]`, no to `right[i]`. Below zero is a leaf,
 * `-1 - index` of `leaves`.
 */
export interface ForestText {
  /** Names of the features that the trees were trained on, in the order of their numbers. */
  readonly features: string;
  readonly roots: string;
  readonly feature: string;
  readonly threshold: string;
  readonly left: string;
  readonly right: string;
  readonly leaves: string;
}

export interface Forest {
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** Classes of the nodes that ask for one, by node: a question meets few of them, and each is read when it is met. */
  readonly classes: { at(node: number): ReadonlySet<number> };
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly leaves: Float64Array;
}

/**
 * Reads the trees of a name. Features are known to them by number alone, so trees that were trained on others than
 * those of the table, or on the same in another order, would answer nonsense: they are refused.
 */
export function readForest<Input>(name: string, text: ForestText, features: FeatureTable<Input>): Forest {
  requireSame(name, text.features.split(' '), namesOf(features));
  const classes = new Map<number, string>();
  const others = new Map<string, number>();
  const threshold = readNumbers(text.threshold, Float64Array, (word, node) => {
    if (word.startsWith('{')) {
      classes.set(node, word);
      return Number.NaN;
    }
    const number = others.get(word) ?? Number(word);
    others.set(word, number);
    return number;
  });
  return {
    roots: readNumbers(text.roots, Int32Array),
    feature: readNumbers(text.feature, Int32Array),
    threshold,
    classes: classesFrom(classes),
    left: readNumbers(text.left, Int32Array),
    right: readNumbers(text.right, Int32Array),
    leaves: readNumbers(text.leaves, Float64Array),
  };
}

function classesFrom(texts: ReadonlyMap<number, string>): Forest['classes'] {
  const known = new Map<number, ReadonlySet<number>>();
  return {
    at(node) {
      const read = known.get(node) ?? new Set((texts.get(node) ?? '').slice(1, -1).split(',').map(Number));
      known.set(node, read);
      return read;
    },
  };
}

function requireSame(forest: string, trained: readonly string[], ours: readonly string[]): void {
  const index = Array.from({ length: Math.max(trained.length, ours.length) }).findIndex(
    (_, at) => trained[at] !== ours[at],
  );
  if (index < 0) {
    return;
  }
  const named = (name: string | undefined): string => (name === undefined ? 'nothing' : `"${name}"`);
  throw new SqlqError(
    'failed',
    `The offline engine's weights do not fit its features: feature ${index + 1} of "${forest}" is ${named(ours[index])} in the code and ${named(trained[index])} in data/weights.json.`,
    {
      hint: 'Put the features back as the weights name them, or train anew: bench/train/README.md says how.',
    },
  );
}

/** The sum of a forest's trees: log-odds. */
export function scoreOf(forest: Forest, features: readonly number[]): number {
  const { feature, threshold, classes, left, right, leaves } = forest;
  let sum = 0;
  for (const root of forest.roots) {
    let node = root;
    while (node >= 0) {
      const value = features[feature[node] ?? 0] ?? 0;
      const limit = threshold[node] ?? 0;
      const yes = Number.isNaN(limit) ? classes.at(node).has(value) : value <= limit;
      node = (yes ? left[node] : right[node]) ?? -1;
    }
    sum += leaves[-1 - node] ?? 0;
  }
  return sum;
}

/** Log-odds as a probability. */
export function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
