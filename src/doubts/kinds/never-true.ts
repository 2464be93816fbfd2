import type { Doubt } from '../doubt.ts';
import { isNull, type Look, type LookContext } from '../look.ts';
import { isLiteral, isTextLiteral, literalText } from '../predicates.ts';
import type { Scope } from '../scope.ts';
import { type Node, nodeIn, nodesOf, textIn, walk } from '../sql-tree.ts';

/** A condition that is the same for every row, why, and what is meant by it. */
interface Fixed {
  readonly node: Node;
  readonly why: string;
  readonly meant: Node;
}

/** Finds conditions that no row can pass, whatever the data holds: comparisons with NULL, and bounds that are the wrong way round. */
export const lookForNeverTrue: Look = async (context) => {
  const found = context.scopes.flatMap((scope) => [...fixedIn(context, scope)]);
  const mendedSql =
    found.length === 0 ? null : context.tree.write(new Map(found.map(({ node, meant }) => [node, meant])));
  return found.map(
    ({ node, why }): Doubt => ({
      kind: 'never-true',
      sentence: `${context.tree.writeExpression(node)} ${why}.`,
      evidence: { condition: context.tree.writeExpression(node) },
      mendedSql,
    }),
  );
};

function* fixedIn({ tree }: LookContext, { select, sources }: Scope): Generator<Fixed> {
  const parts = [select['where'], select['having'], select['columns'], ...sources.map(({ on }) => on)];
  for (const node of walk({ part: parts.flat() }, { intoSelects: false })) {
    const operator = textIn(node, 'operator')?.toUpperCase() ?? '';
    const [left, right] = [nodeIn(node, 'left'), nodeIn(node, 'right')];
    if (node['type'] !== 'binary_expr' || left === null || right === null) {
      continue;
    }
    const list = nodesOf(right['value']);
    if (right['type'] === 'null' && /^(?:==?|<>|!=|[<>]=?)$/u.test(operator)) {
      const [plain, written] = /^==?$/u.test(operator)
        ? ['IS' as const, 'IS NULL']
        : ['IS NOT' as const, 'IS NOT NULL'];
      yield {
        node,
        why: `is true for no row: what has no value is found by ${tree.writeExpression(left)} ${written}`,
        meant: isNull(left, plain),
      };
    } else if (operator === 'NOT IN' && list.some(({ type }) => type === 'null')) {
      const value = list.filter(({ type }) => type !== 'null');
      yield {
        node,
        why: 'is true for no row, for of nothing it is known that it differs from NULL',
        meant: value.length === 0 ? isNull(left, 'IS NOT') : { ...node, right: { ...right, value } },
      };
    } else if (/^(?:NOT )?BETWEEN$/u.test(operator) && areReversed(list)) {
      yield {
        node,
        why: `is true for ${operator === 'BETWEEN' ? 'no' : 'every'} row: the greater bound comes first`,
        meant: { ...node, right: { ...right, value: list.toReversed() } },
      };
    }
  }
}

/** Whether two bounds are the wrong way round, as far as they are numbers or dates. */
function areReversed([from, to]: readonly Node[]): boolean {
  if (from === undefined || to === undefined || !isLiteral(from) || !isLiteral(to)) {
    return false;
  }
  if (from['type'] === 'number' && to['type'] === 'number') {
    return Number(from['value']) > Number(to['value']);
  }
  const [first, last] = [literalText(from), literalText(to)];
  const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d/u.test(text);
  const areTexts = [from, to].every((node) => isTextLiteral(node) || /date|time/u.test(String(node['type'])));
  return areTexts && isDate(first) && isDate(last) && first > last;
}
