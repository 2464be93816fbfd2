/** A moment as a clock on the wall shows it: `2025-03-09 14:30:00`. */
export type Moment = string;

/** Words that say when, and which moments they mean on Wednesday, 18 March 2026; null where they must be refused. */
export type Phrase = readonly [words: string, holds: ((moment: Moment) => boolean) | null];

/** From the first day up to, not including, the second; either may be open. */
const days =
  (from: string | null, to: string | null) =>
  (moment: Moment): boolean =>
    (from === null || moment >= from) && (to === null || moment < to);
const weekday = (moment: Moment): number => new Date(`${moment.slice(0, 10)}T12:00:00Z`).getUTCDay();

export const phrases: readonly Phrase[] = [
  ['in 2024', days('2024-01-01', '2025-01-01')],
  ['in March 2025', days('2025-03-01', '2025-04-01')],
  ['in march of 2025', days('2025-03-01', '2025-04-01')],
  ['last month', days('2026-02-01', '2026-03-01')],
  ['this month', days('2026-03-01', '2026-04-01')],
  ['in the last month', days('2026-02-01', '2026-03-01')],
  ['last year', days('2025-01-01', '2026-01-01')],
  ['this year', days('2026-01-01', '2027-01-01')],
  ['so far this year', days('2026-01-01', '2027-01-01')],
  ['since March', days('2026-03-01', null)],
  ['since November', days('2025-11-01', null)],
  ['since March 2025', days('2025-03-01', null)],
  ['since 2025', days('2025-01-01', null)],
  ['since yesterday', days('2026-03-17', null)],
  ['since last month', days('2026-02-01', null)],
  ['until March 2025', days(null, '2025-04-01')],
  ['up to March 2025', days(null, '2025-04-01')],
  ['before 2025', days(null, '2025-01-01')],
  ['before May 2024', days(null, '2024-05-01')],
  ['after 2024', days('2025-01-01', null)],
  ['after March 2025', days('2025-04-01', null)],
  ['between March and May 2025', days('2025-03-01', '2025-06-01')],
  ['between 2024 and 2025', days('2024-01-01', '2026-01-01')],
  ['from March to May 2025', days('2025-03-01', '2025-06-01')],
  ['between 2025-03-01 and 2025-03-31', days('2025-03-01', '2025-04-01')],
  ['between 1 March 2025 and 15 April 2025', days('2025-03-01', '2025-04-16')],
  ['between March 1 and April 15, 2025', days('2025-03-01', '2025-04-16')],
  ['from 1 March to 15 April 2025', days('2025-03-01', '2025-04-16')],
  ['from March 2025 until now', days('2025-03-01', '2026-03-19')],
  ['in March and April 2025', days('2025-03-01', '2025-05-01')],
  ['in the last 30 days', days('2026-02-17', '2026-03-19')],
  ['the last 30 days', days('2026-02-17', '2026-03-19')],
  ['over the past 3 weeks', days('2026-02-26', '2026-03-19')],
  ['in the last two months', days('2026-01-19', '2026-03-19')],
  ['within the last year', days('2025-01-01', '2026-01-01')],
  ['in Q1 2025', days('2025-01-01', '2025-04-01')],
  ['in 2025 Q1', days('2025-01-01', '2025-04-01')],
  ['in the first quarter of 2025', days('2025-01-01', '2025-04-01')],
  ['in the second quarter', days('2026-04-01', '2026-07-01')],
  ['this quarter', days('2026-01-01', '2026-04-01')],
  ['last quarter', days('2025-10-01', '2026-01-01')],
  ['in the first half of 2025', days('2025-01-01', '2025-07-01')],
  ['in H2 2024', days('2024-07-01', '2025-01-01')],
  ['in the second half of March 2025', null],
  ['yesterday', days('2026-03-17', '2026-03-18')],
  ['today', days('2026-03-18', '2026-03-19')],
  ['this week', days('2026-03-16', '2026-03-23')],
  ['last week', days('2026-03-09', '2026-03-16')],
  ['on Fridays', (moment) => weekday(moment) === 5],
  ['on a Friday', (moment) => weekday(moment) === 5],
  ['last Friday', days('2026-03-13', '2026-03-14')],
  ['at weekends', (moment) => weekday(moment) % 6 === 0],
  ['on weekends', (moment) => weekday(moment) % 6 === 0],
  ['on Saturdays and Sundays', (moment) => weekday(moment) % 6 === 0],
  ['on weekdays', (moment) => weekday(moment) % 6 !== 0],
  ['on Fridays in 2025', (moment) => weekday(moment) === 5 && days('2025-01-01', '2026-01-01')(moment)],
  ['not on Fridays', (moment) => weekday(moment) !== 5],
  ['on 24 December 2024', days('2024-12-24', '2024-12-25')],
  ['on 24.12.2024', days('2024-12-24', '2024-12-25')],
  ['on 24.12.24', days('2024-12-24', '2024-12-25')],
  ['on December 24, 2024', days('2024-12-24', '2024-12-25')],
  ['on the 24th of December 2024', days('2024-12-24', '2024-12-25')],
  ['on 2024-12-24', days('2024-12-24', '2024-12-25')],
  ['before 1 May 2024', days(null, '2024-05-01')],
  ['since 1.3.2025', days('2025-03-01', null)],
  ["in '24", days('2024-01-01', '2025-01-01')],
  ['in 24', null],
  ['on 3/4/2025', null],
  ['in May', days('2025-05-01', '2025-06-01')],
  ['in 2024 or 2025', days('2024-01-01', '2026-01-01')],
  ['in 2023 and 2025', null],
  ['not in 2025', (moment) => !days('2025-01-01', '2026-01-01')(moment)],
  ['in early 2025', null],
  ['in the summer of 2025', null],
  ['at the end of 2024', null],
  ['at Christmas', null],
  ['two days ago', days('2026-03-16', '2026-03-17')],
  ['more than last year', null],
  ['in the morning', null],
  ['every second Friday', null],
  ['on 31 February 2025', null],
  ['in the 13th week of 2025', days('2025-03-24', '2025-03-31')],
  ['in calendar week 13 of 2025', days('2025-03-24', '2025-03-31')],
  ['in the year 2025', days('2025-01-01', '2026-01-01')],
  ['in the month of March 2025', days('2025-03-01', '2025-04-01')],
  ['in 03/2025', days('2025-03-01', '2025-04-01')],
  ['in 2025-03', days('2025-03-01', '2025-04-01')],
  ['year to date', days('2026-01-01', '2027-01-01')],
  ['next month', days('2026-04-01', '2026-05-01')],
  ['in the 2020s', null],
];

/** Words that ask for a row a stretch of time, the moments that count, and what a row is called. */
export const groupings: readonly (readonly [
  string,
  (moment: Moment) => boolean,
  (moment: Moment) => string,
])[] = [
  ['per month in 2025', days('2025-01-01', '2026-01-01'), (moment) => moment.slice(0, 7)],
  ['in 2024 compared to 2025', days('2024-01-01', '2026-01-01'), (moment) => moment.slice(0, 4)],
  ['in 2025 by month', days('2025-01-01', '2026-01-01'), (moment) => moment.slice(0, 7)],
  ['per month', days(null, null), (moment) => moment.slice(0, 7)],
  ['per month this year', days('2026-01-01', '2027-01-01'), (moment) => moment.slice(0, 7)],
  ['per year', days(null, null), (moment) => moment.slice(0, 4)],
  ['per quarter', days(null, null), quarterOf],
  ['per day in March 2025', days('2025-03-01', '2025-04-01'), (moment) => moment.slice(0, 10)],
  ['per week in 2025', days('2025-01-01', '2026-01-01'), weekOf],
  ['in 2024 compared to 2025', days('2024-01-01', '2026-01-01'), (moment) => moment.slice(0, 4)],
  ['of March 2025 vs April 2025', days('2025-03-01', '2025-05-01'), (moment) => moment.slice(0, 7)],
  ['by weekday', days(null, null), nameOf],
  ['by day of the week since 2025', days('2025-01-01', null), nameOf],
];

function quarterOf(moment: Moment): string {
  return `${moment.slice(0, 4)}-Q${Math.ceil(Number(moment.slice(5, 7)) / 3)}`;
}

function nameOf(moment: Moment): string {
  const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  return names[weekday(moment)] ?? '';
}

/** The week of ISO 8601: it begins on Monday, and belongs to the year of its Thursday. */
function weekOf(moment: Moment): string {
  const date = new Date(`${moment.slice(0, 10)}T12:00:00Z`);
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - first) / (7 * 86_400_000)) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}
