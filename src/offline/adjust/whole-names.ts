import type { Candidate } from '../grammar/candidate.ts';
import { isNamePart, type SelectItem } from '../grammar/select.ts';
import { type Expression, plain, type SelectQuery } from '../query/tree.ts';
import { type SchemaIndex, soleKey } from '../schema-index/schema-index.ts';

/**
 * The query with whole names: the last name beside the first where a question asks for the people themselves, and rows
 * grouped by the key of what is named besides its name, so that two of one name stay two.
 */
export function withWholeNames(schemaIndex: SchemaIndex, candidate: Candidate): Candidate {
  const { query } = candidate;
  if (query.kind !== 'select') {
    return candidate;
  }
  const select = candidate.select.items.flatMap((item) => [item, ...otherPart(schemaIndex, candidate, item)]);
  const shown =
    select.length === candidate.select.items.length ? query.select : inPlace(schemaIndex, query, select);
  const group = [...query.group, ...shown.flatMap((item) => addedGroup(query, item))];
  const keys = group.flatMap((id) => keyBeside(schemaIndex, query, id)).filter((id) => !group.includes(id));
  if (shown === query.select && keys.length === 0) {
    return candidate;
  }
  return {
    ...candidate,
    query: { ...query, select: shown, group: [...group, ...keys] },
    select: { ...candidate.select, items: select },
  };
}

/** The column with the other half of an implied name that is not shown yet, as an item. */
function otherPart(schemaIndex: SchemaIndex, candidate: Candidate, item: SelectItem): SelectItem[] {
  if (!item.implied || item.partOfName === null || item.expression.column === null) {
    return [];
  }
  const other = (schemaIndex.tables[item.partOfName]?.columns ?? []).find(
    (id) => id !== item.expression.column && isNamePart(schemaIndex, schemaIndex.columns[id]),
  );
  if (other === undefined || candidate.select.items.some(({ expression }) => expression.column === other)) {
    return [];
  }
  return [{ ...item, expression: plain(other) }];
}

const isLastName = ({ columns }: SchemaIndex, { column }: Expression): boolean =>
  /^(?:last|family) name$/u.test(columns[column ?? -1]?.ownWords.join(' ') ?? '');

/** What is shown, each added part beside the one that it belongs to, the last name behind. */
function inPlace(
  schemaIndex: SchemaIndex,
  query: SelectQuery,
  items: readonly SelectItem[],
): readonly Expression[] {
  const added = items.filter(
    ({ expression }) => !query.select.some(({ column }) => column === expression.column),
  );
  return query.select.flatMap((shown) => {
    const first = items.find(({ expression }) => expression.column === shown.column);
    const beside = added.filter(
      ({ partOfName }) => shown.aggregate === null && partOfName === first?.partOfName,
    );
    const others = beside.map(({ expression }) => expression);
    return isLastName(schemaIndex, shown) ? [...others, shown] : [shown, ...others];
  });
}

/** A column that is shown of groups and that they are not yet grouped by. */
function addedGroup(query: SelectQuery, { aggregate, column }: Expression): number[] {
  return query.group.length === 0 || aggregate !== null || column === null || query.group.includes(column)
    ? []
    : [column];
}

/** The key of a table whose name groups rows of other tables; none where its own rows are what is grouped. */
function keyBeside(schemaIndex: SchemaIndex, query: SelectQuery, id: number): number[] {
  const table = schemaIndex.tables[schemaIndex.columns[id]?.table ?? -1];
  const key = soleKey(table);
  if (table === undefined || key === undefined || table.label !== id || key === id) {
    return [];
  }
  const referred = query.joins.some(({ on }) => on.some((pair) => pair.includes(key)));
  return referred ? [key] : [];
}
