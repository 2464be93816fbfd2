import harmless from '../data/harmless.json' with { type: 'json' };
import { lemmaOf } from '../language/lemma.ts';
import { numberWords } from '../language/lexicon.ts';
import { plural } from '../language/plural.ts';
import { type Token, tokenize } from '../language/tokenize.ts';
import { fold, type ValueLookup } from '../link/values.ts';
import { words as plainWords } from '../plain/words.ts';
import { type Entry, plainForm, type Tongue } from './tongue.ts';

/** A word of the translated question, with its place in the one that was asked. */
interface Word {
  readonly text: string;
  readonly kind: Entry['kind'] | 'kept';
  readonly token: Token;
  readonly end: number;
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
  {
    isMixed = false,
    storedFirst = true,
  }: { readonly isMixed?: boolean; readonly storedFirst?: boolean } = {},
): readonly Token[] | null {
  const plain = question.replace(/[¿¡]/gu, ' ');
  const tokens = tokenize(
    plain.replace(/\b([Ee])-([Mm]ail)/gu, '$1 $2').replace(/([Mm]ail)-(?=\p{L})/gu, '$1 '),
  );
  const words = wordsOf(tongue, tokens, lookup, { isMixed, storedFirst });
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
  { isMixed, storedFirst }: { readonly isMixed: boolean; readonly storedFirst: boolean },
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
      const base = endings.map((end) =>
        end === '' || token.lower.endsWith(end) ? token.text.slice(0, token.text.length - end.length) : '',
      );
      const stored = base.find((text) => text.length > 2 && isStored(text));
      if (stored !== undefined && (found === undefined || (storedFirst && found.entry.kind !== 'name'))) {
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

/** `Klavierkurse` as `Klavier` and `Kurse`: a stored value, and a name that it is put before. */
function partsOf(tongue: Tongue, token: Token, isStored: (text: string) => boolean): readonly Word[] | null {
  for (let cut = 4; cut <= token.text.length - 4; cut++) {
    const [head, tail] = [token.text.slice(0, cut), token.text.slice(cut)];
    const entry = tongue.entries.get(plainForm(tail));
    const value = [head, head.replace(/s$/u, ''), head.replace(/n$/u, ''), head.replace(/en$/u, '')].find(
      (text) => text.length > 3 && isStored(text),
    );
    if (entry?.kind === 'name' && value !== undefined) {
      const rest: Token = { ...token, text: tail, lower: tail.toLowerCase(), start: token.start + cut };
      return [
        { text: value, kind: 'kept', token: { ...token, end: token.start + cut }, end: token.start + cut },
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

const isYear = ({ text }: { readonly text: string }): boolean => /^(?:19|20)\d\d$/u.test(text);
const isTime = (word: Word | undefined): boolean =>
  word !== undefined &&
  (word.kind === 'time' ||
    isYear(word) ||
    word.token.kind === 'date' ||
    /^\d{1,2}\.\d{1,2}\.\d{4}$/u.test(word.text));
const isComma = (word: Word | undefined): boolean => word?.text === ',';
const isAuxiliary = (word: Word | undefined): boolean =>
  /^(?:are|is|have|has)$/u.test(word?.text ?? '') && word?.kind === 'phrase';
const isNegator = (word: Word | undefined): boolean => /^(?:not|never)$/u.test(word?.text ?? '');

/** German puts what was done at the end, `die 2025 beigetreten sind`: English has it first. */
function germanOrder(words: readonly Word[]): Word[] {
  const clauses: Word[][] = [[]];
  words.forEach((word, at) => {
    const opens =
      isComma(words[at - 1]) &&
      /^(?:the|which|a)$/u.test(word.text) &&
      /^(?:die|der|das|den|denen|welche)$/u.test(word.token.lower);
    if (opens) {
      clauses.at(-1)?.pop();
      clauses.push([{ ...word, text: 'that' }]);
    } else if (word.token.lower === 'nach') {
      clauses.at(-1)?.push({ ...word, text: isTime(words[at + 1]) ? 'after' : 'by' });
    } else {
      clauses.at(-1)?.push(word);
    }
  });
  return clauses.flatMap((clause) => {
    const marks = clause.filter(({ token }, at) => token.kind === 'mark' && at >= clause.length - 1);
    const inner = clause.slice(0, clause.length - marks.length);
    const isLastAuxiliary = isAuxiliary(inner.at(-1));
    const kept = isLastAuxiliary ? inner.slice(0, -1) : inner;
    const owns = inner.at(-1);
    if (
      kept[0]?.text === 'that' &&
      owns !== undefined &&
      /^ha(?:ve|s)$/u.test(owns.text) &&
      kept.at(-1)?.kind !== 'verb'
    ) {
      const no = kept.filter(isNegator);
      return [
        ...kept.slice(0, 1),
        ...no,
        owns,
        ...kept.slice(1).filter((word) => !no.includes(word)),
        ...marks,
      ];
    }
    const done = kept.at(-1);
    const from = kept[0]?.text === 'that' ? 0 : kept.findIndex(isAuxiliary);
    if (done?.kind !== 'verb' || from < 0 || from >= kept.length - 1) {
      return [...kept, ...marks];
    }
    const rest = kept.slice(from + 1, -1);
    const negator = rest.findIndex(isNegator);
    const aux = kept[from];
    const isHaving = /^ha(?:ve|s)$/u.test(aux?.text ?? '');
    return [
      ...kept.slice(0, from),
      ...(isHaving || aux === undefined ? [] : [aux]),
      ...(negator < 0 ? [] : rest.slice(negator, negator + 1)),
      done,
      ...rest.filter((_, index) => index !== negator),
      ...marks,
    ];
  });
}

/** `más caras` is the most expensive, `más caras que` more so than; `de marzo` is in March; `que` asks or leads on. */
function spanishOrder(words: readonly Word[]): Word[] {
  return words.map((word, at) => {
    const { lower } = word.token;
    const [before, next, after] = [words[at - 1], words[at + 1], words[at + 2]];
    if (/^(?:más|mas|menos)$/u.test(lower) && word.kind === 'kept') {
      const compares = plainForm(after?.token.lower ?? '') === 'que';
      const less = lower === 'menos';
      if (next?.kind === 'adjective') {
        return { ...word, text: compares ? (less ? 'less' : 'more') : less ? 'least' : 'most' };
      }
      return { ...word, text: less ? 'the fewest' : 'the most' };
    }
    if (lower === 'que' && at > 0) {
      const compared = /^(?:más|mas|menos)$/u.test(words[at - 2]?.token.lower ?? '');
      return { ...word, text: compared ? 'than' : 'that' };
    }
    if (lower === 'de' || lower === 'del') {
      if (word.text !== 'from') {
        return word;
      }
      if (isTime(next)) {
        return { ...word, text: isTime(before) ? '' : 'in' };
      }
      return { ...word, text: /^(?:total|average)$/u.test(before?.text ?? '') ? '' : 'of' };
    }
    return word;
  });
}

const leadsToTime = /^(?:in|since|before|after|until|between|and|or|of|from|to|than|over|under)$/u;

/** `precio medio` is the average price. */
function amountsFirst(words: readonly Word[]): Word[] {
  const moved = [...words];
  moved.forEach((word, at) => {
    const before = moved[at - 1];
    if (/^(?:total|average)$/u.test(word.text) && before?.kind === 'name') {
      moved[at - 1] = word;
      moved[at] = before;
    }
  });
  return moved;
}

/** `Umsatz pro Monat 2026`: a year by itself is one in which something was. */
function withYears(words: readonly Word[]): Word[] {
  return words.flatMap((word, at) => {
    const before = words[at - 1];
    const isLed = before === undefined || leadsToTime.test(before.text) || before.kind === 'time';
    return isYear(word) && !isLed ? [{ ...word, kind: 'phrase', text: 'in' }, word] : [word];
  });
}

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
