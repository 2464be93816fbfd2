import plain from '../data/plain.json' with { type: 'json' };
import { lemmaOf } from '../language/lemma.ts';

/** Words of plain questions that mean the same for every schema, as sets. */
export const words = {
  asking: new Set(plain.asking),
  passed: new Set(plain.passed),
  owning: new Set(plain.owning),
  neutral: new Set(plain.neutral),
  prepositions: new Set(plain.prepositions),
  negators: new Set(plain.negators),
  lacking: new Set(plain.lacking),
  due: new Set(plain.dueWords),
  overdue: new Set(plain.overdue),
  beginning: new Set(plain.beginning),
  ending: new Set(plain.ending),
  settled: new Set(plain.settledWords),
  revenue: new Set(plain.revenue),
  masses: new Set(plain.masses),
  paidMost: new Set(plain.paidMost),
  money: new Set(plain.money),
  amounts: new Set(plain.amounts),
  people: new Set(plain.people),
  closing: new Set(plain.closing),
  currency: new Set(plain.currency),
} as const;

/** Other words for a state, and words for its opposite. */
export function otherStates(word: string): {
  readonly same: readonly string[];
  readonly opposite: readonly string[];
} {
  const same = plain.same.flatMap(([said, means]) => (said === word && means !== undefined ? [means] : []));
  const opposite = plain.opposites.flatMap(([said, others]) =>
    said?.includes(word) === true ? (others ?? []) : [],
  );
  return { same, opposite };
}

/** What an adjective measures: words of columns that grow with it, and of those that fall (a date of birth with age). */
export interface Measured {
  readonly up: boolean;
  readonly of: readonly string[];
  readonly back?: readonly string[];
}

const adjectives: Readonly<Record<string, Measured>> = plain.adjectives;
const irregular: Readonly<Record<string, string>> = plain.irregular;

/** The adjective of a comparative or superlative: `older`, `cheapest`, `biggest`; null for any other word. */
function adjectiveOf(word: string, ending: 'er' | 'est'): string | null {
  const known = Object.hasOwn(irregular, word) ? irregular[word] : undefined;
  if (known !== undefined) {
    return known;
  }
  if (!word.endsWith(ending)) {
    return null;
  }
  const stem = word.slice(0, -ending.length);
  return (
    [stem, `${stem}e`, stem.replace(/i$/u, 'y'), stem.replace(/(.)\1$/u, '$1')].find((each) =>
      Object.hasOwn(adjectives, each),
    ) ?? null
  );
}

/** Reads a comparative or a superlative at a place: `older`, `more expensive`, `least expensive`. */
export function measuredAt(
  lowers: readonly string[],
  at: number,
  degree: 'more' | 'most',
): { readonly adjective: Measured; readonly end: number; readonly reversed: boolean } | null {
  const word = lowers[at] ?? '';
  const fewer = degree === 'more' ? 'less' : 'least';
  if (word === degree || word === fewer) {
    const adjective = adjectives[lemmaOf(lowers[at + 1] ?? '')] ?? adjectives[lowers[at + 1] ?? ''];
    return adjective === undefined ? null : { adjective, end: at + 2, reversed: word === fewer };
  }
  const base =
    adjectiveOf(word, degree === 'more' ? 'er' : 'est') ??
    (degree === 'most' && word === 'latest' ? 'late' : null);
  const adjective = base === null ? undefined : adjectives[base];
  return adjective === undefined ? null : { adjective, end: at + 1, reversed: false };
}

/** The unit that a word of a question or a column names; null for none. */
export function unitOf(word: string): string | null {
  return unitNames.get(word) ?? unitNames.get(lemmaOf(word)) ?? null;
}

const unitNames: ReadonlyMap<string, string> = new Map(
  Object.entries(plain.units).flatMap(([unit, names]) => names.map((name) => [name, unit] as const)),
);

/** How many of the smaller unit make one of the larger. */
const factors: Readonly<Record<string, number>> = {
  'hour minute': 60,
  'hour second': 3600,
  'minute second': 60,
  'day hour': 24,
  'minute hour': 1 / 60,
  'second minute': 1 / 60,
  'kg g': 1000,
  'km m': 1000,
  'm cm': 100,
};

/** What a number of one unit is in another; null where they don't convert. */
export function converted(number: number, from: string, to: string): number | null {
  return from === to
    ? number
    : factors[`${from} ${to}`] === undefined
      ? null
      : number * (factors[`${from} ${to}`] ?? 1);
}
