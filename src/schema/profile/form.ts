import type { Column } from '../schema.ts';
import { datePattern } from './date-form.ts';

/** How the values of a column are written: a fact that no type tells and no row alone. */
export interface Form {
  readonly kind:
    | 'date'
    | 'epoch seconds'
    | 'epoch milliseconds'
    | 'flag'
    | 'list'
    | 'json'
    | 'number'
    | 'share'
    | 'code'
    | 'case'
    | 'always';
  /** In a few words, as a model or a person is told it. */
  readonly words: string;
}

/** Fewer values than this show no form. */
const fewest = 3;

type Reader = (values: readonly string[], column: Column) => Form | null;

/** From the most exact to the vaguest: the first that holds of every value is the column's. */
const readers: readonly Reader[] = [
  flagForm,
  epochForm,
  dateForm,
  jsonForm,
  listForm,
  numberForm,
  shareForm,
  codeForm,
  caseForm,
];

/** What people write where there is no value. */
const nothing = /^\s*(?:|n\/?a|null|none|nil|unknown|[-?]+)\s*$/iu;

/** The form of some distinct values of a column, as texts without NULL; null where they have none that is worth a word. */
export function formOf(distinct: readonly string[], column: Column): Form | null {
  const values = distinct.filter((value) => !nothing.test(value));
  for (const reader of readers) {
    const form = reader(values, column);
    if (form !== null) {
      return form;
    }
  }
  return null;
}

const isTextType = ({ type }: Column): boolean => type === '' || /char|text|clob|string/iu.test(type);
const isIntegerType = ({ type }: Column): boolean =>
  /int|serial|number|decimal|numeric/iu.test(type) && !/interval|point/iu.test(type);

/** The spellings of yes and no. They are form as `true` is. */
const flags: readonly (readonly [yes: string, no: string])[] = [
  ['1', '0'],
  ['true', 'false'],
  ['t', 'f'],
  ['yes', 'no'],
  ['y', 'n'],
  ['on', 'off'],
];

/** A column of these names holds yes or no, whatever its type is. */
const flagWords =
  /^(?:is|has|can|was|should)_|(?:^|_)(?:active|enabled|disabled|deleted|archived|verified|visible|flag)$/u;

function snakeCase(name: string): string {
  return name.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1_$2').toLowerCase();
}

function flagForm(values: readonly string[], column: Column): Form | null {
  const isBoolean = /bool|tinyint\(1\)|^bit(\(1\))?$/iu.test(column.type);
  const spellings = values.map((value) => value.toLowerCase());
  for (const [yes, no] of flags) {
    if (values.length === 2 && spellings.includes(yes) && spellings.includes(no)) {
      return isBoolean && yes === 'true'
        ? null
        : { kind: 'flag', words: values.toSorted().map(quoted(column)).join(' or ') };
    }
    const [only = ''] = spellings;
    if (
      values.length === 1 &&
      (only === yes || only === no) &&
      (isBoolean || flagWords.test(snakeCase(column.name)))
    ) {
      return { kind: 'always', words: `always ${isBoolean ? only === yes : only}` };
    }
  }
  return null;
}

const quoted =
  (column: Column) =>
  (value: string): string =>
    isTextType(column) && column.type !== '' ? `'${value}'` : value;

/** 1990 to 2100, in seconds. */
const earliest = 631_152_000;
const latest = 4_102_444_800;
const timeWords =
  /(?:^|_)(?:at|on|ts|time|timestamp|date|datetime|epoch|created|updated|modified|expires?|since|until|seen|login)(?:_|$)/iu;

function epochForm(values: readonly string[], { name, type }: Column): Form | null {
  const snake = snakeCase(name);
  if (
    values.length < fewest ||
    !/int|num|dec|real|double|float|date|time|^$/iu.test(type) ||
    !timeWords.test(snake)
  ) {
    return null;
  }
  // A row without a time often has 0.
  const numbers = values.filter((value) => value !== '0').map(Number);
  const isWithin = (scale: number): boolean =>
    numbers.length >= fewest &&
    numbers.every((number) => number >= earliest * scale && number <= latest * scale);
  return isWithin(1)
    ? { kind: 'epoch seconds', words: 'epoch seconds' }
    : isWithin(1000)
      ? { kind: 'epoch milliseconds', words: 'epoch milliseconds' }
      : null;
}

function dateForm(values: readonly string[], column: Column): Form | null {
  if (!isTextType(column) && !isIntegerType(column) && !/^date|^time/iu.test(column.type)) {
    return null;
  }
  const pattern = values.length < fewest ? null : datePattern(values);
  // What a type says already, and numbers that happen to look like a day.
  if (pattern === null || (/^(date|time)/iu.test(column.type) && pattern.startsWith('YYYY-MM-DD'))) {
    return null;
  }
  if (pattern.startsWith('YYYYMMDD') && !/da(y|te)|time|on$|at$/iu.test(column.name)) {
    return null;
  }
  return { kind: 'date', words: `${isTextType(column) ? 'text that holds dates' : 'dates'}, ${pattern}` };
}

function jsonForm(values: readonly string[], column: Column): Form | null {
  const isJson = (value: string): boolean => /^\s*(?:\{.*\}|\[.*\])\s*$/su.test(value);
  return isTextType(column) && values.length >= fewest && values.every(isJson)
    ? { kind: 'json', words: 'JSON' }
    : null;
}

const separators: readonly (readonly [mark: string, words: string])[] = [
  [',', 'comma-separated list'],
  [';', 'semicolon-separated list'],
  ['|', 'list separated by |'],
];
/** Longer items are phrases, and the mark between them punctuation. */
const longestItem = 30;

function listForm(values: readonly string[], column: Column): Form | null {
  if (!isTextType(column)) {
    return null;
  }
  for (const [mark, words] of separators) {
    const several = values.filter((value) => value.includes(mark));
    const items = several.flatMap((value) => value.split(mark).map((item) => item.trim()));
    const isShort = items.every(
      (item) => item !== '' && item.length <= longestItem && item.split(' ').length <= 3,
    );
    // "Last, First" and "City, State" have two parts each, and their parts hardly come again.
    const counts = new Set(several.map((value) => value.split(mark).length));
    const repeats = 1 - new Set(items).size / Math.max(1, items.length);
    const isTight = several.every((value) => !value.includes(`${mark} `));
    if (
      several.length >= fewest &&
      several.length >= values.length * 0.3 &&
      isShort &&
      (repeats >= 0.4 || (isTight && counts.size > 1))
    ) {
      return { kind: 'list', words };
    }
  }
  return null;
}

function numberForm(values: readonly string[], column: Column): Form | null {
  if (!isTextType(column) || column.type === '' || values.length < fewest) {
    return null;
  }
  const all = (expression: RegExp): boolean => values.every((value) => expression.test(value.trim()));
  if (all(/^-?\d+(\.\d+)?$/u)) {
    return { kind: 'number', words: 'numbers as text' };
  }
  if (all(/^-?\d+(\.\d+)? ?%$/u)) {
    return { kind: 'number', words: 'percentages as text, with %' };
  }
  if (all(/^-?[$€£¥] ?[\d.,]+$|^[\d.,]+ ?[$€£¥]$/u)) {
    return { kind: 'number', words: 'amounts as text, with a currency sign' };
  }
  return all(/^-?\d{1,3}(,\d{3})+(\.\d+)?$|^\d{1,3}$/u) && values.some((value) => value.includes(','))
    ? { kind: 'number', words: 'numbers as text, with thousands commas' }
    : null;
}

function shareForm(values: readonly string[], { type }: Column): Form | null {
  const numbers = values.map(Number);
  return /real|float|double|dec|num/iu.test(type) &&
    numbers.length >= fewest &&
    numbers.every((number) => number >= 0 && number <= 1) &&
    numbers.some((number) => number % 1 !== 0)
    ? { kind: 'share', words: 'from 0 to 1' }
    : null;
}

/** Texts that all have digits and capitals in the same places, as `AA-000`. */
function codeForm(values: readonly string[], column: Column): Form | null {
  if (!isTextType(column) || values.length < fewest) {
    return null;
  }
  const masks = new Set(
    values.map((value) =>
      value
        .replaceAll(/\p{Lu}/gu, 'A')
        .replaceAll(/\p{Ll}/gu, 'a')
        .replaceAll(/\d/gu, '9'),
    ),
  );
  const [mask = ''] = masks;
  // Letters without case would stand there as they are stored.
  return masks.size === 1 && /^(?=.*[A9].*[A9])[A9 !-/:-@[-`{-~]{1,16}$/u.test(mask)
    ? { kind: 'code', words: `written ${mask}` }
    : null;
}

function caseForm(values: readonly string[], column: Column): Form | null {
  const letters = values.filter((value) => /\p{L}{2}/u.test(value) && !/@|:\/\//u.test(value));
  if (!isTextType(column) || letters.length < fewest || letters.length < values.length * 0.9) {
    return null;
  }
  if (letters.every((value) => value === value.toUpperCase())) {
    return { kind: 'case', words: 'upper case' };
  }
  return letters.every((value) => value === value.toLowerCase())
    ? { kind: 'case', words: 'lower case' }
    : null;
}
