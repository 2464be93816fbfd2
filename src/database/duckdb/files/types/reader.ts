import { literal } from '../sql.ts';
import type { Kind, Marks } from './decide.ts';
import { type DateOrder, patternOf, unit } from './shapes.ts';

/** How texts become values of a type. */
export interface Reader {
  /** The type, as DuckDB writes it. */
  readonly type: string;
  /** The value of a text, as SQL; NULL where the text is none of this type. */
  valueOf(text: string): string;
}

/** Which part of a date comes first, where its form leaves it open. */
export type DateFirst = 'day' | 'month' | 'year';

/** So many digits a DECIMAL has at most, and so many of them behind the point before floating point suits better. */
export const mostDigits = 38;
const mostDecimals = 9;
/** So many digits a double keeps, whatever they are; and so many it is written with at most. */
export const doubleDigits = 15;
const longestDouble = 17;

/** The digits of a column's longest numbers, before and behind the decimal mark. */
export interface Digits {
  readonly before: number;
  readonly behind: number;
}

/** A text without currency, percent sign and blanks, its sign in front. */
export function withoutUnit(text: string): string {
  const bare = `regexp_replace(${text}, ${literal(String.raw`${unit}|[ \x{a0}\x{202f}]`)}, '', 'g')`;
  const plain = `regexp_replace(${bare}, ${literal('[.,][-–—]{1,2}$')}, '')`;
  return `regexp_replace(${plain}, ${literal(String.raw`^\((.*)\)$|^(.*\d)-$`)}, '-\\1\\2')`;
}

/** The digits of a number with a point for its decimal mark. */
export function plainNumber(text: string, { decimal, group }: Pick<Marks, 'decimal' | 'group'>): string {
  const bare =
    group === ' '
      ? `regexp_replace(${text}, ${literal(String.raw`[ \x{a0}\x{202f}'’]`)}, '', 'g')`
      : group === ''
        ? text
        : `replace(${text}, ${literal(group)}, '')`;
  return decimal === ',' ? `replace(${bare}, ',', '.')` : bare;
}

/**
 * Reads numbers as what holds all of them exactly, and as floating point where nothing does, or where those with a fraction
 * have more digits than `exactDigits`.
 */
export function numberReader(marks: Marks, digits: Digits, exactDigits = mostDigits): Reader {
  const pattern = numberPattern(marks, digits.behind);
  const type = numberType(marks, digits, exactDigits);
  const matches = (text: string): string => `regexp_full_match(${text}, ${literal(pattern)})`;
  return {
    type,
    valueOf: (text) => {
      const value = `TRY_CAST(${plainNumber(text, marks)} AS ${type})`;
      return type === 'DOUBLE'
        ? `CASE WHEN ${matches(text)} AND NOT (${isLost(text, value)}) THEN ${value} END`
        : `CASE WHEN ${matches(text)} THEN ${value} END`;
    },
  };
}

/** Whether floating point makes infinity of a number that is none, or nothing of one that is something. */
function isLost(text: string, value: string): string {
  return `(isinf(${value}) AND ${text} NOT ILIKE '%inf%') OR (${value} = 0 AND regexp_matches(${text}, '^[^eE]*[1-9]'))`;
}

function numberType(
  { hasFraction, hasExponent }: Marks,
  { before, behind }: Digits,
  exactDigits: number,
): string {
  if (hasExponent) {
    return 'DOUBLE';
  }
  if (!hasFraction || behind === 0) {
    return before <= 18 ? 'BIGINT' : 'HUGEINT';
  }
  const all = before + behind;
  const isExact = all <= exactDigits && (behind <= mostDecimals || all > longestDouble);
  return isExact ? `DECIMAL(${all <= 18 ? 18 : mostDigits}, ${behind})` : 'DOUBLE';
}

function numberPattern({ decimal, group, hasFraction, hasExponent }: Marks, behind: number): string {
  const mark = decimal === '.' ? String.raw`\.` : ',';
  const between = { '': '', ',': ',', '.': String.raw`\.`, ' ': String.raw`[ \x{a0}\x{202f}'’]` }[group];
  const grouped = group === '' ? '' : String.raw`[1-9]\d{0,2}(?:${between}\d{3})+|`;
  const whole = String.raw`(?:${grouped}0|[1-9]\d*)`;
  const fraction = hasFraction ? `${mark}\\d{0,${Math.max(behind, 0)}}` : '';
  const number =
    fraction === '' ? whole : String.raw`(?:${whole}(?:${fraction})?|${mark}\d{1,${Math.max(behind, 1)}})`;
  return hasExponent
    ? String.raw`[-+]?(?:${number}|(?:\d+(?:\.\d*)?|\.\d+)[eE][-+]?\d{1,3}|(?i:inf(?:inity)?))`
    : `[-+]?${number}`;
}

/** Formats of `strptime` by the order of parts, once the year has four digits. */
function formatsOf(order: DateOrder, first: DateFirst): readonly string[] {
  const between = { points: '.', slashes: '/', dashes: '-' };
  const parts = { day: ['%d', '%m', '%Y'], month: ['%m', '%d', '%Y'], year: ['%Y', '%m', '%d'] };
  switch (order) {
    case 'iso':
    case 'ymd':
      return ['%Y-%m-%d'];
    case 'points':
    case 'slashes':
    case 'dashes':
      return [parts[first].join(between[order])];
    case 'day month':
      return ['%d %b %Y', '%d %B %Y'];
    case 'month day':
      return ['%b %d %Y', '%B %d %Y'];
  }
}

/** What stands before a year of two digits at the end of a date, and the year. */
export const shortYear = String.raw`^(\d{1,2}[-./ ](?:\d{1,2}|[A-Za-z]+)[-./ ])(\d{2})(?:\D|$)`;

/** A date whose year of two digits has four: 70 to 99 are of the last century (POSIX and spreadsheets have 69 and 29 for their pivot). */
function withFullYear(text: string, first: DateFirst): string {
  const before = first === 'year' ? '^()' : String.raw`^(\d{1,2}[-./ ](?:\d{1,2}|[A-Za-z]+)[-./ ])`;
  const full = (of: string, digits: string, century: string): string =>
    `regexp_replace(${of}, ${literal(String.raw`${before}(${digits}\d)(\D|$)`)}, '\\1${century}\\2\\3')`;
  return full(full(text, '[7-9]', '19'), '[0-6]', '20');
}

const times = ['%H:%M:%S', '%H:%M', '%H:%M:%S.%f', '%I:%M:%S %p', '%I:%M %p', '%I:%M:%S%p', '%I:%M%p'];

/** Reads dates, or dates with a time, in one order of their parts. */
export function dateReader({ order, hasTime }: Extract<Kind, { kind: 'date' }>, first: DateFirst): Reader {
  const shape = hasTime ? `${patternOf(order)}|${patternOf(`${order} time`)}` : patternOf(order);
  const type = hasTime ? 'TIMESTAMP' : 'DATE';
  const fits = (text: string): string => `regexp_full_match(${text}, ${literal(shape)})`;
  if (order === 'iso' && !hasTime) {
    return { type, valueOf: (text) => `CASE WHEN ${fits(text)} THEN TRY_CAST(${text} AS DATE) END` };
  }
  const days = formatsOf(order, first);
  const formats = hasTime ? [...days.flatMap((day) => times.map((time) => `${day} ${time}`)), ...days] : days;
  const all = `[${formats.map(literal).join(', ')}]`;
  return {
    type,
    valueOf: (text) =>
      `CASE WHEN ${fits(text)} THEN CAST(try_strptime(${evened(text, order, hasTime, first)}, ${all}) AS ${type}) END`,
  };
}

/** A date in the one way of writing that its formats know. */
function evened(text: string, order: DateOrder, hasTime: boolean, first: DateFirst): string {
  const hasShortYears = order !== 'iso' && order !== 'ymd' && order !== 'month day';
  const full = hasShortYears ? withFullYear(text, first) : text;
  const day =
    order === 'ymd'
      ? `regexp_replace(${full}, ${literal(String.raw`^(\d{4})[/.](\d+)[/.](\d+)`)}, '\\1-\\2-\\3')`
      : order === 'day month'
        ? `replace(${full}, '-', ' ')`
        : order === 'month day'
          ? `regexp_replace(${full}, ${literal(String.raw`^([A-Za-z]+ \d+),`)}, '\\1')`
          : full;
  const months =
    order === 'day month' || order === 'month day' ? `regexp_replace(${day}, '(?i)sept ', 'Sep ')` : day;
  return hasTime
    ? `regexp_replace(regexp_replace(${months}, ${literal(String.raw`,?(?:T| ) ?(\d{1,2}:)`)}, ' \\1'), ${literal(String.raw`(:\d{2}),(\d)`)}, '\\1.\\2')`
    : months;
}

/** Reads what a cast reads, where the text has the shape that is wanted. */
export function castReader(type: string, pattern: string): Reader {
  return {
    type,
    valueOf: (text) =>
      `CASE WHEN regexp_full_match(${text}, ${literal(pattern)}) THEN TRY_CAST(${text} AS ${type}) END`,
  };
}

/** Keeps texts as they are. */
export const textReader: Reader = { type: 'VARCHAR', valueOf: (text) => text };

/** The reader of a kind; null for numbers, which need their digits counted first. */
export function readerOf(kind: Kind, first: DateFirst): Reader | null {
  switch (kind.kind) {
    case 'number':
      return null;
    case 'date':
      return dateReader(kind, first);
    case 'instant':
      return castReader('TIMESTAMPTZ', patternOf('iso zone'));
    case 'nanoseconds':
      return castReader(
        'TIMESTAMP_NS',
        ['iso', 'iso time', 'iso nanoseconds'].map((shape) => patternOf(shape as 'iso')).join('|'),
      );
    case 'clock':
      return castReader('TIME', patternOf('clock'));
    case 'truth':
      return castReader('BOOLEAN', patternOf('truth'));
    case 'text':
      return textReader;
  }
}
