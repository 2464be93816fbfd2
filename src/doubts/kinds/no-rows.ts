import type { Doubt } from '../doubt.ts';
import {
  countAll,
  grouped,
  groupsOf,
  item,
  type Look,
  type LookContext,
  numberOf,
  overTable,
  selectText,
  standsAlone,
  tableText,
} from '../look.ts';
import { predicatesOf } from '../predicates.ts';
import type { Scope } from '../scope.ts';
import { allOf, conjunctsOf, type Node, nodeIn } from '../sql-tree.ts';
import { nearestYear } from '../values/nearest-year.ts';

/** How many conditions are tried one by one and in pairs. */
const conditionLimit = 8;

const bare = { groupby: null, having: null, orderby: null, limit: null, distinct: null } as const;

/** Finds which condition, alone or with which other, leaves no row of a FROM. */
export const lookForNoRows: Look = async (context) => {
  const doubts: Doubt[] = [];
  const branches = branchesOf(context.tree.root);
  for (const scope of context.scopes) {
    // What one side of a UNION or an EXCEPT does not have, the other may.
    if (scope.sources.length === 0 || branches.has(scope.select) || !standsAlone(scope)) {
      continue;
    }
    const conditions = conjunctsOf(nodeIn(scope.select, 'where'));
    const any = await passing(context, scope, conditions);
    if (any !== 0) {
      const none = any === null ? null : await noGroup(context, scope);
      if (none !== null) {
        doubts.push(none);
      }
      continue;
    }
    const doubt = await explain(context, scope, conditions.slice(0, conditionLimit));
    if (doubt !== null) {
      doubts.push(doubt);
    }
  }
  return doubts;
};

/** HAVING that no group passes, where there are groups. */
async function noGroup(context: LookContext, scope: Scope): Promise<Doubt | null> {
  const having = nodeIn(scope.select, 'having');
  if (having === null || groupsOf(scope).length === 0) {
    return null;
  }
  const one = [item({ type: 'number', value: 1 }, 'one')];
  const groups = { columns: one, orderby: null, limit: null, distinct: null };
  const passed = selectText(context, scope, groups);
  const all = selectText(context, scope, { ...groups, having: null });
  if (passed === null || all === null || (await context.probe(passed, 1))?.length !== 0) {
    return null;
  }
  const count = numberOf(await context.probe(`SELECT COUNT(*) FROM (${all}) AS all_groups`, 1));
  if (count === null || count === 0) {
    return null;
  }
  const which = count === 1 ? 'The one group does not pass' : `None of the ${grouped(count)} groups passes`;
  return {
    kind: 'no-rows',
    sentence: `${which} ${context.tree.writeExpression(having)}.${await rangeOfAggregate(context, scope, having)}`,
    evidence: { groups: count },
    mendedSql: null,
  };
}

/** From where to where the one aggregate goes that a HAVING compares with a literal. */
async function rangeOfAggregate(context: LookContext, scope: Scope, having: Node): Promise<string> {
  const aggregate = [nodeIn(having, 'left'), nodeIn(having, 'right')].find(
    (side) => side?.['type'] === 'aggr_func',
  );
  const groups = !aggregate
    ? null
    : selectText(context, scope, {
        columns: [item(aggregate, 'v')],
        having: null,
        orderby: null,
        limit: null,
        distinct: null,
      });
  const [row] =
    groups === null
      ? []
      : ((await context.probe(`SELECT MIN(v), MAX(v) FROM (${groups}) AS all_groups`, 1)) ?? []);
  return !aggregate || row === undefined || row[0] === null
    ? ''
    : ` ${context.tree.writeExpression(aggregate)} goes from ${String(row[0])} to ${String(row[1])}.`;
}

/** The SELECTs of a UNION and its like; none of a plain statement. */
function branchesOf(root: Node): ReadonlySet<Node> {
  const branches = new Set<Node>();
  for (
    let at: Node | null = nodeIn(root, '_next') === null ? null : root;
    at !== null;
    at = nodeIn(at, '_next')
  ) {
    branches.add(at);
  }
  return branches;
}

/** How many rows pass conditions, at most one for all of them; null where that is not known. */
async function passing(
  context: LookContext,
  scope: Scope,
  conditions: readonly Node[],
  count = false,
): Promise<number | null> {
  const columns = [item(count ? countAll : { type: 'number', value: 1 })];
  const sql = selectText(context, scope, { ...bare, columns, where: allOf(conditions) });
  const rows = sql === null ? null : await context.probe(sql, 1);
  return count ? numberOf(rows) : (rows?.length ?? null);
}

async function explain(
  context: LookContext,
  scope: Scope,
  conditions: readonly Node[],
): Promise<Doubt | null> {
  const all = await passing(context, scope, [], true);
  if (all === 0) {
    const names = scope.sources.map(({ alias, table }) => table?.name ?? alias);
    return {
      kind: 'no-rows',
      sentence:
        names.length === 1
          ? `${names[0]} has no rows.`
          : `No rows of ${names.join(', ')} belong together as they are joined here.`,
      evidence: { rows: 0 },
      mendedSql: null,
    };
  }
  const counts: { readonly text: string; readonly node: Node; readonly rows: number }[] = [];
  for (const node of conditions) {
    const rows = await passing(context, scope, [node], true);
    if (rows !== null) {
      counts.push({ text: context.tree.writeExpression(node), node, rows });
    }
  }
  const alone = counts.filter(({ rows }) => rows === 0);
  const [first] = alone;
  if (first !== undefined) {
    const nearest = await nearestYear(context, scope, first.node);
    const joined = scope.sources.length > 1 ? 'joined row' : 'row';
    const none =
      all === null || all === 1 ? `No ${joined} passes` : `None of the ${grouped(all)} ${joined}s passes`;
    const year = nearest === null ? '' : ` The nearest year with data is ${nearest.year}.`;
    return {
      kind: 'no-rows',
      sentence: `${none} ${first.text}.${await rangeFor(context, scope, first.node)}${year}`,
      evidence: Object.fromEntries(counts.map(({ text, rows }) => [text, rows])),
      mendedSql: nearest?.mendedSql ?? null,
    };
  }
  for (const [index, one] of counts.entries()) {
    for (const other of counts.slice(index + 1)) {
      if ((await passing(context, scope, [one.node, other.node])) !== 0) {
        continue;
      }
      return {
        kind: 'no-rows',
        sentence: `No row passes both ${one.text} (${doCount(one.rows)}) and ${other.text} (${doCount(other.rows)}).`,
        evidence: { [one.text]: one.rows, [other.text]: other.rows },
        mendedSql: null,
      };
    }
  }
  return {
    kind: 'no-rows',
    sentence: `No row passes all conditions together: ${counts.map(({ text, rows }) => `${text} alone leaves ${grouped(rows)}`).join(', ')}.`,
    evidence: Object.fromEntries(counts.map(({ text, rows }) => [text, rows])),
    mendedSql: null,
  };
}

/** `1 does`, `2 do`. */
function doCount(rows: number): string {
  return `${grouped(rows)} ${rows === 1 ? 'does' : 'do'}`;
}

/** From where to where the column of a condition goes. */
async function rangeFor(context: LookContext, scope: Scope, node: Node): Promise<string> {
  const predicate = predicatesOf(scope).find((one) => one.node === node);
  if (predicate === undefined) {
    return '';
  }
  const { table, column } = predicate.resolved;
  const subject = overTable(context, predicate.subject, scope);
  const rows = await context.probe(
    `SELECT MIN(${subject}), MAX(${subject}) FROM ${tableText(context, table)}`,
    1,
  );
  if (rows === null) {
    return '';
  }
  const [least = null, most] = rows[0] ?? [];
  return least === null
    ? ` ${table.name}.${column.name} holds nothing.`
    : ` ${table.name}.${column.name} goes from ${String(least)} to ${String(most)}.`;
}
