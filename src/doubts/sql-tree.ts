import type { Option, Parser } from 'node-sql-parser';
import type { Grammar, SqlDialect } from '../database/dialect.ts';

/** A grammar is loaded when it is first needed. */
const parsers = new Map<Grammar, () => Promise<{ readonly default: { readonly Parser: typeof Parser } }>>([
  ['mariadb', () => import('node-sql-parser/build/mariadb.js')],
  ['mysql', () => import('node-sql-parser/build/mysql.js')],
  ['postgresql', () => import('node-sql-parser/build/postgresql.js')],
  ['sqlite', () => import('node-sql-parser/build/sqlite.js')],
  ['trino', () => import('node-sql-parser/build/trino.js')],
]);

/** A node of the parser's tree. Which fields it has depends on the grammar; they are read one by one, never trusted. */
export interface Node {
  readonly [field: string]: unknown;
}

/** A statement as a tree, and the way back to text. */
export interface SqlTree {
  readonly root: Node;
  /** The statement with other nodes in the places of some; null where its text can't be had without a change of meaning. */
  write(replacements?: ReadonlyMap<Node, Node>): string | null;
  /** One expression of it as text. */
  writeExpression(node: Node): string;
  /** Another SELECT, made of parts of this one, as text; null where this one's text can't be had either. */
  writeSelect(select: Node): string | null;
}

/**
 * Reads one SELECT of an engine by node-sql-parser; null where no grammar can. What it can't read is not refused: the
 * guard has admitted it, and nothing is looked for in it.
 */
export async function readSql(
  sql: string,
  { grammars }: Pick<SqlDialect, 'grammars'>,
): Promise<SqlTree | null> {
  for (const grammar of grammars) {
    const parser = await loadParser(grammar);
    const option: Option = { database: grammar };
    let parsed: unknown;
    try {
      parsed = parser.astify(sql, option);
    } catch {
      continue;
    }
    const statements = Array.isArray(parsed) ? parsed : [parsed];
    const [root] = statements;
    if (statements.length !== 1 || !isNode(root) || root['type'] !== 'select') {
      return null;
    }
    return treeOf(root, parser, option);
  }
  return null;
}

async function loadParser(grammar: Grammar): Promise<Parser> {
  const loaded = await parsers.get(grammar)?.();
  if (loaded === undefined) {
    throw new Error(`there is no grammar ${grammar}`);
  }
  return new loaded.default.Parser();
}

function treeOf(root: Node, parser: Parser, option: Option): SqlTree {
  // The writer changes the tree that it writes.
  const text = (node: Node): string => parser.sqlify(asStatement(structuredClone(node)), option);
  // A writer that forgets a clause would mend one thing and break another.
  const isFaithful = (): boolean => {
    try {
      const again: unknown = parser.astify(text(root), option);
      return canonical(Array.isArray(again) ? again[0] : again) === canonical(root);
    } catch {
      return false;
    }
  };
  let faithful: boolean | null = null;
  return {
    root,
    write(replacements = new Map()) {
      faithful ??= isFaithful();
      if (!faithful) {
        return null;
      }
      const replaced = replace(root, replacements);
      return isNode(replaced) ? text(replaced) : null;
    },
    writeExpression: (node) => parser.exprToSQL(structuredClone(node), option),
    writeSelect(select) {
      faithful ??= isFaithful();
      return faithful ? text(select) : null;
    },
  };
}

/** The parser's own type of its trees, which are read here as they come. */
function asStatement(node: Node): Parameters<Parser['sqlify']>[0] {
  const statement: { readonly type?: unknown } & Node = node;
  if (!isSelect(statement)) {
    throw new TypeError('not a SELECT');
  }
  return statement;
}

function isSelect(node: Node): node is Node & Extract<Parameters<Parser['sqlify']>[0], { type: 'select' }> {
  return node['type'] === 'select';
}

/** A copy of a tree with some of its nodes replaced, by identity. */
function replace(value: unknown, replacements: ReadonlyMap<Node, Node>): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => replace(item, replacements));
  }
  if (!isNode(value)) {
    return value;
  }
  const other = replacements.get(value);
  if (other !== undefined) {
    return replace(other, new Map([...replacements].filter(([node]) => node !== value)));
  }
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, replace(inner, replacements)]),
  );
}

/** A tree as text without what does not change its meaning: places, parentheses, ASC, the case and quotes of names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (field, inner: unknown) =>
    inner === null ||
    (field === 'type' && inner === 'ASC') ||
    ['loc', 'parentheses', 'tableList', 'columnList', 'suffix_comments'].includes(field)
      ? undefined
      : (field === 'column' || field === 'table') && nameOf(inner) !== null
        ? nameOf(inner)
        : field === 'name' && isNode(inner) && typeof inner['value'] === 'string'
          ? inner['value']
          : inner,
  ).toLowerCase();
}

/** Whether a value is a node, and no list. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The nodes of a list; none where it is no list. */
export function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The same field of each node of a list, where it is a node. */
export function nodesAt(list: unknown, field: string): readonly Node[] {
  return nodesOf(nodesOf(list).map((node) => node[field]));
}

/** A field that is a node. */
export function nodeIn(node: Node, field: string): Node | null {
  const value = node[field];
  return isNode(value) ? value : null;
}

/** A field that is a text. */
export function textIn(node: Node, field: string): string | null {
  const value = node[field];
  return typeof value === 'string' ? value : null;
}

/** A name, which the grammars give bare or wrapped. */
export function nameOf(value: unknown): string | null {
  if (typeof value === 'string') {
    return value;
  }
  if (!isNode(value)) {
    return null;
  }
  const inner = value['expr'] ?? value['value'] ?? value['name'];
  if (Array.isArray(inner)) {
    return nameOf(inner.at(-1));
  }
  return inner === undefined ? null : nameOf(inner);
}

/** The name of a called function in upper case; null for another node. */
export function functionName(node: Node): string | null {
  if (node['type'] === 'extract') {
    return 'EXTRACT';
  }
  if (node['type'] !== 'function' && node['type'] !== 'aggr_func') {
    return null;
  }
  return nameOf(node['name'])?.toUpperCase() ?? null;
}

/** The arguments of a call. */
export function argumentsOf(node: Node): readonly Node[] {
  const given = node['args'];
  if (!isNode(given)) {
    return nodesOf(given);
  }
  if (given['type'] === 'expr_list') {
    return nodesOf(given['value']);
  }
  return isNode(given['expr']) ? [given['expr']] : isNode(given['source']) ? [given['source']] : [];
}

/** All nodes below a node, itself first; does not enter SELECTs unless told. */
export function* walk(node: Node, options: { readonly intoSelects: boolean }): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const inner of Array.isArray(value) ? value : [value]) {
      if (!isNode(inner)) {
        continue;
      }
      if (!options.intoSelects && (inner['type'] === 'select' || isNode(inner['ast']))) {
        continue;
      }
      yield* walk(inner, options);
    }
  }
}

/** The conditions that an expression joins by AND; none where it is missing. */
export function conjunctsOf(node: Node | null): readonly Node[] {
  if (node === null) {
    return [];
  }
  if (node['type'] !== 'binary_expr' || textIn(node, 'operator')?.toUpperCase() !== 'AND') {
    return [node];
  }
  return [...conjunctsOf(nodeIn(node, 'left')), ...conjunctsOf(nodeIn(node, 'right'))];
}

/** An expression of conditions that must all hold; null for none. */
export function allOf(conditions: readonly Node[]): Node | null {
  const [first, ...others] = conditions.map((condition) =>
    textIn(condition, 'operator')?.toUpperCase() === 'OR' ? { ...condition, parentheses: true } : condition,
  );
  return first === undefined
    ? null
    : others.reduce<Node>((left, right) => ({ type: 'binary_expr', operator: 'AND', left, right }), first);
}
