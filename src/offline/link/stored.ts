import codes from '../../words/codes.json' with { type: 'json' };
import { lemmaOf } from '../language/lemma.ts';
import { stopWords } from '../language/lexicon.ts';
import { otherNames } from '../language/places.ts';
import type { Token } from '../language/tokenize.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { fold, type StoredValue, type ValueLookup } from './values.ts';

/** Words that may be a stored value. */
export interface ValueMention {
  readonly value: StoredValue;
  readonly start: number;
  readonly end: number;
  /** `exact` folded spelling; `near` a few edits off; `part` of a longer stored value; `code` such as F for female. */
  readonly match: 'exact' | 'near' | 'part' | 'code';
}

const genderCodes: Readonly<Record<string, readonly string[]>> = codes.gender;

/** Finds stored values in a question: runs of up to eight tokens, quoted texts, codes, near spellings. */
export function findValues(
  question: string,
  tokens: readonly Token[],
  schemaIndex: SchemaIndex,
  lookup: ValueLookup,
): ValueMention[] {
  const found: ValueMention[] = [];
  const covered = new Set<number>();
  tokens.forEach((first, start) => {
    if (first.kind === 'mark') {
      return;
    }
    for (let end = Math.min(tokens.length, start + 8); end > start; end--) {
      const last = tokens[end - 1];
      if (last === undefined || last.kind === 'mark') {
        continue;
      }
      if (
        end - start === 1 &&
        ((stopWords.has(first.lower) && !isCode(first)) || (first.kind === 'number' && first.text.length < 3))
      ) {
        continue;
      }
      const run = tokens.slice(start, end);
      const isTranslated = run.some(({ translated }) => translated === true);
      const folded = fold(
        isTranslated
          ? run.map(({ text }) => text).join(' ')
          : first.kind === 'quoted' && end - start === 1
            ? first.text
            : question.slice(first.start, last.end),
      );
      if (folded === '') {
        continue;
      }
      const values = exactly(folded, lookup);
      const isSmallWord = folded.length <= 2 && first.text !== first.text.toUpperCase();
      for (const value of end - start > 3 || isSmallWord ? [] : saidOtherwise(folded, schemaIndex, lookup)) {
        if (!values.includes(value)) {
          found.push({ value, start, end, match: 'code' });
        }
      }
      if (values.length === 0) {
        continue;
      }
      for (const value of values) {
        found.push({ value, start, end, match: 'exact' });
      }
      for (let index = start; index < end; index++) {
        covered.add(index);
      }
    }
  });
  tokens.forEach((token, index) => {
    const codes = Object.hasOwn(genderCodes, token.lemma) ? genderCodes[token.lemma] : undefined;
    if (codes !== undefined) {
      for (const code of codes) {
        for (const value of lookup.exact(code)) {
          if (
            value.text.toLowerCase() === code &&
            /gender|sex/.test(schemaIndex.columns[value.column]?.words.join(' ') ?? '')
          ) {
            if (!found.some((other) => other.start === index && other.value.column === value.column)) {
              found.push({ value, start: index, end: index + 1, match: 'code' });
            }
          }
        }
      }
    }
    if (covered.has(index)) {
      return;
    }
    const named =
      token.kind === 'quoted' || (token.kind === 'word' && index > 0 && /^\p{Lu}/u.test(token.text));
    if (!named) {
      return;
    }
    const folded = fold(token.text);
    const near = lookup.near(folded);
    for (const value of near) {
      found.push({ value, start: index, end: index + 1, match: 'near' });
    }
    if (near.length === 0 && folded.length >= 3) {
      for (const value of lookup.containing(folded)) {
        found.push({ value, start: index, end: index + 1, match: 'part' });
      }
    }
  });
  return found;
}

/** Values that are spelled so, or so in the singular: `no-shows`. */
function exactly(folded: string, lookup: ValueLookup): readonly StoredValue[] {
  const found = lookup.exact(folded);
  const one = folded.includes(' ') ? folded.replace(/\p{L}+$/u, lemmaOf) : folded;
  return found.length > 0 || one === folded ? found : lookup.exact(one);
}

/** Stored values of columns of places and times that are the same place by another name. */
function saidOtherwise(folded: string, schemaIndex: SchemaIndex, lookup: ValueLookup): StoredValue[] {
  return [...otherNames(folded)].flatMap((name) =>
    lookup.exact(name).filter((value) => {
      const words = schemaIndex.columns[value.column]?.words.join(' ') ?? '';
      return (
        fold(value.text) === name &&
        /country|nation|origin|citizen|state|province|region|month|day|language|location|territory/.test(
          words,
        )
      );
    }),
  );
}

/** An upper-case word among others that are not, such as the division AS or the grade A. */
function isCode(token: Token): boolean {
  return /^\p{Lu}+$/u.test(token.text) && token.text !== 'I' && token.start > 0;
}
