import type { Option, Parser } from 'node-sql-parser';
import type { Grammar, SqlDialect } from '../database/dialect.ts';
import { createRecent } from '../schema/recent.ts';
import { parseSql } from './parse-sql.ts';
import { isNode, type Node, nameOf, type SqlTree } from './sql-tree.ts';

/** A grammar is loaded when it is first needed. */
const parsers = new Map<Grammar, () => Promise<{ readonly default: { readonly Parser: typeof Parser } }>>([
  ['mariadb', () => import('node-sql-parser/build/mariadb.js')],
  ['mysql', () => import('node-sql-parser/build/mysql.js')],
  ['postgresql', () => import('node-sql-parser/build/postgresql.js')],
  ['sqlite', () => import('node-sql-parser/build/sqlite.js')],
  ['trino', () => import('node-sql-parser/build/trino.js')],
]);

/** Statements that were read, by grammar and text; a question's is looked at again when it runs. A tree takes some thirty times its text. */
const recent = createRecent<SqlTree>(50_000);

/**
 * Reads one SELECT of an engine by node-sql-parser; null where no grammar can. What it can't read is not refused: the
 * guard has admitted it, and nothing is looked for in it.
 */
export async function readSql(
  sql: string,
  { grammars }: Pick<SqlDialect, 'grammars'>,
): Promise<SqlTree | null> {
  for (const grammar of grammars) {
    const key = `${grammar} ${sql}`;
    const known = recent.get(key);
    if (known !== undefined) {
      return known;
    }
    const parser = await loadParser(grammar);
    const option: Option = { database: grammar };
    let parsed: unknown;
    try {
      parsed = parseSql(parser, sql, option);
    } catch {
      continue;
    }
    const statements = Array.isArray(parsed) ? parsed : [parsed];
    const [root] = statements;
    if (statements.length !== 1 || !isNode(root) || root['type'] !== 'select') {
      return null;
    }
    const tree = treeOf(root, parser, option);
    recent.set(key, tree);
    return tree;
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
      const again = parseSql(parser, text(root), option);
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
