import { quoteIdentifier } from '../schema/identifier.ts';
import { aggregateAt } from './aggregates.ts';
import { bare, keyNodes } from './factor.ts';
import { bareColumn, groupsOf, isDistinct, item, type LookContext, selectText } from './look.ts';
import { limitOf } from './row-limit.ts';
import { type Scope, type Source, sourcesIn } from './scope.ts';
import { isNode, type Node, nameOf, nodeIn, nodesOf, textIn } from './sql-tree.ts';

/** The aggregates over the rows of the same tables. */
interface Branch {
  readonly base: readonly Source[];
  /** What the aggregates read, as items of a SELECT. */
  readonly inner: Node[];
  /** The aggregates with their names, as text. */
  readonly calls: string[];
}

/**
 * A statement that aggregates the rows of each table once, whatever joins repeat them: a subquery for each table, the
 * groups joined. Null where it is not sure to mean the same but for that.
 */
export function eachOnce(context: LookContext, scope: Scope): string | null {
  if (!scope.isWhole || nodesOf(context.tree.root['with']).length > 0 || isDistinct(scope)) {
    return null;
  }
  const groups = groupsOf(scope);
  const branches: Branch[] = [];
  const names = new Map(groups.map((node, index) => [JSON.stringify(node), `g${index}`]));
  let isSure = true;
  const over = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(over);
    }
    if (!isNode(value)) {
      return value;
    }
    const group = names.get(JSON.stringify(value));
    if (group !== undefined) {
      return bareColumn(context, group);
    }
    if (value['type'] === 'aggr_func') {
      const name = addTo(branches, context, scope, value);
      isSure &&= name !== null;
      return name === null ? value : bareColumn(context, name);
    }
    if (value['type'] === 'column_ref' || value['type'] === 'select' || isNode(value['over'])) {
      isSure = false;
      return value;
    }
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, over(inner)]));
  };
  const text = (node: Node): string => {
    const copy = over(node);
    return context.tree.writeExpression(isNode(copy) ? copy : node);
  };
  const columns = nodesOf(scope.select['columns']).map((column) => {
    const expression = nodeIn(column, 'expr') ?? {};
    const name = textIn(column, 'as') ?? nameOf(expression['column']);
    return { name, key: JSON.stringify(expression), text: text(expression) };
  });
  const shown = columns.map(({ name, text: written }) =>
    name === null ? written : `${written} AS ${quoteIdentifier(context.dialect, name)}`,
  );
  const having = nodeIn(scope.select, 'having');
  const where = having === null ? '' : ` WHERE ${text(having)}`;
  const order = nodesOf(scope.select['orderby']).map((entry) => {
    const expression = nodeIn(entry, 'expr') ?? {};
    const name = nameOf(expression['column']);
    const place = columns.findIndex((one) => one.key === JSON.stringify(expression) || one.name === name);
    const by = place === -1 ? text(expression) : `${place + 1}`;
    return `${by}${textIn(entry, 'type') === null ? '' : ` ${textIn(entry, 'type')}`}`;
  });
  const limit = limitOf(scope);
  const isLimited = nodesOf(nodeIn(scope.select, 'limit')?.['value']).length > 0;
  const from = fromOf(context, scope, branches, [...names.values()]);
  if (!isSure || from === null || (limit === null && isLimited)) {
    return null;
  }
  const by = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
  const cut = limit === null ? '' : ` LIMIT ${limit.count} OFFSET ${limit.offset}`;
  return `SELECT ${shown.join(', ')} FROM ${from}${where}${by}${cut}`;
}

/** Adds an aggregate to the branch of its tables and names it; null where it has no tables of its own. */
function addTo(branches: Branch[], context: LookContext, scope: Scope, node: Node): string | null {
  const call = aggregateAt(node);
  if (call === null || call.argument['type'] === 'star' || isNode(node['over'])) {
    return null;
  }
  const base = [...sourcesIn(call.argument, scope)];
  const keys = keyNodes(context, base);
  if (keys === null || isNode(node['filter'])) {
    return null;
  }
  let branch = branches.find(
    (one) => one.base.length === base.length && one.base.every((source) => base.includes(source)),
  );
  if (branch === undefined) {
    const groups = groupsOf(scope).map((group, index) => item(group, `g${index}`));
    branch = { base, inner: [...groups, ...keys.map((key, index) => item(key, `k${index}`))], calls: [] };
    branches.push(branch);
  }
  const place = `${branches.indexOf(branch)}_${branch.inner.length}`;
  branch.inner.push(item(call.argument, `x${place}`));
  branch.calls.push(
    `${call.name}(${call.distinct && call.name === 'COUNT' ? 'DISTINCT ' : ''}x${place}) AS a${place}`,
  );
  return `a${place}`;
}

/** The branches as subqueries of a FROM, joined by the names of their groups; null where there is none. */
function fromOf(
  context: LookContext,
  scope: Scope,
  branches: readonly Branch[],
  groups: readonly string[],
): string | null {
  const parts = branches.map(({ inner, calls }, place) => {
    const text = selectText(context, scope, { ...bare, columns: inner });
    // Only the first hands the groups on by their own names.
    const named = groups.map((group) => (place === 0 ? group : `${group} AS ${group}_${place}`));
    const by = groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`;
    return text === null
      ? null
      : `(SELECT ${[...named, ...calls].join(', ')} FROM (SELECT DISTINCT * FROM (${text}) AS joined) AS once${by}) AS part${place}`;
  });
  const [first, ...others] = parts;
  if (first === undefined || first === null || others.includes(null)) {
    return null;
  }
  const same = (group: string, place: number): string =>
    `(${group} = ${group}_${place} OR (${group} IS NULL AND ${group}_${place} IS NULL))`;
  return others.reduce<string>((left, right, index) => {
    const on = groups.map((group) => same(group, index + 1)).join(' AND ');
    return groups.length === 0 ? `${left} CROSS JOIN ${right}` : `${left} JOIN ${right} ON ${on}`;
  }, first);
}
