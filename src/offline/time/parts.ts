import type { DatePart } from '../../database/dialect.ts';

/** Words that name a stretch of the calendar, one row for each of which may be asked for. */
const nouns: Readonly<Record<string, DatePart>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  date: 'day',
  weekday: 'weekday',
};
const adverbs: Readonly<Record<string, DatePart>> = {
  yearly: 'year',
  annually: 'year',
  quarterly: 'quarter',
  monthly: 'month',
  weekly: 'week',
  daily: 'day',
};

/** A part of the calendar that words name, and the index behind them. */
export interface Part {
  readonly part: DatePart;
  readonly next: number;
}

/** Reads what one row is asked for each of: `per month`, `by weekday`, `for each day of the week`, `monthly`. */
export function partAt(lowers: readonly string[], at: number): Part | null {
  const adverb = adverbs[lowers[at] ?? ''];
  if (adverb !== undefined) {
    return { part: adverb, next: at + 1 };
  }
  let end = at;
  while (
    /^(?:per|by|for|in|on|of|each|every|grouped|broken|down|split|the|calendar)$/u.test(lowers[end] ?? '')
  ) {
    end++;
  }
  if (!lowers.slice(at, end).some((word) => /^(?:per|by|each|every)$/u.test(word))) {
    return null;
  }
  const ofWeek = /^day of (?:the )?week\b/u.exec(lowers.slice(end, end + 4).join(' '));
  if (ofWeek !== null) {
    return { part: 'weekday', next: end + ofWeek[0].split(' ').length };
  }
  const part = nouns[lowers[end] ?? ''];
  return part === undefined ? null : { part, next: end + 1 };
}
