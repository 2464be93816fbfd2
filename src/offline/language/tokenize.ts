import { lemmaOf } from './lemma.ts';
import { numberWords } from './lexicon.ts';

/** A piece of a question. */
export interface Token {
  readonly kind: 'word' | 'number' | 'date' | 'quoted' | 'mark';
  /** As written; of a quoted token, what stands between the quotes. */
  readonly text: string;
  readonly lower: string;
  readonly lemma: string;
  /** Offsets into the question, of the whole token with its quotes. */
  readonly start: number;
  readonly end: number;
  /** The value of a number, whether in digits or in words. */
  readonly number: number | null;
  /** Whether the text is the English for what was written. */
  readonly translated?: true;
}

const pattern =
  /(?<date>\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?|\d{4}-(?:0[1-9]|1[0-2])(?![\d-])|\d{1,2}\/\d{1,2}\/\d{2,4}|(?:0?[1-9]|1[0-2])\/(?:19|20)\d{2}(?!\d)|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})(?![\d.]|\.?\w))|(?<shortYear>(?<=\s)['’]\d{2}(?![\w]))|(?<number>(?<![\w-])-(?=\d)\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w])|\d+(?:\.\d+)?(?![\w.-]*[\p{L}]))|(?<mail>\be-mails?\b)|(?<word>[\p{L}\p{N}_]+(?:\.(?=[\p{L}\p{N}])[\p{L}\p{N}_]+)*)|(?<possessive>['’]s?\b)|(?<mark>[^\s])/gu;

const quoted =
  /"([^"]+)"|“([^”]+)”|(?<![\p{L}\p{N}])'([^']+(?:'(?=[\p{L}])[^']*)*)'(?![\p{L}\p{N}])|‘([^’]+)’|`([^`]+)`/gu;

/** Cuts a question into tokens: words, numbers (also as words), dates, quoted texts and marks. */
export function tokenize(question: string): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  for (const match of question.matchAll(quoted)) {
    words(question, from, match.index, tokens);
    const text = (match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? '').trim();
    const lower = text.toLowerCase();
    const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
    tokens.push({
      kind: 'quoted',
      text,
      lower,
      lemma: lower,
      start: match.index,
      end: match.index + match[0].length,
      number,
    });
    from = match.index + match[0].length;
  }
  words(question, from, question.length, tokens);
  return tokens;
}

function words(question: string, from: number, to: number, tokens: Token[]): void {
  for (const match of question.slice(from, to).matchAll(pattern)) {
    const text = match[0];
    const groups = match.groups ?? {};
    if (groups['possessive'] !== undefined) {
      continue;
    }
    const start = from + match.index;
    const lower = text.toLowerCase();
    const base = { text, lower, start, end: start + text.length };
    if (groups['date'] !== undefined) {
      tokens.push({ kind: 'date', lemma: lower, number: null, ...base });
    } else if (groups['shortYear'] !== undefined) {
      // `'24` is a year, and never the number 24.
      const year = `20${text.slice(1)}`;
      tokens.push({ kind: 'date', number: null, ...base, lower: year, lemma: year });
    } else if (groups['number'] !== undefined) {
      tokens.push({ kind: 'number', lemma: lower, number: Number(text.replaceAll(',', '')), ...base });
    } else if (groups['mail'] !== undefined) {
      tokens.push({ kind: 'word', number: null, ...base, lower: 'email', lemma: 'email' });
    } else if (groups['word'] !== undefined) {
      const number = Object.hasOwn(numberWords, lower) ? (numberWords[lower] ?? null) : null;
      tokens.push({ kind: 'word', lemma: lemmaOf(lower), number, ...base });
    } else {
      tokens.push({ kind: 'mark', lemma: text, number: null, ...base });
    }
  }
}
