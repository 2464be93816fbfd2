import type { ValueIndex } from '../../model/model.ts';
import { lemmaOf } from '../language/lemma.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';

/** A stored value of a column, exactly as the database spells it. */
export interface StoredValue {
  readonly column: number;
  readonly text: string;
}

/** Finds stored values by a folded spelling. */
export interface ValueLookup {
  /** Values whose folded text is exactly `folded`. */
  exact(folded: string): readonly StoredValue[];
  /** Values at one or two edits from `folded`, nearest first, a few at most. */
  near(folded: string): readonly StoredValue[];
  /** Values that have `folded` as a whole word or run of words. */
  containing(folded: string): readonly StoredValue[];
  /** Every distinct value of a column; null where it has too many. */
  of(column: number): readonly string[] | null;
}

/** Letters that no decomposition makes plain. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
};

/** Case, accents and punctuation folded away; words apart by one blank. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþ]/gu, (letter) => plainLetters[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** As `fold`, with umlauts written out: `München` as `muenchen`. */
export const foldWritten = (text: string): string =>
  fold(text.normalize('NFC').replace(/[äöü]/giu, (letter) => `${letter.normalize('NFD').charAt(0)}e`));

/** A column with more values than this holds names, of which two that are nearly alike are two. */
export const mostLabels = 40;

/**
 * A label without what spelling leaves free: blanks between its parts, doubled letters, s for z, `spoilt` and `spoiled`,
 * `colour` and `color`, `centre` and `center`. Null for one that is too
 * short to be told from others by the rest, or has digits.
 */
export function labelKey(text: string): string | null {
  const written = foldWritten(text);
  return /^[\p{L} ]{5,}$/u.test(written)
    ? written
        .replaceAll(' ', '')
        .replace(/(?<=(?:oil|pil|pel|mel|arn|urn|eam|eap))t$/u, 'ed')
        .replace(/our(?=$|ed|ing|ite)/gu, 'or')
        .replace(/tre$/u, 'ter')
        .replace(/(\p{L})\1/gu, '$1')
        .replace(/is(?=[eia])/gu, 'iz')
    : null;
}

const longest = 80;

/** Indexes the values of a schema's text columns. Values longer than a name or title could be are left out. */
export function makeValueLookup(schemaIndex: SchemaIndex, values: ValueIndex): ValueLookup {
  const byFold = new Map<string, StoredValue[]>();
  const byWord = new Map<string, StoredValue[]>();
  const byLength = new Map<string, [string, StoredValue][]>();
  const perColumn = new Map<number, readonly string[] | null>();
  const add = (map: Map<string, StoredValue[]>, key: string, value: StoredValue): void => {
    const found = map.get(key);
    if (found === undefined) {
      map.set(key, [value]);
    } else if (found.length < 200) {
      found.push(value);
    }
  };
  for (const column of schemaIndex.columns) {
    const table = schemaIndex.tables[column.table];
    if (table === undefined) {
      continue;
    }
    const stored = column.column.values ?? values.valuesOf(table.schema, table.name, column.name);
    perColumn.set(column.id, stored);
    if (stored === null) {
      continue;
    }
    const numeric = column.class === 'number';
    for (const text of stored) {
      if (text.length > longest || (numeric && /^[-+\d.eE]*$/.test(text))) {
        continue;
      }
      const folded = fold(text);
      if (folded === '') {
        continue;
      }
      const value = { column: column.id, text };
      add(byFold, folded, value);
      const written = foldWritten(text);
      if (written !== folded) {
        add(byFold, written, value);
      }
      const words = folded.split(' ');
      const key = stored.length > mostLabels ? null : labelKey(text);
      if (key !== null && key !== folded) {
        add(byFold, `=${key}`, value);
      }
      if (words.length === 1) {
        const lemma = lemmaOf(folded);
        if (lemma !== folded) {
          add(byFold, `~${lemma}`, value);
        }
      } else {
        for (const word of new Set(words)) {
          if (word.length > 1) {
            add(byWord, word, value);
          }
        }
      }
      if (folded.length >= 5 && !/^\d/.test(folded)) {
        const key = `${folded.length}`;
        const list = byLength.get(key);
        if (list === undefined) {
          byLength.set(key, [[folded, value]]);
        } else {
          list.push([folded, value]);
        }
      }
    }
  }
  return {
    exact: (folded) => {
      const found = byFold.get(folded) ?? [];
      if (found.length > 0 || folded.includes(' ')) {
        return found;
      }
      const lemma = lemmaOf(folded);
      const alike = [
        ...(lemma === folded ? [] : (byFold.get(lemma) ?? [])),
        ...(byFold.get(`~${lemma}`) ?? []),
      ];
      const key = alike.length > 0 ? null : labelKey(folded);
      return key === null ? alike : [...(byFold.get(`=${key}`) ?? []), ...(byFold.get(key) ?? [])];
    },
    near: (folded) => {
      if (folded.length < 5) {
        return [];
      }
      const allowed = folded.length < 9 ? 1 : 2;
      const found: [number, StoredValue][] = [];
      for (let length = folded.length - allowed; length <= folded.length + allowed; length++) {
        for (const [text, value] of byLength.get(`${length}`) ?? []) {
          if (text[0] !== folded[0]) {
            continue;
          }
          const distance = editDistance(folded, text, allowed);
          if (distance <= allowed) {
            found.push([distance, value]);
          }
        }
      }
      return found
        .sort((a, b) => a[0] - b[0])
        .slice(0, 8)
        .map(([, value]) => value);
    },
    containing: (folded) => {
      const words = folded.split(' ');
      const rarest = words.map((word) => byWord.get(word) ?? []).sort((a, b) => a.length - b.length)[0] ?? [];
      return rarest.filter((value) => ` ${fold(value.text)} `.includes(` ${folded} `)).slice(0, 40);
    },
    of: (column) => perColumn.get(column) ?? null,
  };
}

/** Edits (insert, delete, replace, swap of neighbours) from one text to another, or `limit + 1` where there are more. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) {
    return limit + 1;
  }
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let low = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      low = Math.min(low, cost);
    }
    if (low > limit) {
      return limit + 1;
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}
