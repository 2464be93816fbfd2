import type { Doubt } from '../doubt.ts';
import type { Look } from '../look.ts';
import { type Predicate, predicatesOf } from '../predicates.ts';
import type { Scope } from '../scope.ts';
import { allOf, conjunctsOf, type Node, nodeIn, textIn, walk } from '../sql-tree.ts';

/**
 * Finds alternatives of one column of which a condition after them holds for the last alone: `a = 1 OR a = 2 AND b = 3`, where AND
 * binds first and no parentheses say so.
 */
export const lookForMixedAndOr: Look = async ({ scopes, tree }) => {
  const doubts: Doubt[] = [];
  for (const scope of scopes) {
    const { select } = scope;
    for (const node of walk({ part: [select['where'], select['having']] }, { intoSelects: false })) {
      const meant = regrouped(node, scope);
      if (meant !== null) {
        doubts.push({
          kind: 'mixed-and-or',
          sentence: `AND binds before OR: ${tree.writeExpression(node)} reads as ${tree.writeExpression(apart(node))}, and not as ${tree.writeExpression(meant)}.`,
          evidence: { condition: tree.writeExpression(node) },
          mendedSql: tree.write(new Map([[node, meant]])),
        });
      }
    }
  }
  return doubts;
};

/** A condition with its alternatives together; null where they are no alternatives of one column, or parentheses tell. */
function regrouped(node: Node, scope: Scope): Node | null {
  const [left, right] = [nodeIn(node, 'left'), nodeIn(node, 'right')];
  if (!isOperator(node, 'OR') || left === null || right === null) {
    return null;
  }
  const predicates = new Map(predicatesOf(scope).map((predicate) => [predicate.node, predicate]));
  for (const [bound, other, isLast] of [
    [right, left, true],
    [left, right, false],
  ] as const) {
    if (!isOperator(bound, 'AND') || bound['parentheses'] === true) {
      continue;
    }
    const conjuncts = conjunctsOf(bound);
    const near = isLast ? conjuncts[0] : conjuncts.at(-1);
    const rest = conjuncts.filter((one) => one !== near);
    const alternatives = [...alternativesOf(other), ...(near === undefined ? [] : [near])].map((one) =>
      predicates.get(one),
    );
    if (near === undefined || !areOfOneColumn(alternatives) || rest.some((one) => isOperator(one, 'OR'))) {
      continue;
    }
    const [first, second] = isLast ? [other, near] : [near, other];
    const either: Node = {
      type: 'binary_expr',
      operator: 'OR',
      left: first,
      right: second,
      parentheses: true,
    };
    const meant = allOf(isLast ? [either, ...rest] : [...rest, either]);
    return meant === null ? null : { ...meant, parentheses: true };
  }
  return null;
}

function isOperator(node: Node, operator: string): boolean {
  return node['type'] === 'binary_expr' && textIn(node, 'operator')?.toUpperCase() === operator;
}

function alternativesOf(node: Node): readonly Node[] {
  const [left, right] = [nodeIn(node, 'left'), nodeIn(node, 'right')];
  return isOperator(node, 'OR') && left !== null && right !== null
    ? [...alternativesOf(left), ...alternativesOf(right)]
    : [node];
}

function areOfOneColumn(alternatives: readonly (Predicate | undefined)[]): boolean {
  const [first] = alternatives;
  return alternatives.every(
    (one) =>
      one !== undefined &&
      one.resolved.column === first?.resolved.column &&
      ['=', 'LIKE', 'ILIKE'].includes(one.operator) &&
      !one.negated,
  );
}

/** The same with the parentheses that the rules of SQL put there. */
function apart(node: Node): Node {
  const within = (side: 'left' | 'right'): Node | null => {
    const inner = nodeIn(node, side);
    return inner !== null && isOperator(inner, 'AND') ? { ...inner, parentheses: true } : inner;
  };
  return { ...node, left: within('left'), right: within('right') };
}
