import type { Option, Parser } from 'node-sql-parser';
import { isNode, type Node, textIn, walk } from './sql-tree.ts';

/** An aggregate of different values, the only one of which the grammars read is COUNT. */
const distinctCall = /\b(COUNT|SUM|AVG|TOTAL|MIN|MAX)(\s*\(\s*DISTINCT\b)/giu;

/**
 * Reads statements by node-sql-parser, without two of its faults: it takes AND and OR in the order in which they stand,
 * and it reads no `SUM(DISTINCT x)`. Throws what it throws where it can't read a text.
 */
export function parseSql(parser: Parser, sql: string, option: Option): unknown {
  const names: string[] = [];
  const readable = sql.replaceAll(distinctCall, (_whole, name: string, rest: string) => {
    names.push(name.toUpperCase());
    return `COUNT${rest}`;
  });
  const parsed: unknown = parser.astify(readable, option);
  return regrouped(names.every((name) => name === 'COUNT') ? parsed : named(parsed, names));
}

/** A tree whose COUNTs of different values are called by these names again, in the order of the text. */
function named(parsed: unknown, names: readonly string[]): unknown {
  const root: Node = { parsed };
  const calls = [...walk(root, { intoSelects: true })].filter(
    ({ type, name, args }) =>
      type === 'aggr_func' && name === 'COUNT' && isNode(args) && args['distinct'] === 'DISTINCT',
  );
  if (calls.length !== names.length) {
    throw new SyntaxError('an aggregate of different values stands where none was read');
  }
  const byNode = new Map(calls.map((call, index) => [call, names[index]]));
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(rename);
    }
    if (!isNode(value)) {
      return value;
    }
    const copy = Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, rename(inner)]));
    const name = byNode.get(value);
    return name === undefined ? copy : { ...copy, name };
  };
  return rename(parsed);
}

/** A tree in which AND binds before OR. */
function regrouped(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(regrouped);
  }
  if (!isNode(value)) {
    return value;
  }
  if (connective(value) === null) {
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, regrouped(inner)]));
  }
  const alternatives: unknown[][] = [[]];
  for (const part of partsOf(value, true)) {
    if (part === 'OR') {
      alternatives.push([]);
    } else if (part !== 'AND') {
      alternatives.at(-1)?.push(regrouped(part));
    }
  }
  const joined = join(
    'OR',
    alternatives.map((all) => join('AND', all)),
  );
  return value['parentheses'] === true && isNode(joined) ? { ...joined, parentheses: true } : joined;
}

function connective(node: Node): string | null {
  const operator = node['type'] === 'binary_expr' ? textIn(node, 'operator')?.toUpperCase() : null;
  return operator === 'AND' || operator === 'OR' ? operator : null;
}

/** The conditions and connectives of a chain without parentheses, as they stand in the text. */
function partsOf(value: unknown, isFirst: boolean): readonly unknown[] {
  const operator = isNode(value) ? connective(value) : null;
  if (!isNode(value) || operator === null || (value['parentheses'] === true && !isFirst)) {
    return [value];
  }
  return [...partsOf(value['left'], false), operator, ...partsOf(value['right'], false)];
}

function join(operator: string, all: readonly unknown[]): unknown {
  return all.reduce((left, right) => ({ type: 'binary_expr', operator, left, right }));
}
