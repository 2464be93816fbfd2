import { aggregatesOf } from '../aggregates.ts';
import { type Factor, factorOf } from '../factor.ts';
import { repeating } from '../joins.ts';
import { groupsOf, isDistinct, type LookContext, standsAlone } from '../look.ts';
import { isColumn, resolve, type Scope, type Source } from '../scope.ts';
import { isNode, type Node, nameOf, nodeIn, nodesOf, textIn, walk } from '../sql-tree.ts';

/** Rows that the join of a subquery or a CTE repeats, and that the SELECT around it sums or averages. */
export interface Within {
  readonly name: string;
  readonly base: readonly Source[];
  readonly repeaters: readonly Source[];
  readonly factor: Factor;
}

/** Looks for what a SELECT sums of a subquery whose own join repeats it; null where it repeats nothing. */
export async function repeatedWithin(context: LookContext, scope: Scope): Promise<Within | null> {
  const [only, ...others] = scope.sources;
  const inner = only?.inner ?? null;
  if (inner === null || others.length > 0 || !isPlainJoin(inner)) {
    return null;
  }
  const groups = groupsOf(scope).map((node) => withinOf(node, inner));
  if (groups.includes(null)) {
    return null;
  }
  // The groups are those of the SELECT around it: in one group a row may be there once.
  const asked = { ...inner, select: { ...inner.select, groupby: { columns: groups } } };
  for (const { name, argument, distinct } of aggregatesOf(scope)) {
    const columns = [...walk(argument, { intoSelects: true })].filter(isColumn);
    const sources = columns.map((column) => resolve(column, scope)?.source ?? null);
    const base = [...new Set(sources.filter((source) => source !== null))];
    if (!['SUM', 'TOTAL', 'AVG'].includes(name) || distinct || base.length === 0 || sources.includes(null)) {
      continue;
    }
    const repeaters = base.every((source) => inner.sources.includes(source))
      ? repeating(inner, new Set(base))
      : [];
    const factor = repeaters.length === 0 ? null : await factorOf(context, asked, base);
    if (factor !== null && factor.rows > factor.own) {
      return { name, base, repeaters, factor };
    }
  }
  return null;
}

/** Whether a SELECT hands on the rows of a join as they are. */
function isPlainJoin(scope: Scope): boolean {
  return (
    scope.sources.length > 1 &&
    standsAlone(scope) &&
    groupsOf(scope).length === 0 &&
    aggregatesOf(scope).length === 0 &&
    !isDistinct(scope) &&
    nodesOf(nodeIn(scope.select, 'limit')?.['value']).length === 0 &&
    !isNode(scope.select['_next'])
  );
}

/** What a column of a subquery is within it; null for another expression. */
function withinOf(node: Node, inner: Scope): Node | null {
  const name = isColumn(node) ? nameOf(node['column'])?.toLowerCase() : undefined;
  const column = nodesOf(inner.select['columns']).find((one) => {
    const expression = nodeIn(one, 'expr');
    const called = textIn(one, 'as') ?? (expression === null ? null : nameOf(expression['column']));
    return name !== undefined && called?.toLowerCase() === name;
  });
  return column === undefined ? null : nodeIn(column, 'expr');
}
