import { groupsOf } from '../look.ts';
import type { Scope } from '../scope.ts';
import { type Node, nameOf, nodesOf, textIn, walk } from '../sql-tree.ts';
import { stemmed } from './asked-columns.ts';
import { withoutQuotes } from './wording.ts';

/** What asks for the rows in an order, whatever else it asks for. */
const ordered =
  /(?<![\p{L}-])(?:(?:order|sort)(?:ed)? (?:(?:them|it|these|this|(?:the|your) \p{L}+) )?(?:in \p{L}+ order )?by|(?:in|by) (?:an? |the )?(?:alphabetical|lexicographic\p{L}*|ascending|descending|decreasing|increasing|chronological) (?:\p{L}+ )?order|(?:ascending|descending)ly|sortiert nach|geordnet nach|ordenad[oa]s? por)(?![\p{L}])/iu;
/** An order in so many words, and no other one. */
const ways = {
  DESC: /(?<![\p{L}])(?:descending|decreasing|absteigend\p{L}*|descendente|(?:highest|largest|biggest|most) (?:\p{L}+ )?to (?:the )?(?:lowest|smallest|least|fewest))(?![\p{L}])/iu,
  ASC: /(?<![\p{L}])(?:ascending|increasing|aufsteigend\p{L}*|ascendente|(?:lowest|smallest|least|fewest) (?:\p{L}+ )?to (?:the )?(?:highest|largest|biggest|most|greatest))(?![\p{L}])/iu,
};

/** Words that ask for an order where the SQL has none, or for the opposite of the one that it has; null for none. */
export function lostOrder(
  question: string,
  scopes: readonly Scope[],
): { readonly said: string; readonly isTurned: boolean } | null {
  const [scope] = scopes;
  const plain = withoutQuotes(question);
  if (scope === undefined || !scope.isWhole || isOneRow(scope)) {
    return null;
  }
  const order = nodesOf(scope.select['orderby']);
  const isWindowed =
    scopes.some(({ select }) => nodesOf(select['orderby']).length > 0) || hasWindow(scope.select);
  if (order.length === 0) {
    const [said] = ordered.exec(plain) ?? [];
    return said === undefined || isWindowed ? null : { said: said.toLowerCase(), isTurned: false };
  }
  const [down, up] = [ways.DESC.exec(plain)?.[0], ways.ASC.exec(plain)?.[0]];
  // Of two orders one may be of each way, and what is reckoned may turn it.
  if (order.length > 1 || (down === undefined) === (up === undefined)) {
    return null;
  }
  const isDown = textIn(order[0] ?? {}, 'type')?.toUpperCase() === 'DESC';
  const said = down ?? up ?? '';
  return isDown === (down !== undefined) ? null : { said: said.toLowerCase(), isTurned: true };
}

function isOneRow(scope: Scope): boolean {
  return (
    groupsOf(scope).length === 0 &&
    nodesOf(scope.select['columns']).some(({ expr }) => nodesOf([expr])[0]?.['type'] === 'aggr_func')
  );
}

function hasWindow(select: Node): boolean {
  return [...walk(select, { intoSelects: true })].some(({ over }) => over !== undefined && over !== null);
}

/** What an order goes by, up to what ends it. */
const key =
  /(?<![\p{L}])(?:order|sort)(?:ed)? (?:(?:them|it|these|this|(?:the|your) \p{L}+) )?(?:in \p{L}+ order )?by (?:the |their |its |each |every )?(?:\p{L}+['’]s? )?(?<key>\p{L}+(?: \p{L}+){0,2})/iu;

/** What is reckoned, though a column may be called so. */
const reckoned = new Set(['in', 'number', 'count', 'total', 'sum', 'average', 'how']);

/** The column that a question names to order by, where the SQL orders by others; null for none. */
export function otherOrder(question: string, scopes: readonly Scope[]): string | null {
  const [scope] = scopes;
  const said = stemmed(key.exec(withoutQuotes(question))?.groups?.['key'] ?? '').split(' ');
  const order = nodesOf(scope?.select['orderby']);
  // "by student last name": what has the column comes before it.
  const isOwner = scope?.sources.some(({ table }) => table !== null && stemmed(table.name) === said[0]);
  const words = said.length > 1 && isOwner === true ? said.slice(1) : said.slice(0, 2);
  if (scope === undefined || order.length === 0 || words.some((word) => word === '' || reckoned.has(word))) {
    return null;
  }
  const columns = scope.sources.flatMap(({ table }) => table?.columns ?? []).map(({ name }) => name);
  const named = columns.filter((name) =>
    stemmed(name)
      .split(' ')
      .includes(words[0] ?? ''),
  );
  const items = nodesOf(scope.select['columns']).flatMap((column) => nameOf(column['as']) ?? []);
  const used = order.flatMap((node) =>
    [...walk(node, { intoSelects: true })].flatMap((one) => nameOf(one['column']) ?? []),
  );
  const isNumbered = order.some(({ expr }) => nodesOf([expr])[0]?.['type'] === 'number');
  const isUsed = [...used].some(
    (name) => items.includes(name) || words.some((word) => stemmed(name).split(' ').includes(word)),
  );
  return named[0] === undefined || isNumbered || isUsed ? null : named[0];
}
