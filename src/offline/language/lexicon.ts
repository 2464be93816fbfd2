import cues from '../data/cues.json' with { type: 'json' };
import numbers from '../data/numbers.json' with { type: 'json' };
import stops from '../data/stop-words.json' with { type: 'json' };

/** Numbers that people write as words. */
export const numberWords: Readonly<Record<string, number>> = numbers;

/** What a word or phrase of a question hints at, independent of any schema: a key of `data/cues.json`. */
export type Cue = keyof typeof cues | 'comma';

/** Cues that ask how many, how much, or for an extreme. */
export const measureCues: readonly Cue[] = [
  'count',
  'avg',
  'sum',
  'max',
  'min',
  'most',
  'least',
  'adjmax',
  'adjmin',
];

const phrases = Object.entries(cues) as [keyof typeof cues, readonly string[]][];

const byFirst = new Map<string, { cue: Cue; words: readonly string[] }[]>();
for (const [cue, list] of phrases) {
  for (const phrase of list) {
    const words = phrase.split(' ');
    const first = words[0] ?? '';
    const found = byFirst.get(first) ?? [];
    found.push({ cue, words });
    byFirst.set(first, found);
  }
}

/** Every word of a cue phrase. */
export const cueWords: ReadonlySet<string> = new Set(
  phrases.flatMap(([, list]) => list.flatMap((phrase) => phrase.split(' '))),
);

/** A cue where it stands: tokens `start` up to, not including, `end`. */
export interface CueMention {
  readonly cue: Cue;
  readonly start: number;
  readonly end: number;
}

/** Cues that may ask for the most or fewest rows. */
const counting: readonly Cue[] = ['most', 'least', 'min'];

/** Every cue phrase in a list of lower-case words; phrases may lie over one another. */
export function findCues(words: readonly string[]): CueMention[] {
  const found: CueMention[] = [];
  words.forEach((word, start) => {
    const longest = new Map<Cue, number>();
    for (const { cue, words: phrase } of byFirst.get(word) ?? []) {
      if (phrase.every((part, offset) => words[start + offset] === part)) {
        longest.set(cue, Math.max(longest.get(cue) ?? 0, phrase.length));
      }
    }
    // In `most expensive`, `most` counts no rows.
    for (const cue of counting) {
      if (/^(expensive|recent|recently)$/.test(words[start + (longest.get(cue) ?? 0)] ?? '')) {
        longest.delete(cue);
      }
    }
    if (word === ',') {
      longest.set('comma', 1);
    }
    for (const [cue, length] of longest) {
      found.push({ cue, start, end: start + length });
    }
  });
  return found;
}

/** Words that carry no meaning of their own for a schema. */
export const stopWords: ReadonlySet<string> = new Set(stops);
