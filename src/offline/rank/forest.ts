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
  /** Not a number where a node asks for classes. */
  readonly threshold: Float64Array;
  readonly classes: Classes;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly leaves: Float64Array;
}

/** The classes that nodes ask for, by node, a bit each: a question meets few of them, and each is read when it is met. */
interface Classes {
  readonly texts: ReadonlyMap<number, string>;
  readonly bits: (Uint32Array | undefined)[];
}

/**
 * Reads the trees of a name. Features are known to them by number alone, so trees that were trained on others than
 * those of the table, or on the same in another order, would answer nonsense: they are refused.
 */
export function readForest<Input>(name: string, text: ForestText, features: FeatureTable<Input>): Forest {
  requireSame(name, text.features.split(' '), namesOf(features));
  const texts = new Map<number, string>();
  const others = new Map<string, number>();
  const threshold = readNumbers(text.threshold, Float64Array, (word, node) => {
    if (word.startsWith('{')) {
      texts.set(node, word);
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
    classes: { texts, bits: new Array(texts.size === 0 ? 0 : threshold.length) },
    left: readNumbers(text.left, Int32Array),
    right: readNumbers(text.right, Int32Array),
    leaves: readNumbers(text.leaves, Float64Array),
  };
}

/** Whether a value is one of the classes that a node asks for. */
function isOneOf({ texts, bits }: Classes, node: number, value: number): boolean {
  const known = bits[node] ?? bitsOf(texts.get(node) ?? '');
  bits[node] = known;
  const place = value >>> 0;
  return place === value && (((known[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1;
}

/** The classes of a text such as `{1,4}`. */
function bitsOf(text: string): Uint32Array {
  const classes = text.slice(1, -1).split(',').map(Number);
  const bits = new Uint32Array((Math.max(...classes) >>> 5) + 1);
  for (const each of classes) {
    bits[each >>> 5] = (bits[each >>> 5] ?? 0) | (1 << (each & 31));
  }
  return bits;
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

/** For each row of features the sum of a forest's trees: log-odds. */
export function scoresOf(
  { roots, feature, threshold, classes, left, right, leaves }: Forest,
  rows: readonly (readonly number[])[],
): Float64Array {
  const sums = new Float64Array(rows.length);
  const width = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, index) => {
    values.set(row, index * width);
  });
  // Tree by tree: the next row finds its nodes in the processor's cache.
  for (const root of roots) {
    for (let row = 0; row < sums.length; row++) {
      let node = root;
      while (node >= 0) {
        const value = values[row * width + (feature[node] ?? 0)] ?? 0;
        const limit = threshold[node] ?? 0;
        const yes = value <= limit || (Number.isNaN(limit) && isOneOf(classes, node, value));
        node = (yes ? left[node] : right[node]) ?? -1;
      }
      sums[row] = (sums[row] ?? 0) + (leaves[-1 - node] ?? 0);
    }
  }
  return sums;
}

/** As `scoresOf`, of one row. */
export function scoreOf(forest: Forest, features: readonly number[]): number {
  return scoresOf(forest, [features])[0] ?? 0;
}

/** Log-odds as a probability. */
export function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
