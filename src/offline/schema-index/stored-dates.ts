import type { StoredDate } from '../../database/dialect.ts';
import type { IndexedColumn, SchemaIndex } from './schema-index.ts';

const dayFirst = /^\d{2}\.\d{2}\.\d{4}$/u;
const slashed = /^(?<first>\d{2})\/(?<second>\d{2})\/\d{4}$/u;

/** Whether dates are kept as texts that have to be cut up before they are compared. */
export const isCutUp = (stored: StoredDate | null | undefined): boolean =>
  stored !== null &&
  stored !== undefined &&
  stored !== 'iso' &&
  stored !== 'seconds' &&
  stored !== 'milliseconds';

/** Whether dates are kept as texts that do not sort as time does. */
export const isYearLast = (stored: StoredDate | null | undefined): boolean =>
  isCutUp(stored) && stored !== 'digits';

/** A date as a column keeps it, year last, as `2025-12-31`. */
export function yearFirst(text: string, stored: StoredDate | null): string {
  const [first = '', second = '', year = ''] = text.split(/[./]/u);
  return stored === 'month first, slashes' ? `${year}-${first}-${second}` : `${year}-${second}-${first}`;
}

/** A day or a moment as ISO 8601 writes it. */
export const isoMoment =
  /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/u;
const digits = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/u;
const whole = /^\d+$/u;

/** Words of columns that tell when something was. */
const tellsWhen =
  /\b(?:at|on|time|timestamp|date|day|when|since|until|created?|updated?|modified|open|opened|close|closed|start(?:ed)?|end(?:ed)?|last|seen|login|joined?|expires?|due|sent|paid|born|birth|hired?|held|bought|sold|left|began|begun|signed|delivered|returned|released|published|received|shipped|registered|died)\b/u;

/** Seconds since 1970 from 1980 to 2100; milliseconds are a thousand times as many. */
const earliest = 315_532_800;
const latest = 4_102_444_800;

/** A schema index whose columns say how they keep dates that their types don't tell, found in their values. */
export function withStoredDates(
  schemaIndex: SchemaIndex,
  valuesOf: (column: number) => readonly string[] | null,
): SchemaIndex {
  let changed = false;
  const columns = schemaIndex.columns.map((column): IndexedColumn => {
    const stored = storedAs(column, valuesOf(column.id) ?? []);
    if (stored === null) {
      return column;
    }
    changed = true;
    // A text in ISO 8601 compares as a text does.
    return { ...column, stored, class: stored === 'iso' ? column.class : 'date' };
  });
  return changed ? { ...schemaIndex, columns } : schemaIndex;
}

function storedAs(column: IndexedColumn, values: readonly string[]): StoredDate | null {
  if (values.length === 0 || column.primary || column.foreign) {
    return null;
  }
  const known = values.filter((value) => value.trim() !== '');
  if (column.class !== 'number' && known.length > 0 && known.every((value) => dayFirst.test(value))) {
    return 'day first';
  }
  const slashes = column.class === 'number' ? null : slashedForm(known);
  if (slashes !== null) {
    return slashes;
  }
  if (column.class === 'text' && known.length > 0 && known.every((value) => isoMoment.test(value))) {
    return 'iso';
  }
  // One such value could be any number; several that are days each are no amounts, whatever they are called.
  const least = column.class === 'text' || tellsWhen.test(column.words.join(' ')) ? 2 : 4;
  const mayBeDigits = column.class === 'text' || column.class === 'number';
  if (mayBeDigits && known.length >= least && known.every((value) => digits.test(value))) {
    return 'digits';
  }
  if (!tellsWhen.test(column.words.join(' ')) || !known.every((value) => whole.test(value))) {
    return null;
  }
  const within = (unit: number): boolean =>
    known.every((value) => Number(value) >= earliest * unit && Number(value) <= latest * unit);
  return within(1) ? 'seconds' : within(1000) ? 'milliseconds' : null;
}

/** Whether texts such as 31/12/2025 begin with the day or with the month: some of them can't be the other, and all can be this. */
function slashedForm(values: readonly string[]): StoredDate | null {
  const parts = values.map((value) => slashed.exec(value)?.groups);
  const highest = (part: 'first' | 'second'): number =>
    Math.max(...parts.map((each) => (each === undefined ? Number.NaN : Number(each[part]))));
  const [first, second] = [highest('first'), highest('second')];
  if (first > 12 && first <= 31 && second <= 12) {
    return 'day first, slashes';
  }
  return second > 12 && second <= 31 && first <= 12 ? 'month first, slashes' : null;
}

const otherDay =
  /^(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./]\d{1,2}[./]\d{1,2}|\d{1,2}\.? \p{L}{3,9}\.?,? \d{2,4}|\p{L}{3,9} \d{1,2},? \d{4})(?: .*)?$/u;

/** Whether every text of a column is a day in a spelling, such as 31/12/2025, that no comparison puts in order. */
export function isUnreadDate(
  lookup: { of(column: number): readonly string[] | null },
  { id, class: kind }: { readonly id: number; readonly class: string },
): boolean {
  const values = kind === 'text' ? (lookup.of(id) ?? []).filter((value) => value.trim() !== '') : [];
  return values.length > 0 && values.every((value) => otherDay.test(value.trim()));
}
