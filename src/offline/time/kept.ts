import type { Analysis } from '../analysis/analysis.ts';
import type { IndexedColumn } from '../schema-index/schema-index.ts';
import { isoMoment } from '../schema-index/stored-dates.ts';

/** What is no year, whatever digits it has: money, amounts, codes and places. */
const isOther =
  /\b(?:price|cost|fee|amount|total|sum|salary|wage|balance|budget|revenue|postcode|postal|zip|plz|code|number|no|nr|id|phone|quantity|qty|stock|count|weight|mass|length|width|height|distance|duration|minutes|seconds|capacity|population|points|score)\b/u;

/** Whether a column keeps years. */
export function isYear({ lookup }: Analysis, column: IndexedColumn): boolean {
  const isKind = column.class === 'number' || (column.class === 'text' && column.words.includes('year'));
  const isCalled = column.words.includes('year') || !isOther.test(column.words.join(' '));
  const values = isKind && isCalled ? (lookup.of(column.id) ?? []) : [];
  return values.length > 0 && values.every((value) => /^(?:1[5-9]|20)\d\d$/u.test(value));
}

/** Whether a column holds points in time, however they are kept. */
export function isTime({ lookup }: Analysis, column: IndexedColumn): boolean {
  if (column.class === 'date') {
    return true;
  }
  const values = column.class === 'text' ? (lookup.of(column.id) ?? []) : [];
  const known = values.filter((value) => value.trim() !== '');
  return known.length > 0 && known.every((value) => isoMoment.test(value));
}
