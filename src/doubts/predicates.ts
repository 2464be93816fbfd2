import type { SqlDialect } from '../database/dialect.ts';
import { soleColumn } from './look.ts';
import type { Resolved, Scope } from './scope.ts';
import {
  argumentsOf,
  conjunctsOf,
  functionName,
  isNode,
  type Node,
  nodeIn,
  nodesOf,
  textIn,
  walk,
} from './sql-tree.ts';

/** A comparison of an expression over one stored column with literals. */
export interface Predicate {
  readonly node: Node;
  readonly scope: Scope;
  /** The side that reads the column. */
  readonly subject: Node;
  readonly resolved: Resolved;
  readonly literals: readonly Node[];
  /** `=`, `LIKE`, `ILIKE` or `IN`, without its negation; `<` and its like as they are. */
  readonly operator: string;
  readonly negated: boolean;
}

const equalities = new Set([
  '=',
  '==',
  '<>',
  '!=',
  'IN',
  'NOT IN',
  'LIKE',
  'NOT LIKE',
  'ILIKE',
  'NOT ILIKE',
  'GLOB',
  'IS',
  'IS NOT',
]);
const orders = new Set(['<', '<=', '>', '>=', 'BETWEEN', 'NOT BETWEEN']);

/** Every comparison of a SELECT with literals, in its conditions and in its CASEs. */
export function predicatesOf(scope: Scope): readonly Predicate[] {
  const parts = ['where', 'having', 'columns', 'orderby'].flatMap((field) => {
    const part = scope.select[field];
    return Array.isArray(part) ? nodesOf(part) : nodesOf([part]);
  });
  const conditions = scope.sources.flatMap(({ on }) => (on === null ? [] : [on]));
  return [...parts, ...conditions].flatMap((part) => [...predicatesIn(part, scope, false)]);
}

function* predicatesIn(part: Node, scope: Scope, negated: boolean): Generator<Predicate> {
  const found = predicateAt(part, scope, negated);
  if (found !== null) {
    yield found;
    return;
  }
  yield* comparedInCase(part, scope);
  const turns =
    (part['type'] === 'unary_expr' && textIn(part, 'operator')?.toUpperCase() === 'NOT') ||
    (part['type'] === 'function' && JSON.stringify(part['name'])?.toUpperCase().includes('"NOT"'));
  for (const value of Object.values(part)) {
    for (const inner of Array.isArray(value) ? nodesOf(value) : nodesOf([value])) {
      if (inner['type'] === 'select' || nodeIn(inner, 'ast') !== null) {
        continue;
      }
      yield* predicatesIn(inner, scope, turns ? !negated : negated);
    }
  }
}

/** So many alternatives of a CASE are what is looked for, and no list of all there may be. */
const mostWhens = 3;

/** The comparisons of `CASE status WHEN 'open' THEN … END`, each as the equality that it is. */
function* comparedInCase(part: Node, scope: Scope): Generator<Predicate> {
  const subject = part['type'] === 'case' ? nodeIn(part, 'expr') : null;
  const resolved = subject === null ? null : soleColumn(subject, scope);
  const whens = nodesOf(part['args']).filter(({ cond }) => isNode(cond));
  // A longer one translates all that a column may hold, and it need not hold all of it.
  for (const { cond } of whens.length > mostWhens ? [] : whens) {
    if (subject !== null && resolved !== null && isNode(cond) && isLiteral(cond)) {
      const node: Node = { type: 'binary_expr', operator: '=', left: subject, right: cond };
      yield { node, scope, subject, resolved, literals: [cond], operator: '=', negated: false };
    }
  }
}

function predicateAt(node: Node, scope: Scope, negated: boolean): Predicate | null {
  if (node['type'] !== 'binary_expr') {
    return null;
  }
  const operator = textIn(node, 'operator')?.toUpperCase() ?? '';
  if (!equalities.has(operator) && !orders.has(operator)) {
    return null;
  }
  const [left, right] = [nodeIn(node, 'left'), nodeIn(node, 'right')];
  if (left === null || right === null) {
    return null;
  }
  for (const [subject, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const literals = literalsOf(other);
    const resolved = literals === null ? null : soleColumn(subject, scope);
    if (literals === null || resolved === null) {
      continue;
    }
    const not = /^(?:NOT |IS NOT$|<>$|!=$)/u.test(operator);
    const plain = operator.replace(/^NOT /u, '').replace(/^(?:==|<>|!=|IS|IS NOT)$/u, '=');
    const swapped = subject === right ? plain.replace(/[<>]/u, (sign) => (sign === '<' ? '>' : '<')) : plain;
    return { node, scope, subject, resolved, literals, operator: swapped, negated: not !== negated };
  }
  return null;
}

/** The literals of a side that is made of nothing else; null for another side, and for NULL. */
function literalsOf(node: Node): readonly Node[] | null {
  if (node['type'] === 'expr_list') {
    const items = nodesOf(node['value']).map(literalsOf);
    return items.some((list) => list === null) || items.length === 0
      ? null
      : items.flatMap((list) => list ?? []);
  }
  // A date with its type before it, as in DATE '2024-01-01'.
  if (isLiteral(node)) {
    return [node];
  }
  const dated = datedLiteral(node);
  return dated === null ? null : [dated];
}

/** The date in `CAST('2024-01-01' AS date)`, `'2024-01-01'::date` and `DATE('2024-01-01')`; null for another expression. */
function datedLiteral(node: Node): Node | null {
  const isCast =
    node['type'] === 'cast' &&
    /^(?:date|timestamp|datetime)/iu.test(textIn(nodesOf(node['target'])[0] ?? {}, 'dataType') ?? '');
  const isCall = ['DATE', 'DATETIME', 'TIMESTAMP'].includes(functionName(node) ?? '');
  const [inner] = isCast ? nodesOf([node['expr']]) : isCall ? argumentsOf(node) : [];
  const isAlone = isCast || argumentsOf(node).length === 1;
  return inner !== undefined &&
    isAlone &&
    isTextLiteral(inner) &&
    /^\d{4}-\d\d-\d\d/u.test(literalText(inner))
    ? inner
    : null;
}

/** Whether a node is a text, a number, a truth or a date. */
export function isLiteral(node: Node): boolean {
  return [
    'single_quote_string',
    'double_quote_string',
    'string',
    'number',
    'bigint',
    'bool',
    'date',
    'timestamp',
    'datetime',
    'time',
  ].includes(textIn(node, 'type') ?? '');
}

/** Whether a literal is a text. */
export function isTextLiteral(node: Node): boolean {
  return ['single_quote_string', 'double_quote_string', 'string'].includes(textIn(node, 'type') ?? '');
}

/** A literal's value as text. */
export function literalText(node: Node): string {
  const text = String(node['value']);
  return isTextLiteral(node) ? text.replaceAll("''", "'") : text;
}

/** A literal of another value: a number stays one where it can. */
export function literalAs(
  node: Node,
  text: string,
  { hasBackslashEscapes }: Pick<SqlDialect, 'hasBackslashEscapes'>,
): Node {
  if (node['type'] === 'number' && Number.isFinite(Number(text))) {
    return { ...node, value: Number(text) };
  }
  const escaped = hasBackslashEscapes ? text.replaceAll('\\', '\\\\') : text;
  const type = isTextLiteral(node) ? 'single_quote_string' : node['type'];
  return { ...node, type, value: escaped.replaceAll("'", "''") };
}

/** A literal as it reads in a sentence. */
export function shown(node: Node): string {
  return isTextLiteral(node) ? `'${literalText(node)}'` : literalText(node);
}

/** The conditions of a SELECT that every row has to pass, those of its inner joins among them. */
export function requiredConditions(scope: Scope): readonly Node[] {
  const joined = scope.sources
    .filter(({ join }) => join === null || /^INNER|^CROSS|^JOIN/iu.test(join))
    .flatMap(({ on }) => conjunctsOf(on));
  return [...conjunctsOf(nodeIn(scope.select, 'where')), ...joined];
}

/** Whether an expression calls an aggregate function. */
export function hasAggregate(node: Node): boolean {
  for (const inner of walk(node, { intoSelects: false })) {
    if (inner['type'] === 'aggr_func') {
      return true;
    }
  }
  return false;
}
