import { moved, writeDay } from './calendar.ts';
import { isYear, type Span, spanAt } from './span.ts';

/** A stretch of days that words mean, from `start` up to, not including, `end`, as `yyyy-mm-dd`; either end may be open. */
export interface Days {
  readonly start: string | null;
  readonly end: string | null;
  /** The index behind the last of the words. */
  readonly next: number;
  /** Whether a preposition or a word such as `last` says that time is meant; a year by itself may be any number. */
  readonly sure: boolean;
  /** Whether it is counted from today. */
  readonly fromToday: boolean;
}

type Bound = 'in' | 'since' | 'after' | 'before' | 'until';

const bounds: Readonly<Record<string, Bound>> = {
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
  through: 'until',
  by: 'until',
};
const longBounds: Readonly<Record<string, Bound>> = {
  'up to': 'until',
  'prior to': 'before',
  'earlier than': 'before',
  'later than': 'after',
  'so far': 'in',
};

/** Reads a period at a place among lower-case words: `in March 2025`, `last month`, `since 2024`, `the last 30 days`. */
export function daysAt(lowers: readonly string[], at: number, now: Date): Days | null {
  const range = pairAt(lowers, at + 1, now, 'range');
  if (range !== null && /^(?:between|from)$/u.test(lowers[at] ?? '')) {
    return range === 'unreadable' ? null : range;
  }
  const long = longBounds[lowers.slice(at, at + 2).join(' ')];
  // `over the past 3 weeks`, and no `over 2024`.
  const over = /^over (?:the )?(?:last|past|previous) /u.test(`${lowers.slice(at, at + 3).join(' ')} `);
  const named = long ?? (over ? 'in' : bounds[lowers[at] ?? '']);
  const bound = named ?? 'in';
  let from = at + (long !== undefined ? 2 : named === undefined ? 0 : 1);
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
  const { start, end, fromToday } = span;
  const onward = lowers[at] === 'from' && /^(?:on|onward|onwards)$/u.test(lowers[span.next] ?? '');
  const soFar = lowers.slice(span.next, span.next + 2).join(' ') === 'so far';
  const next = span.next + (onward ? 1 : soFar ? 2 : 0);
  const sure = named !== undefined || span.sure || soFar;
  const made = { next, sure, fromToday };
  switch (onward ? 'since' : bound) {
    case 'since':
      return { start: writeDay(start), end: null, ...made };
    case 'after':
      return { start: writeDay(end), end: null, ...made };
    case 'before':
      return { start: null, end: writeDay(start), ...made };
    case 'until':
      return { start: null, end: writeDay(end), ...made };
    default:
      return { start: writeDay(start), end: writeDay(end), ...made };
  }
}

const links = {
  range: /^(?:and|to|until|till|through|up|[-–])$/u,
  list: /^(?:and|or|,|to|till|through|[-–])$/u,
};

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
  const begin = lowers[at] === 'the' ? at + 1 : at;
  const first = spanAt(lowers, begin, now);
  const link = lowers[first?.next ?? -1] ?? '';
  if (first === null || !links[kind].test(link)) {
    return null;
  }
  const behind = first.next + (link === 'up' && lowers[first.next + 1] === 'to' ? 2 : 1);
  const again = behind + (/^(?:in|on|the)$/u.test(lowers[behind] ?? '') ? 1 : 0);
  const second = spanAt(lowers, again, now);
  // `in March, the newest first`, `in 2024, 5 of them`: what comes next is no time.
  if (second === null) {
    return null;
  }
  const from = first.lacksYear && !second.lacksYear ? inYear(lowers, begin, now, second) : first;
  const to = second.lacksYear && !first.lacksYear ? inYear(lowers, again, now, first) : second;
  const fromToday = from.fromToday || to.fromToday;
  const isRange = kind === 'range' || /^(?:[-–]|to|till|through)$/u.test(link);
  if (!isRange) {
    const more = links.list.test(lowers[to.next] ?? '') && spanAt(lowers, to.next + 1, now) !== null;
    const follows = from.end.getTime() === to.start.getTime();
    return follows && !more && /^(?:and|or)$/u.test(link)
      ? { start: writeDay(from.start), end: writeDay(to.end), next: to.next, sure: true, fromToday }
      : 'unreadable';
  }
  // `from November to February 2025` begins the year before.
  const turns = from.start >= to.end;
  const start = turns && first.lacksYear ? moved(from.start, 'year', -1) : from.start;
  const end = turns && !first.lacksYear && second.lacksYear ? moved(to.end, 'year', 1) : to.end;
  return start < end
    ? { start: writeDay(start), end: writeDay(end), next: to.next, sure: true, fromToday }
    : 'unreadable';
}

/** The words at a place, read in the year that another stretch of days has. */
function inYear(lowers: readonly string[], at: number, now: Date, other: Span): Span {
  return spanAt(lowers, at, now, other.start.getUTCFullYear()) ?? other;
}
