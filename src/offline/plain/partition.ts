import { soleKey } from '../schema-index/schema-index.ts';
import type { Context, Grouping } from './reading.ts';

/** The columns that tell apart what rows are grouped by. */
export function partitionOf({ analysis: { schemaIndex } }: Context, grouping: Grouping): readonly number[] {
  if (grouping.kind !== 'table') {
    return [grouping.column];
  }
  const other = schemaIndex.tables[grouping.table];
  const key = other === undefined ? undefined : soleKey(other);
  return key === undefined ? (other?.primaryKey ?? []) : [key];
}
