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
  const range = pairAt(lowers, at + 1, now, 'range');
  if (range !== null && /^(?:between|from)$/u.test(lowers[at] ?? '')) {
    return range === 'unreadable' ? null : range;
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
  const listed = pairAt(lowers, from, now, 'list');
  if (listed !== null) {
    return listed === 'unreadable' || bound !== 'in' ? null : listed;
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

/**
 * Two stretches of days: the ends of a range, or two of a list that follow each other. A year that one of them has counts
 * for both. `unreadable` where no single stretch is meant.
 */
function pairAt(
  lowers: readonly string[],
  at: number,
  now: Date,
  kind: 'range' | 'list',
): Days | 'unreadable' | null {
  const first = spanAt(lowers, at, now);
  const link = kind === 'range' ? /^(?:and|to|until|till|through)$/u : /^(?:and|or|,|to|till|through)$/u;
  if (first === null || !link.test(lowers[first.next] ?? '')) {
    return null;
  }
  const second = spanAt(lowers, first.next + 1, now);
  // `in March, the newest first`, `in 2024, 5 of them`: what comes next is no time.
  if (second === null) {
    return null;
  }
  const from = first.lacksYear && !second.lacksYear ? inYear(lowers, at, now, second) : first;
  const to = second.lacksYear && !first.lacksYear ? inYear(lowers, first.next + 1, now, first) : second;
  if (kind === 'list') {
    const more = link.test(lowers[to.next] ?? '') && spanAt(lowers, to.next + 1, now) !== null;
    const follows = from.end.getTime() === to.start.getTime();
    return follows && !more && /^(?:and|or)$/u.test(lowers[first.next] ?? '')
      ? { start: write(from.start), end: write(to.end), next: to.next, sure: true }
      : 'unreadable';
  }
  // `from November to February 2025` begins the year before.
  const turns = from.start >= to.end;
  const start = turns && first.lacksYear ? moved(from.start, 'year', -1) : from.start;
  const end = turns && !first.lacksYear && second.lacksYear ? moved(to.end, 'year', 1) : to.end;
  return start < end ? { start: write(start), end: write(end), next: to.next, sure: true } : 'unreadable';
}

/** The words at a place, read in the year that another stretch of days has. */
function inYear(lowers: readonly string[], at: number, now: Date, other: Span): Span {
  const year = other.start.getUTCFullYear();
  return spanAt(lowers, at, now, year) ?? other;
}

interface Span {
  readonly start: Date;
  readonly end: Date;
  readonly next: number;
  readonly counted: boolean;
  /** Whether the words name a month or a quarter, and no year. */
  readonly lacksYear?: boolean;
}

function spanAt(lowers: readonly string[], at: number, now: Date, unsaid?: number): Span | null {
  return datedAt(lowers, at, now, unsaid) ?? countedAt(lowers, at, now);
}

/** A day, a month, a quarter or a year by its name; `unsaid` is the year of one that has none. */
function datedAt(lowers: readonly string[], at: number, now: Date, unsaid?: number): Span | null {
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
    const lacksYear = !isYear(lowers[next]);
    const year = lacksYear ? (unsaid ?? latest(month, now)) : Number(lowers[next]);
    next += lacksYear ? 0 : 1;
    const start = utc(year, month, isDay ? number : 1);
    return { start, end: moved(start, isDay ? 'day' : 'month', 1), next, counted: month !== 4, lacksYear };
  }
  const quarter = /^q([1-4])$/u.exec(word);
  if (quarter !== null) {
    const dated = isYear(lowers[at + 1]);
    const year = dated ? Number(lowers[at + 1]) : (unsaid ?? now.getFullYear());
    const start = utc(year, 3 * Number(quarter[1]) - 3);
    const next = at + (dated ? 2 : 1);
    return { start, end: moved(start, 'quarter', 1), next, counted: true, lacksYear: !dated };
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
