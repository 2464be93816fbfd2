/** How a text, or a number, writes a date. */
export type DateForm =
  | 'YYYY-MM-DD'
  | 'YYYY/MM/DD'
  | 'YYYYMMDD'
  | 'DD.MM.YYYY'
  | 'DD/MM/YYYY'
  | 'MM/DD/YYYY'
  | 'seconds'
  | 'milliseconds';

/** A date as it was read. */
export interface ReadDate {
  readonly form: DateForm;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** It is written with all its digits, as all of its form are that sort as time does. */
  readonly isPadded: boolean;
  /** What comes after the day: a time. */
  readonly rest: string;
}

/** The forms whose texts sort as time does. */
export const sortable: ReadonlySet<DateForm> = new Set(['YYYY-MM-DD', 'YYYY/MM/DD', 'YYYYMMDD']);

/** Of so many values all but these are in the form of their column. */
const leastShare = 0.8;
const fewestValues = 3;
const patterns: readonly (readonly [pattern: RegExp, forms: readonly DateForm[]])[] = [
  [/^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?<rest>\D.*)?$/u, ['YYYY-MM-DD']],
  [/^(?<year>\d{4})\/(?<month>\d{1,2})\/(?<day>\d{1,2})(?<rest>\D.*)?$/u, ['YYYY/MM/DD']],
  [/^(?<year>(?:19|20)\d\d)(?<month>[01]\d)(?<day>[0-3]\d)$/u, ['YYYYMMDD']],
  [/^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})(?<rest>\D.*)?$/u, ['DD.MM.YYYY']],
  [/^(?<day>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4})(?<rest>\D.*)?$/u, ['DD/MM/YYYY']],
  [/^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})(?<rest>\D.*)?$/u, ['MM/DD/YYYY']],
];
const day = 24 * 60 * 60 * 1000;
/** Seconds since 1970 of 1990 and of 2100. */
const [firstSecond, lastSecond] = [631_152_000, 4_102_444_800];

/** The dates that a text may be, in each form that it can have, whether there is such a day or not; none where it is no date. */
export function readDates(text: string): readonly ReadDate[] {
  return patterns.flatMap(([pattern, forms]) => {
    const groups = pattern.exec(text.trim())?.groups;
    const [year = '', month = '', dayText = ''] = [groups?.['year'], groups?.['month'], groups?.['day']];
    if (groups === undefined) {
      return [];
    }
    return forms.map((form) => ({
      form,
      year: Number(year),
      month: Number(month),
      day: Number(dayText),
      isPadded: month.length === 2 && dayText.length === 2,
      rest: groups['rest'] ?? '',
    }));
  });
}

/** The form in which most of a column's values write dates; null where they don't, or where two forms fit. */
export function formOf(values: readonly unknown[]): DateForm | null {
  if (values.length < fewestValues) {
    return null;
  }
  const numbers = values.map((value) => (typeof value === 'string' ? Number.NaN : Number(value)));
  for (const [form, factor] of [
    ['seconds', 1],
    ['milliseconds', 1000],
  ] as const) {
    if (numbers.every((value) => value >= firstSecond * factor && value <= lastSecond * factor)) {
      return form;
    }
  }
  const read = values.map((value) =>
    readDates(String(value))
      .filter(isDate)
      .map(({ form }) => form),
  );
  const counts = new Map<DateForm, number>();
  for (const form of read.flat()) {
    counts.set(form, (counts.get(form) ?? 0) + 1);
  }
  const fitting = [...counts].filter(([, count]) => count >= leastShare * values.length);
  const [best, second] = fitting.sort(([, a], [, b]) => b - a);
  return best === undefined || best[1] === second?.[1] ? null : best[0];
}

/** Whether there is such a day. */
export function isDate({ year, month, day: number }: ReadDate): boolean {
  return month >= 1 && month <= 12 && number >= 1 && number <= daysOf(year, month);
}

/** How many days a month has. */
export function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** A date in one of the forms that write it as text; null for a number. */
export function writeDate(
  { year, month, day: number }: Omit<ReadDate, 'form' | 'rest' | 'isPadded'>,
  form: DateForm,
): string | null {
  const [y, m, d] = [
    String(year).padStart(4, '0'),
    ...[month, number].map((part) => String(part).padStart(2, '0')),
  ];
  switch (form) {
    case 'YYYY-MM-DD':
      return `${y}-${m}-${d}`;
    case 'YYYY/MM/DD':
      return `${y}/${m}/${d}`;
    case 'YYYYMMDD':
      return `${y}${m}${d}`;
    case 'DD.MM.YYYY':
      return `${d}.${m}.${y}`;
    case 'DD/MM/YYYY':
      return `${d}/${m}/${y}`;
    case 'MM/DD/YYYY':
      return `${m}/${d}/${y}`;
    default:
      return null;
  }
}

/** The day after one that is written as YYYY-MM-DD; null where that is none. */
export function nextDay(text: string): string | null {
  const found = readDates(text).find(
    ({ form, isPadded, rest }) => form === 'YYYY-MM-DD' && isPadded && rest === '',
  );
  return found === undefined || !isDate(found)
    ? null
    : new Date(Date.UTC(found.year, found.month - 1, found.day) + day).toISOString().slice(0, 10);
}
