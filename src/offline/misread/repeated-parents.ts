import type { Analysis } from '../analysis/analysis.ts';
import { isForm } from '../language/form.ts';
import type { SelectQuery } from '../query/tree.ts';

/** `top 3 beers by litres`, where each beer has several rows with litres: the first rows show some beers twice and others not. */
export function repeatedParents({ schemaIndex }: Analysis, query: SelectQuery): string | null {
  const [order] = query.order;
  const tableOf = (column: number | null | undefined): number =>
    schemaIndex.columns[column ?? -1]?.table ?? -1;
  if (
    order === undefined ||
    order.by.aggregate !== null ||
    query.limit === null ||
    query.limit === 1 ||
    query.distinct ||
    query.group.length > 0
  ) {
    return null;
  }
  const ranked = tableOf(order.by.column);
  const shown = new Set(query.select.map(({ column }) => tableOf(column)));
  const [parent = -1, ...others] = shown;
  const belongs = schemaIndex.links.some(({ from, to }) => from === ranked && to === parent);
  const back = schemaIndex.links.some(({ from, to }) => from === parent && to === ranked);
  return others.length > 0 || parent === ranked || !belongs || back
    ? null
    : `Each row of ${schemaIndex.tables[parent]?.name ?? ''} may have several in ${schemaIndex.tables[ranked]?.name ?? ''}: say "total" or "highest" ${schemaIndex.columns[order.by.column ?? -1]?.name ?? ''}.`;
}

/** `how much acrylic did we waste` asks for no number of rows. */
export const countForMuch = ({ question }: Analysis, { select }: SelectQuery): string | null =>
  /\bhow much\b/iu.test(question) &&
  select.some(({ aggregate, column }) => aggregate === 'count' && column === null)
    ? '"How much" asks for an amount, and no column of what is asked for is known to hold it: say "how many" for a number of rows.'
    : null;

/** `report to Tom` asks for those whom Tom is the boss of, and not for Tom; `who mentors the most` for the key that says so. */
export function lostBoss(
  { question, schemaIndex, tokens, values }: Analysis,
  query: SelectQuery,
): string | null {
  const refers = new Set(schemaIndex.links.filter(({ from, to }) => from !== to).flatMap(({ left }) => left));
  const ownKeys = schemaIndex.links
    .filter(({ from, to }) => from === to)
    .flatMap(({ left }) => left.flatMap((id) => schemaIndex.columns[id] ?? []));
  // A key of which nothing tells where it leads, `mentor_id` of teachers, is most often one to its own table.
  const keys = [
    ...ownKeys,
    ...schemaIndex.columns.filter(
      ({ id, primary, words, class: kind }) =>
        kind === 'number' && !primary && !refers.has(id) && /^(?:id|by)$/u.test(words.at(-1) ?? ''),
    ),
  ];
  const text = JSON.stringify([query.select, query.joins, query.where, query.group, query.order]);
  const isRead = (columns: readonly { readonly id: number }[]): boolean =>
    columns.some(({ id }) => new RegExp(`\\b${id}\\b`, 'u').test(text));
  const asked = /\breport(?:s|ed|ing)? to\b/iu.exec(question)?.[0];
  if (asked !== undefined && ownKeys.length > 0 && !isRead(ownKeys)) {
    return `The question asks who "${asked}" whom.`;
  }
  const tables = new Set([query.from, ...query.joins.map(({ table }) => table)]);
  const lost = tokens.find(({ lower, kind }, at) => {
    const isKey = (words: readonly string[]): boolean =>
      words.some((word) => word.length > 3 && !small.test(word) && isForm(lower, word));
    return (
      kind === 'word' &&
      keys.some(({ table, words }) => tables.has(table) && isKey(words)) &&
      !schemaIndex.tables.some(({ words }) => isKey(words)) &&
      !values.some(({ start, end }) => start <= at && at < end) &&
      !isRead(schemaIndex.columns.filter(({ words }) => isKey(words)))
    );
  });
  return lost === undefined ? null : `The question asks who has whom as "${lost.lower}".`;
}

const small = /^(?:code|number|from|with|this|date|name|type|parent)$/u;
