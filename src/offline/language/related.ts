import adjectives from '../data/adjectives.json' with { type: 'json' };
import asksFor from '../data/asks-for.json' with { type: 'json' };
import type { Relatedness } from './similarity.ts';

/** What is known of English words: which there are, and which mean nearly the same. */
export interface Words {
  readonly related: Relatedness;
  readonly isWord: (word: string) => boolean;
}

/** Words of `data/asks-for.json` whose first name is what they nearly always mean. */
const measures: ReadonlySet<string> = new Set(adjectives.measures);

/** Words that say how a thing is, or what it does, and name no column: nobody asks to see the expensive. */
export const predicates: ReadonlySet<string> = new Set(adjectives.predicates);

/** Loads the vectors and synonyms of `data/words.json`. */
export async function loadWords(): Promise<Words> {
  const { default: data } = await import('../data/words.json', { with: { type: 'json' } });
  const rows = new Map(data.words.split(' ').map((word, row) => [word, row]));
  const bytes = Buffer.from(data.vectors, 'base64');
  const vectors = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const { dimensions } = data;
  // Each with a blank before and behind it, so that a word can be looked for as it stands.
  const synonyms = new Map(
    data.synonyms.split('\n').map((line) => {
      const blank = line.indexOf(' ');
      return [line.slice(0, blank), `${line.slice(blank)} `];
    }),
  );
  const isMate = (word: string, other: string): boolean =>
    synonyms.get(word)?.includes(` ${other} `) === true;
  const asked = new Map<string, readonly string[]>(Object.entries(asksFor));
  const norms = new Map<number, number>();
  const normOf = (row: number): number => {
    let norm = norms.get(row);
    if (norm === undefined) {
      let sum = 0;
      for (let index = 0; index < dimensions; index++) {
        sum += (vectors[row * dimensions + index] ?? 0) ** 2;
      }
      norm = Math.sqrt(sum) || 1;
      norms.set(row, norm);
    }
    return norm;
  };
  const cosine = (left: string, right: string): number => {
    const a = rows.get(left);
    const b = rows.get(right);
    if (a === undefined || b === undefined) {
      return 0;
    }
    let sum = 0;
    for (let index = 0; index < dimensions; index++) {
      sum += (vectors[a * dimensions + index] ?? 0) * (vectors[b * dimensions + index] ?? 0);
    }
    return sum / (normOf(a) * normOf(b));
  };
  return {
    isWord: (word) => rows.has(word),
    related(left, right) {
      const place = asked.get(left)?.indexOf(right) ?? -1;
      if (place >= 0) {
        return place === 0 && measures.has(left) ? 0.92 : 0.8;
      }
      const near = cosine(left, right);
      const mates = isMate(left, right) || isMate(right, left);
      if (mates) {
        return Math.min(0.78, 0.6 + Math.max(0, near) * 0.25);
      }
      return near < 0.45 ? 0 : Math.min(0.7, near * 0.85);
    },
  };
}
