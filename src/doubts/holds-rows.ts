import type { Row } from '../database/database.ts';

/** Digits in which two ways to reckon agree. */
const precision = 12;
/** So many steps are taken to set columns beside each other; columns of the same values can be set in many ways. */
const mostSteps = 2000;

/** A value as it reads, numbers by what they are worth. */
export function valueText(value: Row[number]): string {
  const text = String(value);
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))
    ? String(Number(number.toPrecision(precision)))
    : text;
}

/**
 * Whether an answer holds what another does: its rows, however often, and whatever else it shows of them. Their order counts
 * where it is said to; that of the columns never does.
 */
export function holdsRows(
  answer: readonly Row[],
  other: readonly Row[],
  { ordered }: { readonly ordered: boolean },
): boolean {
  const [own, wanted] = [answer, other].map((rows) => rows.map((row) => row.map(valueText)));
  if (own === undefined || wanted === undefined || own.length === 0 || wanted.length === 0) {
    return answer.length === other.length;
  }
  const width = wanted[0]?.length ?? 0;
  const key = (rows: readonly (readonly string[])[], columns: readonly number[]): string => {
    const texts = [...new Set(rows.map((row) => JSON.stringify(columns.map((column) => row[column]))))];
    return (ordered ? texts : texts.sort()).join();
  };
  const goal = key(
    wanted,
    Array.from({ length: width }, (_, column) => column),
  );
  const valuesOf = (rows: readonly (readonly string[])[], column: number): string =>
    key(
      rows.map((row) => [row[column] ?? '']),
      [0],
    );
  const ownValues = Array.from({ length: own[0]?.length ?? 0 }, (_, column) => valuesOf(own, column));
  const wantedValues = Array.from({ length: width }, (_, column) => valuesOf(wanted, column));
  let steps = 0;
  const fits = (columns: readonly number[]): boolean => {
    steps += 1;
    if (columns.length === width) {
      return key(own, columns) === goal;
    }
    return ownValues.some(
      (values, column) =>
        steps < mostSteps &&
        !columns.includes(column) &&
        values === wantedValues[columns.length] &&
        fits([...columns, column]),
    );
  };
  return fits([]);
}
