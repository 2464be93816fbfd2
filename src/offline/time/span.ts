import { numberWords } from '../language/lexicon.ts';
import { dayOf, fullYear, moved, realDay, startOf, type Unit, utc, weekOf } from './calendar.ts';

/** A stretch of the calendar that words name. */
export interface Span {
  readonly start: Date;
  readonly end: Date;
  /** The index behind the last of the words. */
  readonly next: number;
  /** Whether the words can mean nothing but time; a year by itself may be any number. */
  readonly sure: boolean;
  /** Whether it is counted from today. */
  readonly fromToday: boolean;
  /** Whether the words name a part of a year, and no year. */
  readonly lacksYear: boolean;
}

interface Words {
  readonly lowers: readonly string[];
  readonly now: Date;
  /** The year of what names none. */
  readonly unsaid: number | undefined;
}

const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const ordinals = ['first', 'second', 'third', 'fourth'];

/** The number of a weekday that a word names, 0 for Sunday; null for any other word. */
export function weekdayOf(word: string): number | null {
  const number = weekdays.findIndex((day) => word === day || word === `${day}s`);
  return number < 0 ? null : number;
}

/** Whether a word is a year in digits. */
export const isYear = (word: string | undefined): boolean => /^(?:19|20)\d\d$/u.test(word ?? '');

/** Reads a day, a week, a month, a quarter, a half or a year at a place; null where none is named. */
export function spanAt(lowers: readonly string[], at: number, now: Date, unsaid?: number): Span | null {
  const words: Words = { lowers, now, unsaid };
  return (
    digitsAt(words, at) ??
    dayAt(words, at) ??
    monthAt(words, at) ??
    partOfYearAt(words, at) ??
    weekAt(words, at) ??
    countedAt(words, at) ??
    yearAt(words, at)
  );
}

const named = (start: Date, unit: Unit, next: number, more: Partial<Span> = {}): Span => ({
  start,
  end: moved(start, unit, 1),
  next,
  sure: true,
  fromToday: false,
  lacksYear: false,
  ...more,
});

/**
 * The day that digits write: `2025-03-09`, `9.3.2025`, `9.3.25`, and `25/12/2025` where one part alone can be the month. Null for what
 * the calendar lacks, and for what is a day in two ways.
 */
export function writtenDay(text: string, now: Date): Date | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/u.exec(text);
  if (iso !== null) {
    return realDay(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  }
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{2}|\d{4})$/u.exec(text);
  if (dotted !== null) {
    return realDay(fullYear(dotted[3] ?? '', now), Number(dotted[2]) - 1, Number(dotted[1]));
  }
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/u.exec(text);
  const [first, second] = [Number(slashed?.[1]), Number(slashed?.[2])];
  if (slashed === null || (first <= 12 && second <= 12 && first !== second)) {
    return null;
  }
  return realDay(Number(slashed[3]), Math.min(first, second) - 1, Math.max(first, second));
}

/** A day or a month in digits. */
function digitsAt({ lowers, now }: Words, at: number): Span | null {
  const word = lowers[at] ?? '';
  const day = writtenDay(word, now);
  if (day !== null) {
    return named(day, 'day', at + 1);
  }
  const month = /^(?<year>\d{4})-(?<month>\d{2})$|^(?<month>\d{1,2})\/(?<year>\d{4})$/u.exec(word)?.groups;
  const number = Number(month?.['month']);
  return number >= 1 && number <= 12
    ? named(utc(Number(month?.['year']), number - 1), 'month', at + 1)
    : null;
}

const dayNumber = (word: string | undefined): number | null => {
  const number = Number(/^(\d{1,2})(?:st|nd|rd|th)?$/u.exec(word ?? '')?.[1] ?? 0);
  return number >= 1 && number <= 31 ? number : null;
};

/** `24 December 2024`, `24th of December`, `24. December 2024`, `December 24, 2024`. */
function dayAt({ lowers, now, unsaid }: Words, at: number): Span | null {
  const first = monthOf(lowers[at]);
  let next = at + 1;
  if (first === null) {
    while (/^(?:of|\.)$/u.test(lowers[next] ?? '')) {
      next++;
    }
  }
  const month = first ?? monthOf(lowers[next]);
  const day = dayNumber(lowers[first === null ? at : next]);
  if (month === null || day === null) {
    return null;
  }
  next++;
  const { year, end } = yearBehind(lowers, next);
  const known = year ?? unsaid ?? latest(month, now);
  const start = realDay(known, month, day);
  return start === null ? null : named(start, 'day', end, { lacksYear: year === null });
}

/** `March`, `March 2025`, `March of last year`. */
function monthAt({ lowers, now, unsaid }: Words, at: number): Span | null {
  const month = monthOf(lowers[at]);
  if (month === null || isBareDay(lowers[at + 1])) {
    return null;
  }
  const { year, end } = yearBehind(lowers, at + 1, now);
  const start = utc(year ?? unsaid ?? latest(month, now), month);
  return named(start, 'month', end, { sure: month !== 4 || year !== null, lacksYear: year === null });
}

/** A number that only the day of a month can be, and that the calendar lacks: `31 February`. */
const isBareDay = (word: string | undefined): boolean => dayNumber(word) !== null;

/** `Q1 2025`, `2025 Q1`, `the first quarter of last year`, `H2 2024`, `the second half of 2024`. */
function partOfYearAt({ lowers, now, unsaid }: Words, at: number): Span | null {
  const led = isYear(lowers[at]) ? at + 1 : at;
  const short = /^(?:(?<quarter>q)(?<number>[1-4])|h(?<half>[12]))$/u.exec(lowers[led] ?? '')?.groups;
  const place = ordinals.findIndex(
    (name, index) =>
      lowers[at] === name || lowers[at] === `${index + 1}${'stndrdth'.slice(2 * index, 2 * index + 2)}`,
  );
  const said = /^(?:quarter|half)$/u.test(lowers[at + 1] ?? '') ? lowers[at + 1] : undefined;
  const isHalf = short?.['half'] !== undefined || said === 'half';
  const number = Number(short?.['number'] ?? short?.['half'] ?? (said === undefined ? 0 : place + 1));
  if (number < 1 || (short === undefined && led !== at) || (isHalf && number > 2)) {
    return null;
  }
  const behind = led + (short === undefined ? 2 : 1);
  const { year, end } =
    led > at ? { year: Number(lowers[at]), end: behind } : yearBehind(lowers, behind, now);
  // `the second half of March` is no half of a year.
  if (said !== undefined && year === null && lowers[behind] === 'of') {
    return null;
  }
  const start = utc(year ?? unsaid ?? now.getFullYear(), (number - 1) * (isHalf ? 6 : 3));
  return named(start, isHalf ? 'half' : 'quarter', end, { lacksYear: year === null });
}

/** `week 13 of 2025`, `calendar week 13`, `the 13th week of 2025`. */
function weekAt({ lowers, now, unsaid }: Words, at: number): Span | null {
  const from = lowers[at] === 'calendar' ? at + 1 : at;
  const isLed = /^(?:week|cw|kw)$/u.test(lowers[from] ?? '');
  const number = dayOrWeek(lowers[isLed ? from + 1 : from]);
  if (number === null || (!isLed && lowers[from + 1] !== 'week')) {
    return null;
  }
  const { year, end } = yearBehind(lowers, from + 2, now);
  const start = weekOf(year ?? unsaid ?? now.getFullYear(), number);
  return start === null ? null : named(start, 'week', end, { lacksYear: year === null });
}

const dayOrWeek = (word: string | undefined): number | null => {
  const number = Number(/^(\d{1,2})(?:st|nd|rd|th)?$/u.exec(word ?? '')?.[1] ?? 0);
  return number >= 1 && number <= 53 ? number : null;
};

/** The year behind a month or a quarter: `2025`, `of 2025`, `, 2025`, `of last year`. */
function yearBehind(
  lowers: readonly string[],
  at: number,
  now?: Date,
): { readonly year: number | null; readonly end: number } {
  const from = /^(?:of|in|,)$/u.test(lowers[at] ?? '') ? at + 1 : at;
  const place = lowers[from] === 'the' ? from + 1 : from;
  if (isYear(lowers[place])) {
    return { year: Number(lowers[place]), end: place + 1 };
  }
  const which = { last: -1, previous: -1, this: 0, current: 0, next: 1 }[lowers[place] ?? ''];
  return now === undefined || which === undefined || lowers[place + 1] !== 'year'
    ? { year: null, end: at }
    : { year: now.getFullYear() + which, end: place + 2 };
}

function yearAt({ lowers }: Words, at: number): Span | null {
  const from = lowers[at] === 'year' ? at + 1 : at;
  return isYear(lowers[from])
    ? named(utc(Number(lowers[from]), 0), 'year', from + 1, { sure: from > at })
    : null;
}

/** A month without a year is the last one that has begun. */
const latest = (month: number, now: Date): number => now.getFullYear() - (month > now.getMonth() ? 1 : 0);

function monthOf(word = ''): number | null {
  const number = months.findIndex(
    (name) => word === name || word === name.slice(0, 3) || (word === 'sept' && name === 'september'),
  );
  return number < 0 ? null : number;
}

/** Days counted from today: `yesterday`, `this year`, `last month`, `the past 30 days`, `last Friday`, `two days ago`. */
function countedAt({ lowers, now }: Words, at: number): Span | null {
  const today = dayOf(now);
  const word = lowers[at] ?? '';
  const counted = (start: Date, end: Date, next: number): Span => ({
    ...named(start, 'day', next),
    end,
    fromToday: true,
  });
  const dayFrom = (by: number, next: number): Span =>
    counted(moved(today, 'day', by), moved(today, 'day', by + 1), next);
  const near = { today: 0, now: 0, yesterday: -1, tomorrow: 1 }[word];
  if (near !== undefined) {
    return dayFrom(near, at + 1);
  }
  if (lowers.slice(at, at + 3).join(' ') === 'day before yesterday') {
    return dayFrom(-2, at + 3);
  }
  if (lowers.slice(at + 1, at + 3).join(' ') === 'to date' && /^(?:year|quarter|month|week)$/u.test(word)) {
    const unit = unitOf(word) ?? 'year';
    const start = startOf(today, unit);
    return counted(start, moved(start, unit, 1), at + 3);
  }
  const back = countOf(word);
  if (back !== null && /^days?$/u.test(lowers[at + 1] ?? '') && lowers[at + 2] === 'ago') {
    return dayFrom(-back, at + 3);
  }
  const which = { this: 0, current: 0, last: -1, previous: -1, past: -1, next: 1, coming: 1 }[word];
  if (which === undefined) {
    return null;
  }
  const said = lowers[at + 1] ?? '';
  const weekday = /s$/u.test(said) ? null : weekdayOf(said);
  if (weekday !== null && which !== 0) {
    const apart = (today.getUTCDay() - weekday + 7) % 7;
    return dayFrom(which < 0 ? -(apart || 7) : 7 - apart, at + 2);
  }
  const count = unitOf(lowers[at + 2]) === null ? null : countOf(said);
  const unit = count === null ? unitOf(said) : unitOf(lowers[at + 2]);
  if (unit === null || (count === null && /s$/u.test(said)) || (count !== null && which === 0)) {
    return null;
  }
  if (count !== null) {
    // Today is the last of `the last 30 days`, and one of them.
    const tomorrow = moved(today, 'day', 1);
    return which < 0
      ? counted(moved(tomorrow, unit, -count), tomorrow, at + 3)
      : counted(today, moved(moved(today, unit, count), 'day', 1), at + 3);
  }
  const start = moved(startOf(today, unit), unit, which);
  return counted(start, moved(start, unit, 1), at + 2);
}

function countOf(word: string): number | null {
  return /^\d{1,4}$/u.test(word)
    ? Number(word)
    : Object.hasOwn(numberWords, word)
      ? (numberWords[word] ?? null)
      : null;
}

function unitOf(word: string | undefined): Unit | null {
  const unit = /^(day|week|month|quarter|year)s?$/u.exec(word ?? '')?.[1];
  return unit === 'day' || unit === 'week' || unit === 'month' || unit === 'quarter' || unit === 'year'
    ? unit
    : null;
}
