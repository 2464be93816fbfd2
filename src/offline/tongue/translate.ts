import harmless from '../data/harmless.json' with { type: 'json' };
import { lemmaOf } from '../language/lemma.ts';
import { numberWords } from '../language/lexicon.ts';
import { plural } from '../language/plural.ts';
import { type Token, tokenize } from '../language/tokenize.ts';
import { fold, type ValueLookup } from '../link/values.ts';
import { words as plainWords } from '../plain/words.ts';
import { withNumbers } from './numbers.ts';
import { amountsFirst, germanOrder, spanishOrder, type Word, withYears } from './order.ts';
import { type Entry, plainForm, type Tongue } from './tongue.ts';

/** What is taken for what. */
interface Choices {
  readonly isMixed: boolean;
  /** A verb or an adjective that is stored too is that value. */
  readonly storedFirst: boolean;
  /** So is a name: `Katzen`, where animals are of the kind `Katze`. */
  readonly storedNames: boolean;
}

/**
 * The tokens of a question in another language as those of an English one: words by the tongue's table, in the order that
 * English has them; names, values and what the table lacks as they are. Of a question that mixes English with names of the tongue, the names
 * alone. A word of the table that is a stored value too is that value, or the word. Null where the table knows none of the words.
 */
export function translated(
  tongue: Tongue,
  question: string,
  lookup: ValueLookup,
  { isMixed = false, storedFirst = true, storedNames = false }: Partial<Choices> = {},
): readonly Token[] | null {
  const plain = question.replace(/[¿¡]/gu, ' ');
  const tokens = withNumbers(
    tokenize(plain.replace(/\b([Ee])-([Mm]ail)/gu, '$1 $2').replace(/([Mm]ail)-(?=\p{L})/gu, '$1 ')),
    plain,
    isMixed,
  );
  const words = wordsOf(tongue, tokens, lookup, { isMixed, storedFirst, storedNames });
  if (!words.some(({ kind, text }) => kind !== 'kept' && text !== '')) {
    return null;
  }
  if (isMixed) {
    return words.flatMap(tokensOf);
  }
  const ordered = tongue.name === 'German' ? germanOrder(words) : amountsFirst(spanishOrder(words));
  return withYears(ordered.filter(({ text }) => text !== '')).flatMap(tokensOf);
}

function wordsOf(
  tongue: Tongue,
  tokens: readonly Token[],
  lookup: ValueLookup,
  { isMixed, storedFirst, storedNames }: Choices,
): Word[] {
  const { entries, endings } = tongue;
  const words: Word[] = [];
  const isStored = (text: string): boolean => lookup.exact(fold(text)).length > 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) {
      break;
    }
    const found = [4, 3, 2, 1].flatMap((length) => {
      const run = tokens.slice(at, at + length);
      const entry =
        run.length === length && run.every(({ kind }) => kind === 'word' || kind === 'number')
          ? entries.get(run.map(({ text }) => plainForm(text)).join(' '))
          : undefined;
      const isTaken = entry !== undefined && (!isMixed || (mixing.has(entry.kind) && !isSmall(run)));
      return isTaken ? [{ entry, length }] : [];
    })[0];
    if (token.kind === 'word' && (found?.length ?? 1) === 1 && found?.entry.kind !== 'phrase') {
      // `stornierte` where `storniert` is stored is that value.
      const base = [...endings, ...(storedNames ? ['n'] : [])].map((end) =>
        end === '' || token.lower.endsWith(end) ? token.text.slice(0, token.text.length - end.length) : '',
      );
      const stored = base.find((text) => text.length > 2 && isStored(text));
      const isTold = found?.entry.kind === 'name' ? storedNames : storedFirst;
      if (stored !== undefined && (found === undefined || isTold)) {
        words.push({ text: stored, kind: 'kept', token, end: token.end });
        continue;
      }
    }
    const last = tokens[at + (found?.length ?? 1) - 1] ?? token;
    const parts = found === undefined && tongue.name === 'German' ? partsOf(tongue, token, isStored) : null;
    if (parts !== null) {
      words.push(...parts);
      continue;
    }
    words.push(
      found === undefined
        ? { text: token.text, kind: 'kept', token, end: token.end }
        : { text: englishOf(tongue, found.entry, last, words), kind: found.entry.kind, token, end: last.end },
    );
    at += (found?.length ?? 1) - 1;
  }
  return words;
}

/** What German puts before a name in one word, `Durchschnittspreis`, `Gesamtumsatz`. */
const heads: ReadonlyMap<string, string> = new Map([
  ['durchschnitts', 'average'],
  ['gesamt', 'total'],
]);

/** `Klavierkurse` as `Klavier` and `Kurse`: a stored value, and a name that it is put before. */
function partsOf(tongue: Tongue, token: Token, isStored: (text: string) => boolean): readonly Word[] | null {
  for (let cut = 4; cut <= token.text.length - 4; cut++) {
    const [head, tail] = [token.text.slice(0, cut), token.text.slice(cut)];
    const entry = tongue.entries.get(plainForm(tail));
    const value = [head, head.replace(/s$/u, ''), head.replace(/n$/u, ''), head.replace(/en$/u, '')].find(
      (text) => text.length > 3 && isStored(text),
    );
    const amount = heads.get(plainForm(head));
    if (entry?.kind === 'name' && (value !== undefined || amount !== undefined)) {
      const rest: Token = { ...token, text: tail, lower: tail.toLowerCase(), start: token.start + cut };
      return [
        {
          text: amount ?? value ?? head,
          kind: amount === undefined ? 'kept' : 'phrase',
          token: { ...token, end: token.start + cut },
          end: token.start + cut,
        },
        { text: englishOf(tongue, entry, rest, []), kind: 'name', token: rest, end: token.end },
      ];
    }
  }
  return null;
}

/** What of a tongue stands in an English question: names and states, no words that join others. */
const mixing: ReadonlySet<Entry['kind']> = new Set(['name', 'verb', 'adjective']);
const english: ReadonlySet<string> = new Set(harmless.words);
const isSmall = (run: readonly Token[]): boolean => run.every(({ lower }) => english.has(lower));

/** A name in the plural where it has that form, `productos`, or where an adjective before it says so: `die ältesten Fahrer`. */
function englishOf(
  tongue: Tongue,
  { english: text, kind, isOther }: Entry,
  { lower }: Token,
  before: readonly Word[],
): string {
  const [first, last] = [before.at(-2)?.token.lower ?? '', before.at(-1)];
  // `der älteste Schüler` is one.
  const isOne =
    last?.kind === 'superlative' && /e$/u.test(last.token.lower) && /^(?:der|die|das)$/u.test(first);
  const isPlural =
    tongue.name === 'Spanish'
      ? isOther && lower.endsWith('s')
      : (isOther && !isOne) ||
        (last?.kind === 'superlative' &&
          /en$/u.test(last.token.lower) &&
          !/^(?:den|dem|der|des)$/u.test(first));
  const counts = kind === 'name' && text !== '' && !text.split(' ').some((word) => measured.has(word));
  return counts && isPlural ? plural(text) : text;
}

/** What is added up where it is in the plural, and units. */
const measured: ReadonlySet<string> = new Set([
  ...plainWords.money,
  ...plainWords.amounts,
  ...plainWords.revenue,
  ...plainWords.masses,
  ...['euro', 'dollar', 'kg', 'km', 'percent', 'date', 'status', 'number', 'email', 'cash', 'damage'],
]);

function tokensOf({ text, kind, token, end }: Word): Token[] {
  if (kind === 'kept' && token.kind !== 'word') {
    return [token];
  }
  const isSame = kind === 'kept' && text === token.text;
  return text.split(' ').map((part) => {
    const lower = part.toLowerCase();
    const number = Object.hasOwn(numberWords, lower) ? (numberWords[lower] ?? null) : null;
    return {
      ...token,
      kind: 'word',
      text: part,
      lower,
      lemma: lemmaOf(lower),
      number: isSame ? token.number : number,
      end,
      ...(isSame ? {} : { translated: true as const }),
    };
  });
}
