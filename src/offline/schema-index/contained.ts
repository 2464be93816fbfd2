import { type IndexedColumn, type Link, type SchemaIndex, soleKey } from './schema-index.ts';

/** Schemas of more tables are large enough to have their keys declared, and too large to compare all their values. */
const mostTables = 100;

/** The likelihood by which numbers may all be keys of another table by accident. */
const accident = 1e-4;

/**
 * A schema index with the keys that neither a declaration nor a name tells, from the data alone: a column whose every value
 * is a key of another table, where that is no accident, as it is of small numbers and of the numbers from 1 to n
 * (inclusion dependencies; see Bauckmann et al., Efficiently Detecting Inclusion Dependencies, 2007).
 */
export function withContained(
  schemaIndex: SchemaIndex,
  valuesOf: (column: number) => readonly string[] | null,
): SchemaIndex {
  if (schemaIndex.tables.length > mostTables) {
    return schemaIndex;
  }
  const referring = new Set(schemaIndex.links.flatMap((link) => link.left));
  const targets = schemaIndex.tables.flatMap((table) => {
    const column = schemaIndex.columns[soleKey(table) ?? -1];
    const values = column === undefined ? null : valuesOf(column.id);
    if (column === undefined || values === null || values.length < 3) {
      return [];
    }
    return [{ column, values: new Set(values), density: densityOf(values) }];
  });
  const links: Link[] = [];
  for (const column of schemaIndex.columns) {
    if (referring.has(column.id) || column.class === 'date' || column.class === 'boolean') {
      continue;
    }
    if (soleKey(schemaIndex.tables[column.table]) === column.id) {
      continue;
    }
    const [best] = targets
      .filter((target) => refers(column, valuesOf, target))
      .sort((a, b) => a.values.size - b.values.size);
    if (best !== undefined) {
      links.push({
        from: column.table,
        to: best.column.table,
        left: [column.id],
        right: [best.column.id],
        declared: false,
      });
    }
  }
  return links.length === 0 ? schemaIndex : { ...schemaIndex, links: [...schemaIndex.links, ...links] };
}

function refers(
  column: IndexedColumn,
  valuesOf: (column: number) => readonly string[] | null,
  target: { readonly column: IndexedColumn; readonly values: ReadonlySet<string>; readonly density: number },
): boolean {
  if (target.column.table === column.table || target.column.class !== column.class) {
    return false;
  }
  const values = valuesOf(column.id);
  if (values === null || values.length < 2 || target.density ** values.length > accident) {
    return false;
  }
  return values.every((value) => target.values.has(value));
}

/** The share of the numbers between the least and the greatest that are there; 0 where they are no numbers. */
function densityOf(values: readonly string[]): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    const number = Number(value);
    if (Number.isNaN(number)) {
      return 0;
    }
    least = Math.min(least, number);
    most = Math.max(most, number);
  }
  return values.length / (most - least + 1);
}
