import type { Catalog } from '../catalog/catalog.ts';
import { stopWords } from '../language/lexicon.ts';
import type { Token } from '../language/tokenize.ts';
import { type Relatedness, similarity } from './similarity.ts';
import { fold, type StoredValue, type ValueLookup } from './values.ts';

/** Words of a question (tokens `start` up to, not including, `end`) that may name a column or a table. */
export interface NameMention {
  readonly kind: 'column' | 'table';
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** Weighted share of the name's words found, times how well they match. */
  readonly score: number;
  /** The worst match of a word. */
  readonly weakest: number;
}

/** Words that may be a stored value. */
export interface ValueMention {
  readonly value: StoredValue;
  readonly start: number;
  readonly end: number;
  /** `exact` folded spelling; `near` a few edits off; `part` of a longer stored value; `code` such as F for female. */
  readonly match: 'exact' | 'near' | 'part' | 'code';
}

export interface Mentions {
  readonly columns: readonly NameMention[];
  readonly tables: readonly NameMention[];
  readonly values: readonly ValueMention[];
}

/** Words that many names have; finding one says less than finding another. */
const generic: ReadonlySet<string> = new Set('id code number name type date of the in value key'.split(' '));

const faint: ReadonlySet<string> = new Set(
  'of the in line detail description text info information range'.split(' '),
);

const weightOf = (word: string): number => {
  if (/^\d+$/.test(word)) return 0.1;
  return faint.has(word) ? 0.4 : generic.has(word) ? 0.7 : 1;
};

/** An index of a catalog's words, made once, that finds names in questions. */
export interface Linker {
  find(tokens: readonly Token[]): { columns: NameMention[]; tables: NameMention[] };
}

export function makeLinker(catalog: Catalog, related: Relatedness): Linker {
  const vocabulary = new Map<string, { columns: Set<number>; tables: Set<number> }>();
  const entry = (word: string): { columns: Set<number>; tables: Set<number> } => {
    let found = vocabulary.get(word);
    if (found === undefined) {
      found = { columns: new Set(), tables: new Set() };
      vocabulary.set(word, found);
    }
    return found;
  };
  for (const column of catalog.columns)
    for (const word of [...column.words, ...column.commentWords.filter((w) => !stopWords.has(w))])
      entry(word).columns.add(column.id);
  for (const table of catalog.tables) for (const word of table.words) entry(word).tables.add(table.id);
  const words = [...vocabulary.keys()];
  const cache = new Map<string, ReadonlyMap<string, number>>();

  const matchesOf = (token: Token): ReadonlyMap<string, number> => {
    const key = token.lemma;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const found = new Map<string, number>();
    if (token.kind === 'word' && !stopWords.has(token.lower) && !stopWords.has(token.lemma))
      for (const word of words) {
        const score = Math.max(similarity(token.lemma, word, related), token.lower === word ? 1 : 0);
        if (score >= 0.45) found.set(word, score);
      }
    else if (token.kind === 'word' || token.kind === 'number')
      if (vocabulary.has(token.lower)) found.set(token.lower, 1);
    if (cache.size > 5000) cache.clear();
    cache.set(key, found);
    return found;
  };

  return {
    find(tokens) {
      const matches = tokens.map(matchesOf);
      const columns = new Map<number, number[]>();
      const tables = new Map<number, number[]>();
      matches.forEach((found, index) => {
        if (tokens[index] !== undefined && stopWords.has(tokens[index].lower)) return;
        for (const word of found.keys()) {
          const ids = vocabulary.get(word);
          for (const id of ids?.columns ?? []) push(columns, id, index);
          for (const id of ids?.tables ?? []) push(tables, id, index);
        }
      });
      const columnMentions = [...columns].flatMap(([id, anchors]) => {
        const column = catalog.columns[id];
        return column === undefined
          ? []
          : mentionsOf('column', id, column.ownWords, column.words, anchors, matches, tokens);
      });
      const tableMentions = [...tables].flatMap(([id, anchors]) => {
        const table = catalog.tables[id];
        return table === undefined
          ? []
          : mentionsOf('table', id, table.words, table.words, anchors, matches, tokens);
      });
      const all = [...columnMentions, ...tableMentions];
      return {
        columns: columnMentions.filter((mention) => !isOutdone(mention, all)),
        tables: tableMentions.filter((mention) => !isOutdone(mention, all)),
      };
    },
  };
}

/** Whether a mention rests on words that are merely related where another names the same words outright. */
function isOutdone(mention: NameMention, all: readonly NameMention[]): boolean {
  if (mention.weakest >= 0.85) return false;
  return all.some(
    (other) =>
      other.start < mention.end &&
      mention.start < other.end &&
      ((other.weakest >= 0.85 && other.score >= 0.7) || other.score > mention.score + 0.25),
  );
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (list[list.length - 1] !== value) list.push(value);
}

const gap = new Set(['of', 'the', 'in', 'a', 'for', 'to']);

/** Windows of tokens that cover as many of a name's words as they can; overlapping ones give way to the best. */
function mentionsOf(
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
    while (end > anchor && bestUnused(matches[end - 1], all, new Map()) === null) end--;
    if (used.size === 0) continue;
    // In `the number of rooms`, `number` counts; it names a column only together with what follows.
    if (
      used.size === 1 &&
      own.length > 1 &&
      tokens[anchor]?.lemma === 'number' &&
      tokens[anchor + 1]?.lower === 'of'
    )
      continue;
    shareHead(all, used, end, matches, tokens);
    let sum = 0;
    let weakest = 1;
    for (const [word, score] of used) {
      if (own.includes(word)) sum += weightOf(word) * score;
      weakest = Math.min(weakest, score);
    }
    if (sum === 0) continue;
    const bonus = used.size > own.filter((word) => used.has(word)).length ? 0.05 : 0;
    let score = sum / total + bonus;
    // The last word of a table's name says what its rows are: `orders` may mean customer_orders.
    const head = all.at(-1);
    if (kind === 'table' && head !== undefined && (used.get(head) ?? 0) >= 0.85)
      score = Math.max(score, 0.75);
    // So does the last word of a column's, unless many names end so: `price` may mean unit_price.
    const last = own.at(-1);
    if (
      kind === 'column' &&
      own.length === 2 &&
      last !== undefined &&
      !generic.has(last) &&
      last !== 'address' &&
      (used.get(last) ?? 0) >= 0.85
    )
      score = Math.max(score, 0.7);
    if (score >= 0.3) found.push({ kind, id, start: anchor, end, score, weakest });
  }
  found.sort((a, b) => b.score - a.score || a.end - a.start - (b.end - b.start));
  const kept: NameMention[] = [];
  for (const mention of found)
    if (!kept.some((other) => mention.start < other.end && other.start < mention.end)) kept.push(mention);
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
  if (joint !== 'and' && joint !== 'or' && joint !== ',' && joint !== '/') return;
  for (let index = end + 1; index < Math.min(matches.length, end + 4); index++) {
    if (tokens[index]?.kind === 'mark') return;
    const best = bestUnused(matches[index], words, used);
    if (best === null || best[1] < 0.9 || best[0] !== words.at(-1)) continue;
    if (index > end + 1 || used.size + 1 === words.length) used.set(best[0], best[1] * 0.95);
  }
}

function bestUnused(
  matches: ReadonlyMap<string, number> | undefined,
  words: readonly string[],
  used: ReadonlyMap<string, number>,
): readonly [string, number] | null {
  if (matches === undefined || matches.size === 0) return null;
  let best: readonly [string, number] | null = null;
  for (const word of words) {
    const score = matches.get(word);
    if (score !== undefined && !used.has(word) && (best === null || score > best[1])) best = [word, score];
  }
  return best;
}

const genderCodes: Readonly<Record<string, readonly string[]>> = {
  female: ['f', 'female', 'w', 'woman'],
  male: ['m', 'male', 'man'],
  woman: ['f', 'female', 'w'],
  man: ['m', 'male'],
  girl: ['f', 'female'],
  boy: ['m', 'male'],
  females: ['f', 'female'],
  males: ['m', 'male'],
};

/** Finds stored values in a question: runs of up to eight tokens, quoted texts, codes, near spellings. */
export function findValues(
  question: string,
  tokens: readonly Token[],
  catalog: Catalog,
  lookup: ValueLookup,
): ValueMention[] {
  const found: ValueMention[] = [];
  const covered = new Set<number>();
  tokens.forEach((first, start) => {
    if (first.kind === 'mark') return;
    for (let end = Math.min(tokens.length, start + 8); end > start; end--) {
      const last = tokens[end - 1];
      if (last === undefined || last.kind === 'mark') continue;
      if (
        end - start === 1 &&
        ((stopWords.has(first.lower) && !isCode(first)) || (first.kind === 'number' && first.text.length < 3))
      )
        continue;
      const folded = fold(
        first.kind === 'quoted' && end - start === 1 ? first.text : question.slice(first.start, last.end),
      );
      if (folded === '') continue;
      const values = lookup.exact(folded);
      if (values.length === 0) continue;
      for (const value of values) found.push({ value, start, end, match: 'exact' });
      for (let index = start; index < end; index++) covered.add(index);
    }
  });
  tokens.forEach((token, index) => {
    const codes = Object.hasOwn(genderCodes, token.lemma) ? genderCodes[token.lemma] : undefined;
    if (codes !== undefined)
      for (const code of codes)
        for (const value of lookup.exact(code))
          if (
            value.text.toLowerCase() === code &&
            /gender|sex/.test(catalog.columns[value.column]?.words.join(' ') ?? '')
          )
            if (!found.some((other) => other.start === index && other.value.column === value.column))
              found.push({ value, start: index, end: index + 1, match: 'code' });
    if (covered.has(index)) return;
    const named =
      token.kind === 'quoted' || (token.kind === 'word' && index > 0 && /^\p{Lu}/u.test(token.text));
    if (!named) return;
    const folded = fold(token.text);
    const near = lookup.near(folded);
    for (const value of near) found.push({ value, start: index, end: index + 1, match: 'near' });
    if (near.length === 0 && folded.length >= 3)
      for (const value of lookup.containing(folded))
        found.push({ value, start: index, end: index + 1, match: 'part' });
  });
  return found;
}

/** An upper-case word among others that are not, such as the division AS or the grade A. */
function isCode(token: Token): boolean {
  return /^\p{Lu}+$/u.test(token.text) && token.text !== 'I' && token.start > 0;
}
