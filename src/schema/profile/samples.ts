import { oneLine } from '../one-line.ts';
import type { Column } from '../schema.ts';
import type { TableSamples } from './column-profile.ts';

const longestValue = 40;

/** A column's most frequent values, or its lowest and highest, as a model is told them. */
export function samplesOf({ name, values }: Column, { top, range }: TableSamples): readonly string[] {
  const few = values === null ? (top[name] ?? []) : [];
  const ends = range[name];
  return [
    ...(few.length === 0 ? [] : [`such as ${few.map(shown).join(', ')}`]),
    ...(ends === undefined ? [] : [`from ${shown(ends[0])} to ${shown(ends[1])}`]),
  ];
}

/** The first rows, one a line. */
export function rowsText({ rows, columns }: TableSamples): readonly string[] {
  if (rows.length === 0) {
    return [];
  }
  const lines = rows.map(
    (row) => `    (${row.map((value) => (value === null ? 'NULL' : shown(value))).join(', ')})`,
  );
  return [`  rows (${columns.map(oneLine).join(', ')})`, ...lines];
}

function shown(value: string): string {
  const line = oneLine(value);
  const cut = [...line].length > longestValue ? `${[...line].slice(0, longestValue).join('')}…` : line;
  return /^-?\d+(\.\d+)?$/u.test(cut) ? cut : `'${cut.replaceAll("'", "''")}'`;
}
