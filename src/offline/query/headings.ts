import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { spoken } from './spoken.ts';
import type { Expression } from './tree.ts';

/** A heading for each column of a result, no two alike: a column's own name, with its table where two are called the same. */
export function headingsOf(schemaIndex: SchemaIndex, select: readonly Expression[]): readonly string[] {
  const { aggregate } = spoken(schemaIndex);
  const own = select.map((item) => {
    const name = item.column === null ? 'rows' : (schemaIndex.columns[item.column]?.name ?? '');
    return item.aggregate === null ? name : `${aggregate(item.aggregate)} ${name}`;
  });
  return own.map((name, index) => {
    const table = schemaIndex.columns[select[index]?.column ?? -1]?.table;
    return own.filter((other) => other.toLowerCase() === name.toLowerCase()).length === 1
      ? name
      : `${schemaIndex.tables[table ?? -1]?.name ?? ''}_${name}`;
  });
}
