import { fold, foldWritten, labelKey, mostLabels, type ValueLookup } from './values.ts';

/**
 * The stored texts of a column that spell one label, the asked one first: those that differ in case, accents, punctuation
 * or blanks, `München` and `Muenchen`, and of a column of a few labels also `cancelled` and `canceled`, `no-show` and
 * `noshow`, `organised` and `organized`.
 */
export function spellingsOf(lookup: ValueLookup, column: number, text: string): string[] {
  const alike = [fold(text), foldWritten(text)].flatMap((folded) =>
    lookup
      .exact(folded)
      .filter(
        (value) => value.column === column && [fold, foldWritten].some((of) => of(value.text) === folded),
      ),
  );
  const labels = lookup.of(column) ?? [];
  const key = labelKey(text);
  const twins =
    labels.length > mostLabels || key === null ? [] : labels.filter((other) => labelKey(other) === key);
  return [...new Set([text, ...alike.map((value) => value.text), ...twins])];
}

/** More values than this are read as they are. */
const mostSpellings = 2000;

/** Whether a column has texts that differ in case and blanks alone, so that its values are told apart without regard to them. */
export function isSpelledVariously(lookup: ValueLookup, column: number): boolean {
  const values = lookup.of(column) ?? [];
  return (
    values.length <= mostSpellings &&
    values.some((text) => /\p{L}/u.test(text)) &&
    new Set(values.map((text) => text.trim().toLowerCase())).size < values.length
  );
}
