import type { Doubt } from '../doubt.ts';
import { groupsOf, item, type Look, type LookContext, selectText, standsAlone } from '../look.ts';
import { resolve, type Scope } from '../scope.ts';
import { argumentsOf, functionName, type Node, nodeIn, nodesOf, textIn, walk } from '../sql-tree.ts';

/** So many quotients are computed in both ways. */
const mostRows = 1000;

/** Closer than this, relative to it, the two ways make the same number. */
const roundingError = 1e-6;

/** Functions that make a whole number of whole numbers. */
const wholeOfWhole = new Set([
  'COALESCE',
  'IFNULL',
  'NULLIF',
  'ABS',
  'GREATEST',
  'LEAST',
  'MIN',
  'MAX',
  'SUM',
]);

/** Finds quotients of integers whose fraction is dropped, on engines that drop it: what the data makes of both ways tells. */
export const lookForIntegerQuotients: Look = async (context) => {
  // Who asks for whole numbers gets them.
  if (!context.dialect.dropsFractions || ['integer', 'integers', 'whole'].some(context.asked.says)) {
    return [];
  }
  const doubts: Doubt[] = [];
  for (const scope of context.scopes.filter(standsAlone)) {
    const { columns, orderby, having, where } = scope.select;
    for (const [part, without] of [
      [[columns, orderby].flat(), {}],
      // A condition that the quotient makes false would leave none to see it by.
      [[having], { having: null }],
      [[where], { where: null, groupby: null, having: null }],
    ] as const) {
      const meantWhole = wholeSteps(part);
      for (const node of walk({ part }, { intoSelects: false })) {
        if (textIn(node, 'operator') === '/' && mayBeWhole(node, scope) && !meantWhole.has(node)) {
          doubts.push(...(await doubtOf(context, scope, node, without)));
        }
      }
    }
  }
  return doubts;
};

/** `year / 10 * 10` is the decade: what drops its fraction on purpose. */
function wholeSteps(part: readonly unknown[]): ReadonlySet<Node> {
  const steps = new Set<Node>();
  for (const node of walk({ part }, { intoSelects: false })) {
    const [left, right] = [nodeIn(node, 'left'), nodeIn(node, 'right')];
    const by = left === null ? null : nodeIn(left, 'right');
    if (
      textIn(node, 'operator') === '*' &&
      left !== null &&
      right?.['type'] === 'number' &&
      by?.['value'] === right['value']
    ) {
      steps.add(left);
    }
  }
  return steps;
}

async function doubtOf(
  context: LookContext,
  scope: Scope,
  node: Node,
  without: Readonly<Record<string, null>>,
): Promise<readonly Doubt[]> {
  const exact: Node = {
    ...node,
    left: {
      type: 'binary_expr',
      operator: '*',
      left: { type: 'number', value: '1.0' },
      right: nodeIn(node, 'left'),
    },
  };
  const both = selectText(context, scope, {
    ...without,
    columns: [item(node, 'cut_off'), item(exact, 'whole')],
    orderby: null,
    limit: null,
    distinct: null,
  });
  const rows = both === null ? null : await context.probe(both, mostRows);
  const dropped = (rows ?? []).filter(([cut = null, whole = null]) => isCutOff(cut, whole)).length;
  if (rows === null || dropped === 0) {
    return [];
  }
  return [
    {
      kind: 'integer-quotient',
      sentence: `${context.tree.writeExpression(node)} divides whole numbers, and this database cuts off the fraction${rows.length === 1 ? '' : `, in ${dropped} of ${rows.length} rows`}.`,
      evidence: { dropped, rows: rows.length },
      mendedSql: context.tree.write(new Map([[node, exact], ...groupedAlike(context, scope, node, exact)])),
    },
  ];
}

/** The same expression where the statement groups by it. */
function groupedAlike(
  { tree }: LookContext,
  scope: Scope,
  node: Node,
  exact: Node,
): readonly (readonly [Node, Node])[] {
  const text = tree.writeExpression(node);
  return groupsOf(scope).flatMap((group) =>
    tree.writeExpression(group) === text ? [[group, exact] as const] : [],
  );
}

function isCutOff(cut: unknown, whole: unknown): boolean {
  const [a, b] = [cut, whole].map((value) => (value === null ? Number.NaN : Number(value)));
  return Math.abs((a ?? 0) - (b ?? 0)) > roundingError * Math.max(1, Math.abs(b ?? 0));
}

/** Whether an expression can be an integer; what is no stored column of this SELECT is not known to be none. */
function mayBeWhole(node: Node, scope: Scope): boolean {
  const all = (parts: readonly (Node | null)[]): boolean =>
    parts.length > 0 && parts.every((part) => part !== null && mayBeWhole(part, scope));
  switch (node['type']) {
    case 'number':
      return Number.isInteger(Number(node['value'])) && !String(node['value']).includes('.');
    case 'column_ref': {
      const type = resolve(node, scope)?.column.type;
      return type === undefined || !/real|float|double|date|time|char|text|bool|interval/iu.test(type);
    }
    case 'aggr_func':
      return functionName(node) === 'COUNT' || (functionName(node) !== 'AVG' && all(argumentsOf(node)));
    case 'function':
      return (
        ['LENGTH', 'ROW_NUMBER', 'RANK'].includes(functionName(node) ?? '') ||
        (wholeOfWhole.has(functionName(node) ?? '') && all(argumentsOf(node)))
      );
    case 'unary_expr':
      return all([nodeIn(node, 'expr')]);
    case 'cast':
      return /^(?:\w*int\w*|signed|unsigned|dec\w*|num\w*)$/iu.test(
        nodesOf(node['target'])
          .map((target) => textIn(target, 'dataType'))
          .join(),
      );
    case 'case':
      return all(
        nodesOf(node['args']).flatMap((arm) => {
          const result = nodeIn(arm, 'result');
          return result?.['type'] === 'null' ? [] : [result];
        }),
      );
    case 'binary_expr':
      return (
        /^[-+*/]$/u.test(textIn(node, 'operator') ?? '') && all([nodeIn(node, 'left'), nodeIn(node, 'right')])
      );
    default: {
      // A SELECT of one value.
      const [column, ...others] = nodesOf(nodeIn(node, 'ast')?.['columns']);
      return others.length === 0 && all([column === undefined ? null : nodeIn(column, 'expr')]);
    }
  }
}
