import type { Token } from '../language/tokenize.ts';
import type { NameMention } from './mention.ts';

/** Words that many names have; finding one says less than finding another. */
const generic: ReadonlySet<string> = new Set('id code number name type date of the in value key'.split(' '));

const faint: ReadonlySet<string> = new Set(
  'of the in line detail description text info information range billion million thousand usd eur dollar euro km kg cm mm lb ft mph meter'.split(
    ' ',
  ),
);

const weightOf = (word: string): number => {
  if (/^\d+$/.test(word)) {
    return 0.1;
  }
  return faint.has(word) ? 0.4 : generic.has(word) ? 0.7 : 1;
};

const gap = new Set(['of', 'the', 'in', 'a', 'for', 'to']);

/** Windows of tokens that cover as many of a name's words as they can; overlapping ones give way to the best. */
export function mentionsOf(
  kind: 'column' | 'table',
  id: number,
  own: readonly string[],
  all: readonly string[],
  anchors: readonly number[],
  matches: readonly ReadonlyMap<string, number>[],
  tokens: readonly Token[],
): NameMention[] {
  const found: NameMention[] = [];
  const total = own.reduce((sum, word) => sum + weightOf(word), 0);
  for (const anchor of anchors) {
    const used = new Map<string, number>();
    let end = anchor;
    for (let index = anchor; index < matches.length; index++) {
      const best = bestUnused(matches[index], all, used);
      if (best === null) {
        const lower = tokens[index]?.lower ?? '';
        if (index === end && gap.has(lower) && index > anchor) {
          end = index + 1;
          continue;
        }
        break;
      }
      used.set(best[0], best[1]);
      end = index + 1;
    }
    while (end > anchor && bestUnused(matches[end - 1], all, new Map()) === null) {
      end--;
    }
    if (used.size === 0) {
      continue;
    }
    // In `the number of rooms`, `number` counts; it names a column only together with what follows.
    if (
      used.size === 1 &&
      own.length > 1 &&
      tokens[anchor]?.lemma === 'number' &&
      tokens[anchor + 1]?.lower === 'of'
    ) {
      continue;
    }
    shareHead(all, used, end, matches, tokens);
    let sum = 0;
    let weakest = 1;
    for (const [word, score] of used) {
      if (own.includes(word)) {
        sum += weightOf(word) * score;
      }
      weakest = Math.min(weakest, score);
    }
    if (sum === 0) {
      continue;
    }
    const bonus = used.size > own.filter((word) => used.has(word)).length ? 0.05 : 0;
    let score = sum / total + bonus;
    // The last word of a table's name says what its rows are: `orders` may mean customer_orders.
    const head = all.at(-1);
    if (kind === 'table' && head !== undefined && (used.get(head) ?? 0) >= 0.85) {
      score = Math.max(score, 0.75);
    }
    // So does the last word of a column's, unless many names end so: `price` may mean unit_price.
    const last = own.at(-1);
    if (
      kind === 'column' &&
      own.length === 2 &&
      last !== undefined &&
      !generic.has(last) &&
      last !== 'address' &&
      (used.get(last) ?? 0) >= 0.85
    ) {
      score = Math.max(score, 0.7);
    }
    if (score >= 0.3) {
      found.push({ kind, id, start: anchor, end, score, weakest });
    }
  }
  found.sort((a, b) => b.score - a.score || a.end - a.start - (b.end - b.start));
  const kept: NameMention[] = [];
  for (const mention of found) {
    if (!kept.some((other) => mention.start < other.end && other.start < mention.end)) {
      kept.push(mention);
    }
  }
  return kept;
}

/** `first and last name`: the first of two names borrows the word that ends the second. */
function shareHead(
  words: readonly string[],
  used: Map<string, number>,
  end: number,
  matches: readonly ReadonlyMap<string, number>[],
  tokens: readonly Token[],
): void {
  const joint = tokens[end]?.lower;
  if (joint !== 'and' && joint !== 'or' && joint !== ',' && joint !== '/') {
    return;
  }
  for (let index = end + 1; index < Math.min(matches.length, end + 4); index++) {
    if (tokens[index]?.kind === 'mark') {
      return;
    }
    const best = bestUnused(matches[index], words, used);
    if (best === null || best[1] < 0.9 || best[0] !== words.at(-1)) {
      continue;
    }
    if (index > end + 1 || used.size + 1 === words.length) {
      used.set(best[0], best[1] * 0.95);
    }
  }
}

function bestUnused(
  matches: ReadonlyMap<string, number> | undefined,
  words: readonly string[],
  used: ReadonlyMap<string, number>,
): readonly [string, number] | null {
  if (matches === undefined || matches.size === 0) {
    return null;
  }
  let best: readonly [string, number] | null = null;
  for (const word of words) {
    const score = matches.get(word);
    if (score !== undefined && !used.has(word) && (best === null || score > best[1])) {
      best = [word, score];
    }
  }
  return best;
}
