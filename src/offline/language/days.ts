import { numberWords } from './lexicon.ts';

/** A stretch of days that words mean, from `start` up to, not including, `end`, as `yyyy-mm-dd`; either end may be open. */
export interface Days {
  readonly start: string | null;
  readonly end: string | null;
  /** The index behind the last of the words. */
  readonly next: number;
  /** Whether a preposition or a word such as `last` says that time is meant; a year by itself may be any number. */
  readonly sure: boolean;
}

type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

const bounds: Readonly<Record<string, 'in' | 'since' | 'after' | 'before' | 'until'>> = {
  in: 'in',
  during: 'in',
  of: 'in',
  for: 'in',
  from: 'in',
  on: 'in',
  within: 'in',
  throughout: 'in',
  since: 'since',
  starting: 'since',
  after: 'after',
  before: 'before',
  until: 'until',
  till: 'until',
  by: 'until',
};

const write = (date: Date): string => date.toISOString().slice(0, 10);
const utc = (year: number, month: number, day = 1): Date => new Date(Date.UTC(year, month, day));

/** Reads a period at a place among lower-case words: `in March 2025`, `last month`, `since 2024`, `the last 30 days`. */
export function daysAt(lowers: readonly string[], at: number, now: Date): Days | null {
  const range = betweenAt(lowers, at, now);
  if (range !== null) {
    return range;
  }
  let from = at;
  const named = bounds[lowers[from] ?? ''];
  const bound = named ?? 'in';
  if (named !== undefined) {
    from++;
  }
  while (
    lowers[from] === 'the' ||
    (lowers[from] === 'year' && isYear(lowers[from + 1])) ||
    (lowers[from] === 'month' && lowers[from + 1] === 'of')
  ) {
    from += lowers[from] === 'month' ? 2 : 1;
  }
  const span = spanAt(lowers, from, now);
  if (span === null) {
    return null;
  }
  const { start, end, next, counted } = span;
  const sure = named !== undefined || counted;
  switch (bound) {
    case 'since':
      return { start: write(start), end: null, next, sure };
    case 'after':
      return { start: write(end), end: null, next, sure };
    case 'before':
      return { start: null, end: write(start), next, sure };
    case 'until':
      return { start: null, end: write(end), next, sure };
    default:
      return { start: write(start), end: write(end), next, sure };
  }
}

/** The number of a weekday that a word names, 0 for Sunday; null for any other word. */
export function weekdayOf(word: string): number | null {
  const number = weekdays.findIndex((day) => word === day || word === `${day}s`);
  return number < 0 ? null : number;
}

const isYear = (word: string | undefined): boolean => /^(?:19|20)\d\d$/u.test(word ?? '');

function betweenAt(lowers: readonly string[], at: number, now: Date): Days | null {
  const word = lowers[at] ?? '';
  if (word !== 'between' && word !== 'from') {
    return null;
  }
  const first = spanAt(lowers, at + 1, now);
  if (first === null || !/^(?:and|to|until|till|through)$/u.test(lowers[first.next] ?? '')) {
    return null;
  }
  const second = spanAt(lowers, first.next + 1, now);
  return second === null
    ? null
    : { start: write(first.start), end: write(second.end), next: second.next, sure: true };
}

interface Span {
  readonly start: Date;
  readonly end: Date;
  readonly next: number;
  readonly counted: boolean;
}

function spanAt(lowers: readonly string[], at: number, now: Date): Span | null {
  return datedAt(lowers, at, now) ?? countedAt(lowers, at, now);
}

/** A day, a month, a quarter or a year by its name. */
function datedAt(lowers: readonly string[], at: number, now: Date): Span | null {
  const word = lowers[at] ?? '';
  const day = /^(\d{4})-(\d{1,2})-(\d{1,2})$/u.exec(word) ?? null;
  if (day !== null) {
    const start = utc(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
    return { start, end: moved(start, 'day', 1), next: at + 1, counted: true };
  }
  const european = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/u.exec(word);
  if (european !== null) {
    const start = utc(Number(european[3]), Number(european[2]) - 1, Number(european[1]));
    return { start, end: moved(start, 'day', 1), next: at + 1, counted: true };
  }
  const month = monthOf(word);
  if (month !== null) {
    let next = at + 1;
    const number = Number(/^(\d{1,2})(?:st|nd|rd|th)?$/u.exec(lowers[next] ?? '')?.[1] ?? Number.NaN);
    const isDay = number >= 1 && number <= 31;
    if (isDay) {
      next++;
    }
    if ((lowers[next] === 'of' || lowers[next] === ',') && isYear(lowers[next + 1])) {
      next++;
    }
    const year = isYear(lowers[next]) ? Number(lowers[next]) : latest(month, now);
    next += isYear(lowers[next]) ? 1 : 0;
    const start = utc(year, month, isDay ? number : 1);
    return { start, end: moved(start, isDay ? 'day' : 'month', 1), next, counted: month !== 4 };
  }
  const quarter = /^q([1-4])$/u.exec(word);
  if (quarter !== null) {
    const dated = isYear(lowers[at + 1]);
    const start = utc(dated ? Number(lowers[at + 1]) : now.getFullYear(), 3 * Number(quarter[1]) - 3);
    return { start, end: moved(start, 'quarter', 1), next: at + (dated ? 2 : 1), counted: true };
  }
  if (isYear(word)) {
    const start = utc(Number(word), 0);
    return { start, end: moved(start, 'year', 1), next: at + 1, counted: false };
  }
  return null;
}

/** A month without a year is the last one that has begun. */
const latest = (month: number, now: Date): number => now.getFullYear() - (month > now.getMonth() ? 1 : 0);

function monthOf(word: string): number | null {
  const number = months.findIndex(
    (name) => word === name || word === name.slice(0, 3) || (word === 'sept' && name === 'september'),
  );
  return number < 0 ? null : number;
}

/** Days counted from today: `yesterday`, `this year`, `last month`, `the past 30 days`. */
function countedAt(lowers: readonly string[], at: number, now: Date): Span | null {
  const today = utc(now.getFullYear(), now.getMonth(), now.getDate());
  const word = lowers[at] ?? '';
  if (word === 'today' || word === 'yesterday' || word === 'tomorrow') {
    const start = moved(today, 'day', word === 'today' ? 0 : word === 'tomorrow' ? 1 : -1);
    return { start, end: moved(start, 'day', 1), next: at + 1, counted: true };
  }
  const which = /^(?:this|current)$/u.test(word)
    ? 0
    : /^(?:last|previous|past)$/u.test(word)
      ? -1
      : /^(?:next|coming)$/u.test(word)
        ? 1
        : null;
  if (which === null) {
    return null;
  }
  const said = lowers[at + 1] ?? '';
  const count = /^\d+$/u.test(said)
    ? Number(said)
    : Object.hasOwn(numberWords, said) && unitOf(lowers[at + 2]) !== null
      ? (numberWords[said] ?? null)
      : null;
  if (count !== null) {
    const unit = unitOf(lowers[at + 2]);
    if (unit === null || which === 0) {
      return null;
    }
    return which < 0
      ? { start: moved(today, unit, -count), end: moved(today, 'day', 1), next: at + 3, counted: true }
      : { start: today, end: moved(moved(today, unit, count), 'day', 1), next: at + 3, counted: true };
  }
  const unit = unitOf(said);
  if (unit === null || /s$/u.test(said)) {
    return null;
  }
  const start = moved(startOf(today, unit), unit, which);
  return { start, end: moved(start, unit, 1), next: at + 2, counted: true };
}

function unitOf(word: string | undefined): Unit | null {
  const unit = /^(day|week|month|quarter|year)s?$/u.exec(word ?? '')?.[1];
  return unit === 'day' || unit === 'week' || unit === 'month' || unit === 'quarter' || unit === 'year'
    ? unit
    : null;
}

/** The first day of the unit that a day lies in; weeks begin on Monday. */
function startOf(day: Date, unit: Unit): Date {
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  switch (unit) {
    case 'year':
      return utc(year, 0);
    case 'quarter':
      return utc(year, month - (month % 3));
    case 'month':
      return utc(year, month);
    case 'week':
      return moved(day, 'day', -((day.getUTCDay() + 6) % 7));
    case 'day':
      return day;
  }
}

function moved(day: Date, unit: Unit, by: number): Date {
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  switch (unit) {
    case 'year':
      return utc(year + by, month, date);
    case 'quarter':
      return utc(year, month + 3 * by, date);
    case 'month':
      return utc(year, month + by, date);
    case 'week':
      return utc(year, month, date + 7 * by);
    case 'day':
      return utc(year, month, date + by);
  }
}
