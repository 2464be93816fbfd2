/** What the calendar counts in. */
export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'half' | 'year';

/** The first day of a date in UTC; `month` counts from 0. */
export const utc = (year: number, month: number, day = 1): Date => new Date(Date.UTC(year, month, day));

/** A day as `yyyy-mm-dd`. */
export const writeDay = (date: Date): string => date.toISOString().slice(0, 10);

/** The day on which a clock of this machine shows a moment. */
export const dayOf = (now: Date): Date => utc(now.getFullYear(), now.getMonth(), now.getDate());

/** The first day of the unit that a day lies in; weeks begin on Monday. */
export function startOf(day: Date, unit: Unit): Date {
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  switch (unit) {
    case 'year':
      return utc(year, 0);
    case 'half':
      return utc(year, month - (month % 6));
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

/** The day so many units later; the last of its month where that month has no such day. */
export function moved(day: Date, unit: Unit, by: number): Date {
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  const months = { year: 12, half: 6, quarter: 3, month: 1, week: 0, day: 0 }[unit];
  if (months === 0) {
    return utc(year, month, date + by * (unit === 'week' ? 7 : 1));
  }
  const last = utc(year, month + by * months + 1, 0).getUTCDate();
  return utc(year, month + by * months, Math.min(date, last));
}

/** A day that the calendar has; null for 31 February. `month` counts from 0. */
export function realDay(year: number, month: number, day: number): Date | null {
  const made = utc(year, month, day);
  return made.getUTCMonth() === month && made.getUTCDate() === day ? made : null;
}

/** The Monday of a week of ISO 8601; null where the year has no such week. */
export function weekOf(year: number, week: number): Date | null {
  const first = startOf(utc(year, 0, 4), 'week');
  const monday = moved(first, 'week', week - 1);
  return week >= 1 && moved(monday, 'day', 3).getUTCFullYear() === year ? monday : null;
}

/** The year that two digits mean: up to ten years ahead, or else of the century before. */
export function fullYear(digits: string, now: Date): number {
  const number = Number(digits);
  if (digits.length > 2) {
    return number;
  }
  const century = Math.floor(now.getFullYear() / 100) * 100;
  return century + number - (century + number > now.getFullYear() + 10 ? 100 : 0);
}
