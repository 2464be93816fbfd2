import { item, type LookContext } from './look.ts';
import type { Resolved, Scope } from './scope.ts';
import { isNode, type Node, nameOf, nodeIn, nodesOf, textIn } from './sql-tree.ts';
import type { Spelt } from './values/clusters.ts';

/** How texts are told apart: by a GROUP BY, by SELECT DISTINCT, or by a COUNT of different ones. */
export interface Telling {
  readonly way: 'groups' | 'shown' | 'counted';
  /** The text by which they are. */
  readonly node: Node;
  readonly resolved: Resolved;
  /** What tells them apart besides. */
  readonly others: readonly Node[];
}

/** What every engine can do to make spellings one: leave blanks at the ends out, the case of plain letters, or both. */
export interface Folding {
  readonly trims: boolean;
  readonly lowers: boolean;
}

/** The least folding that makes each value's spellings one; null where none of these does. */
export function foldingOf(clusters: readonly (readonly Spelt[])[]): Folding | null {
  const foldings = [
    { trims: true, lowers: false },
    { trims: false, lowers: true },
    { trims: true, lowers: true },
  ];
  return (
    foldings.find((folding) =>
      clusters.every((cluster) => new Set(cluster.map(({ text }) => folded(text, folding))).size === 1),
    ) ?? null
  );
}

function folded(text: string, { trims, lowers }: Folding): string {
  const trimmed = trims ? text.replaceAll(/^ +| +$/gu, '') : text;
  return lowers ? trimmed.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase()) : trimmed;
}

/** The statement with the spellings of a text as one; null where it can't be written. */
export function joined(
  { tree }: LookContext,
  { select }: Scope,
  { way, node, others }: Telling,
  folding: Folding,
): string | null {
  const trimmed = folding.trims ? call('TRIM', node) : node;
  const one = folding.lowers ? call('LOWER', trimmed) : trimmed;
  if (way === 'counted') {
    return tree.write(new Map([[node, one]]));
  }
  // Of several spellings the first is shown.
  const shown: Node = { type: 'aggr_func', name: 'MIN', args: { expr: trimmed }, over: null };
  const name = (column: Node): string | null => textIn(column, 'as') ?? nameOf(node['column']);
  const columns = nodesOf(select['columns']);
  if (way === 'shown') {
    const [column] = columns;
    return others.length > 0 || column === undefined || nodesOf(select['orderby']).length > 0
      ? null
      : tree.write(
          new Map([
            [
              select,
              {
                ...select,
                distinct: isNode(select['distinct']) ? { type: null } : null,
                columns: [item(shown, name(column))],
                groupby: { columns: [one], modifiers: [] },
              },
            ],
          ]),
        );
  }
  const text = JSON.stringify(node);
  const instead = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(instead);
    }
    if (!isNode(value) || value['type'] === 'aggr_func' || value['type'] === 'select') {
      return value;
    }
    return JSON.stringify(value) === text
      ? shown
      : Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, instead(inner)]));
  };
  const by = isNode(select['groupby']) ? select['groupby'] : {};
  const groups = [one, ...others];
  return tree.write(
    new Map([
      [
        select,
        {
          ...select,
          columns: columns.map((column) =>
            JSON.stringify(nodeIn(column, 'expr')) === text
              ? { ...column, expr: shown, as: name(column) }
              : instead(column),
          ),
          groupby: Array.isArray(select['groupby']) ? groups : { ...by, columns: groups },
          having: instead(select['having']),
          orderby: instead(select['orderby']),
        },
      ],
    ]),
  );
}

function call(name: string, argument: Node): Node {
  return {
    type: 'function',
    name: { name: [{ type: 'default', value: name }] },
    args: { type: 'expr_list', value: [argument] },
  };
}
