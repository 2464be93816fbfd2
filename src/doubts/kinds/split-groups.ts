import { aggregatesOf } from '../aggregates.ts';
import type { Doubt } from '../doubt.ts';
import { bare } from '../factor.ts';
import { joined, oneSpelling, type Telling } from '../joined-groups.ts';
import {
  grouped,
  groupsOf,
  isDistinct,
  isText,
  item,
  type Look,
  type LookContext,
  numberOf,
  selectText,
  soleColumn,
  standsAlone,
} from '../look.ts';
import type { Resolved, Scope } from '../scope.ts';
import { type Node, nameOf, nodeIn, nodesAt, nodesOf, textIn } from '../sql-tree.ts';
import { clustersOf, type Spelt } from '../values/clusters.ts';

/** So many groups are read. */
const mostGroups = 2000;
/** So many spellings are named. */
const shownLimit = 4;

/** Finds texts that are grouped, shown or counted as different ones, and are the same in several spellings. */
export const lookForSplitGroups: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    if (scope.sources.length === 0 || !standsAlone(scope)) {
      continue;
    }
    for (const telling of tellingsOf(context, scope)) {
      const doubt = await splitBy(context, scope, telling);
      if (doubt !== null) {
        doubts.push(doubt);
      }
    }
  }
  return doubts;
};

function tellingsOf(context: LookContext, scope: Scope): readonly Telling[] {
  const groups = groupsOf(scope).map((node) => meantBy(node, scope));
  const telling = (way: Telling['way'], node: Node, others: readonly Node[]): readonly Telling[] => {
    const resolved = soleColumn(node, scope);
    return resolved === null || !isText(resolved.column.type) || isKey(resolved)
      ? []
      : [{ way, node, resolved, others }];
  };
  const all = (way: Telling['way'], nodes: readonly Node[]): readonly Telling[] =>
    nodes.flatMap((node) =>
      telling(
        way,
        node,
        nodes.filter((other) => other !== node),
      ),
    );
  const counted = aggregatesOf(scope).filter(({ name, distinct }) => name === 'COUNT' && distinct);
  const isShown =
    scope === context.scopes[0] ||
    context.scopes.some(({ sources }) => sources.some(({ inner }) => inner === scope));
  const shown =
    isShown && isDistinct(scope) && groups.length === 0 ? nodesAt(scope.select['columns'], 'expr') : [];
  return [
    ...all('groups', groups),
    ...all('shown', shown.some(({ type }) => type === 'aggr_func') ? [] : shown),
    ...counted.flatMap(({ argument }) => telling('counted', argument, groups)),
  ];
}

/** What a GROUP BY names by its place or by its alias. */
function meantBy(node: Node, scope: Scope): Node {
  const columns = nodesOf(scope.select['columns']);
  const name =
    node['type'] === 'column_ref' && !node['table'] ? nameOf(node['column'])?.toLowerCase() : undefined;
  const column =
    node['type'] === 'number'
      ? columns[Number(node['value']) - 1]
      : columns.find((one) => name !== undefined && textIn(one, 'as')?.toLowerCase() === name);
  return (column === undefined ? null : nodeIn(column, 'expr')) ?? node;
}

/** Whether a column's values are told apart by a key: they are names of different things. */
function isKey({ table, column }: Resolved): boolean {
  return [table.primaryKey, ...table.uniqueKeys].some((key) => key.length === 1 && key[0] === column.name);
}

async function splitBy(context: LookContext, scope: Scope, telling: Telling): Promise<Doubt | null> {
  const { way, node, resolved, others } = telling;
  const columns = [node, ...others].map((one, index) => item(one, `k${index}`));
  const text = selectText(context, scope, { ...bare, columns });
  if (text === null) {
    return null;
  }
  const by = columns.map((_column, index) => `k${index}`).join(', ');
  const rows = await context.probe(
    `SELECT ${by}, COUNT(*) AS n FROM (${text}) AS told WHERE k0 IS NOT NULL GROUP BY ${by} ORDER BY COUNT(*) DESC`,
    mostGroups,
  );
  // Of so many groups it can't be told whether those that are shown are among them.
  if (rows === null || rows.length >= mostGroups || rows.some(([value]) => typeof value !== 'string')) {
    return null;
  }
  const groups = rows.map((row) => ({
    text: String(row[0]),
    apart: JSON.stringify(row.slice(1, -1).map(String)),
    rows: numberOf([row], row.length - 1) ?? 0,
  }));
  const clusters = clustersOf(groups, resolved.column.name);
  const [first] = clusters;
  if (first === undefined) {
    return null;
  }
  const once = groups.length - clusters.reduce((sum, cluster) => sum + cluster.length - 1, 0);
  const what = `${resolved.table.name}.${resolved.column.name}`;
  const one = oneSpelling(context, node, clusters);
  return {
    kind: 'split-groups',
    sentence: `${what} has the same value in several spellings, which are ${sayings[way]}: ${listed(first)}${clusters.length === 1 ? '' : `, and ${clusters.length - 1} more such`}; ${grouped(groups.length)} in all, of which ${grouped(once)} ${once === 1 ? 'is' : 'are'} different but for that.`,
    evidence: { column: what, values: first.map((one) => one.text), groups: groups.length, different: once },
    mendedSql: one === null ? null : joined(context, scope, telling, one),
  };
}

const sayings: Readonly<Record<Telling['way'], string>> = {
  groups: 'groups of their own',
  shown: 'shown as different ones',
  counted: 'counted as different ones',
};

function listed(cluster: readonly Spelt[]): string {
  const named = cluster.slice(0, shownLimit).map(({ text, rows }) => `'${text}' (${grouped(rows)})`);
  const more = cluster.length - named.length;
  return `${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}
