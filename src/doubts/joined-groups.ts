import { item, type LookContext } from './look.ts';
import { literalAs } from './predicates.ts';
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

/** An expression that is the same for all spellings of a text, and what of them is shown. */
export interface OneSpelling {
  readonly by: Node;
  readonly shown: Node;
}

/** A statement that names more spellings than this is no plainer than the doubt. */
const mostNamed = 12;

/**
 * What makes each value's spellings one: without blanks at the ends and the case of plain letters, which every engine does
 * alike, where that is enough; else by naming them. Null where they are too many.
 */
export function oneSpelling(
  { dialect }: LookContext,
  node: Node,
  clusters: readonly (readonly Spelt[])[],
): OneSpelling | null {
  for (const [trims, lowers] of [
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    const areOne = clusters.every(
      (cluster) => new Set(cluster.map(({ text }) => folded(text, trims, lowers))).size === 1,
    );
    if (areOne) {
      const trimmed = trims ? call('TRIM', node) : node;
      // Of several spellings the first is shown.
      const shown: Node = { type: 'aggr_func', name: 'MIN', args: { expr: trimmed }, over: null };
      return { by: lowers ? call('LOWER', trimmed) : trimmed, shown };
    }
  }
  const named = clusters.flatMap(([first, ...others]) =>
    others.map(
      (other): Node => ({
        type: 'when',
        cond: literalAs(text, other.text, dialect),
        result: literalAs(text, first?.text ?? '', dialect),
      }),
    ),
  );
  const by: Node = { type: 'case', expr: node, args: [...named, { type: 'else', result: node }] };
  return named.length > mostNamed ? null : { by, shown: by };
}

const text: Node = { type: 'single_quote_string', value: '' };

function folded(value: string, trims: boolean, lowers: boolean): string {
  const trimmed = trims ? value.replaceAll(/^ +| +$/gu, '') : value;
  return lowers ? trimmed.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase()) : trimmed;
}

/** The statement with the spellings of a text as one; null where it can't be written. */
export function joined(
  { tree }: LookContext,
  { select }: Scope,
  { way, node, others }: Telling,
  { by: one, shown }: OneSpelling,
): string | null {
  if (way === 'counted') {
    return tree.write(new Map([[node, one]]));
  }
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
  const written = JSON.stringify(node);
  const instead = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(instead);
    }
    if (!isNode(value) || value['type'] === 'aggr_func' || value['type'] === 'select') {
      return value;
    }
    return JSON.stringify(value) === written
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
            JSON.stringify(nodeIn(column, 'expr')) === written
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
