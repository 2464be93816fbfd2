import { isIrregular, lemmaOf } from '../language/lemma.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { spoken } from './spoken.ts';
import type { Expression, SelectQuery } from './tree.ts';

/** What `COUNT(*)` counts, as a heading: the rows of the table from which every join leads to one row of another. */
export function countHeading(schemaIndex: SchemaIndex, { from, joins }: SelectQuery): string {
  const tableOf = (column: number | undefined): number => schemaIndex.columns[column ?? -1]?.table ?? -1;
  const tables = new Set([from, ...joins.map(({ table }) => table)]);
  for (const { on } of joins) {
    const pair = on[0] ?? [];
    const link = schemaIndex.links.find(
      ({ left, right }) =>
        on.length === left.length &&
        pair.some((column) => left[0] === column) &&
        pair.some((column) => right[0] === column && tableOf(column) !== tableOf(left[0])),
    );
    if (link === undefined) {
      return 'number of rows';
    }
    tables.delete(link.to);
  }
  const [only] = tables;
  const name = (schemaIndex.tables[only ?? -1]?.name ?? '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll('_', ' ')
    .trim()
    .toLowerCase();
  if (tables.size !== 1 || name === '' || name.length > longest) {
    return 'number of rows';
  }
  const last = name.split(' ').at(-1) ?? '';
  const several = /[^s]s$/u.test(last) || (isIrregular(last) && lemmaOf(last) !== last);
  return `number of ${name}${several ? '' : ' rows'}`;
}

/** The heading of a share. */
export const shareHeading = 'percentage';

/** The heading of what is reckoned of two columns, `sum of quantity × price`; null for what the engine heads well by itself. */
export function productHeading(
  schemaIndex: SchemaIndex,
  { aggregate, column, times, less }: Expression,
): string | null {
  if (times === undefined) {
    return null;
  }
  const name = (id: number | null): string => schemaIndex.columns[id ?? -1]?.name ?? '';
  const led = aggregate === null ? '' : `${spoken(schemaIndex).aggregate(aggregate)} `;
  const whole = `${led}${name(times)} × ${name(column)}`;
  const reduced = less === undefined ? whole : `${whole} less ${name(less.column)}`;
  return [reduced, whole].find(({ length }) => length <= longest) ?? `${led}${name(column)}`;
}

/** The heading of a mean of counts. */
export const meanHeading = 'average number';

/** PostgreSQL cuts names after 63 bytes. */
const longest = 40;

/** Whether an expression is `COUNT(*)`. */
export const isCount = ({ aggregate, column }: Expression): boolean =>
  aggregate === 'count' && column === null;

/** A heading for each column of a result, no two alike: a column's own name, with its table where two are called the same. */
export function headingsOf(schemaIndex: SchemaIndex, query: SelectQuery): readonly string[] {
  const { select } = query;
  const { aggregate } = spoken(schemaIndex);
  const own = select.map((item) => {
    if (isCount(item)) {
      return countHeading(schemaIndex, query);
    }
    if (item.share !== undefined) {
      return shareHeading;
    }
    if (item.per !== undefined) {
      return meanHeading;
    }
    const product = productHeading(schemaIndex, item);
    if (product !== null) {
      return product;
    }
    const name = schemaIndex.columns[item.column ?? -1]?.name ?? '';
    return item.aggregate === null ? name : `${aggregate(item.aggregate)} ${name}`;
  });
  return own.map((name, index) => {
    const table = schemaIndex.columns[select[index]?.column ?? -1]?.table;
    return own.filter((other) => other.toLowerCase() === name.toLowerCase()).length === 1
      ? name
      : `${schemaIndex.tables[table ?? -1]?.name ?? ''}_${name}`;
  });
}
