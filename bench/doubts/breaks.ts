import type { Row } from '../../src/database/database.ts';
import type { SqlDialect } from '../../src/database/dialect.ts';
import { isDistinct, isNull, isText } from '../../src/doubts/look.ts';
import {
  isTextLiteral,
  literalAs,
  literalText,
  type Predicate,
  predicatesOf,
} from '../../src/doubts/predicates.ts';
import { limitOf } from '../../src/doubts/row-limit.ts';
import { type Scope, scopesOf } from '../../src/doubts/scope.ts';
import {
  argumentsOf,
  functionName,
  isNode,
  type Node,
  nodesAt,
  nodesOf,
  type SqlTree,
  walk,
} from '../../src/doubts/sql-tree.ts';
import { fold } from '../../src/doubts/values/nearest-value.ts';
import { synonyms } from '../../src/doubts/values/synonyms.ts';
import type { Schema, Table } from '../../src/schema/schema.ts';

/** A right query that was broken in one way. */
export interface Broken {
  readonly kind: string;
  readonly sql: string;
  /** The right query, where breaking began with another than the case's own. */
  readonly right: string | null;
}

/** Every way in which a query can be broken, at its first place each. */
export function breaksOf(tree: SqlTree, schema: Schema, dialect: SqlDialect): readonly Broken[] {
  const scopes = scopesOf(tree.root, schema);
  return [
    ...spellings(tree, scopes, dialect),
    ...wrongYears(tree, scopes),
    ...doubledJoins(tree, scopes, schema),
    ...droppedDistincts(tree, scopes),
    ...nullNegations(tree, scopes),
  ];
}

const misspell = (text: string): string => {
  const at = Math.floor(text.length / 2);
  return text.slice(0, at) + text.slice(at + 1);
};

const letters: readonly (readonly [kind: string, change: (text: string) => string])[] = [
  ['case', (text) => (text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase())],
  [
    'accents',
    (text) =>
      text.replace(
        /[aeiouc]/u,
        (letter) => ({ a: 'á', e: 'é', i: 'í', o: 'ö', u: 'ü', c: 'ç' })[letter] ?? letter,
      ),
  ],
  ['misspelling', (text) => (/^[\p{L} ]{5,}$/u.test(text) ? misspell(text) : text)],
  ['padding', (text) => `${text} `],
  [
    'code for label',
    (text) => synonyms(fold(text)).find((word) => word !== fold(text) && fold(text) !== word) ?? text,
  ],
];

function* spellings(tree: SqlTree, scopes: readonly Scope[], dialect: SqlDialect): Generator<Broken> {
  const found = scopes
    .flatMap(predicatesOf)
    .flatMap((predicate) =>
      predicate.operator === '=' || predicate.operator === 'IN'
        ? predicate.literals.filter(
            (literal) =>
              isTextLiteral(literal) && !/^\d/u.test(literalText(literal)) && literalText(literal) !== '',
          )
        : [],
    );
  const [literal] = found;
  if (literal === undefined) {
    return;
  }
  for (const [kind, change] of letters) {
    const text = literalText(literal);
    const other = change(text);
    const sql = other === text ? null : tree.write(new Map([[literal, literalAs(literal, other, dialect)]]));
    if (sql !== null) {
      yield { kind, sql, right: null };
    }
  }
}

function* wrongYears(tree: SqlTree, scopes: readonly Scope[]): Generator<Broken> {
  for (const predicate of scopes.flatMap(predicatesOf)) {
    if (!['=', 'IN', 'LIKE'].includes(predicate.operator)) {
      continue;
    }
    for (const literal of predicate.literals) {
      const text = literalText(literal);
      if (!/^(?:%?)(?:1[89]|20)\d\d\b/u.test(text)) {
        continue;
      }
      const other = text.replace(/\d{4}/u, (year) => String(Number(year) + 40));
      const value = literal['type'] === 'number' ? Number(other) : other;
      const sql = tree.write(new Map([[literal, { ...literal, value }]]));
      if (sql !== null) {
        yield { kind: 'wrong year', sql, right: null };
      }
      return;
    }
  }
}

function* doubledJoins(tree: SqlTree, scopes: readonly Scope[], schema: Schema): Generator<Broken> {
  const [scope] = scopes;
  const [source] = scope?.sources ?? [];
  if (
    scope === undefined ||
    source === undefined ||
    scope.sources.length !== 1 ||
    !scope.isWhole ||
    source.table === null
  ) {
    return;
  }
  const calls = aggregates(scope);
  const isGrouped = Boolean(scope.select['groupby']);
  if (
    calls.length === 0 ||
    !calls.every(
      ({ name, distinct }) =>
        !distinct && (['SUM', 'AVG'].includes(name) || (name === 'COUNT' && !isGrouped)),
    )
  ) {
    return;
  }
  const parent: Table = source.table;
  for (const child of schema.tables) {
    for (const { columns, references } of child.foreignKeys) {
      const [from, to] = [columns[0], references.columns[0]];
      if (references.table !== parent.name || references.schema !== parent.schema || columns.length !== 1) {
        continue;
      }
      if (
        from === undefined ||
        to === undefined ||
        child === parent ||
        child.columns.some(({ name }) =>
          parent.columns.some((one) => one.name.toLowerCase() === name.toLowerCase()),
        )
      ) {
        continue;
      }
      const quote = (name: string): unknown =>
        JSON.stringify(tree.root).includes('"default"') || JSON.stringify(tree.root).includes('double_quote')
          ? { expr: { type: 'double_quote_string', value: name } }
          : name;
      const on: Node = {
        type: 'binary_expr',
        operator: '=',
        left: { type: 'column_ref', table: child.name, column: quote(from) },
        right: { type: 'column_ref', table: source.alias, column: quote(to) },
      };
      const joined: Node = { db: null, table: child.name, as: null, join: 'INNER JOIN', on };
      const sql = tree.write(
        new Map([[scope.select, { ...scope.select, from: [...nodesOf(scope.select['from']), joined] }]]),
      );
      if (sql !== null) {
        yield { kind: 'doubled join', sql, right: null };
      }
      return;
    }
  }
}

function aggregates(
  scope: Scope,
): readonly { readonly name: string; readonly distinct: boolean; readonly node: Node }[] {
  return [...walk({ part: scope.select['columns'] }, { intoSelects: false })]
    .filter((node) => node['type'] === 'aggr_func')
    .map((node) => ({
      node,
      name: functionName(node) ?? '',
      distinct: isNode(node['args']) && node['args']['distinct'] === 'DISTINCT',
    }));
}

function* droppedDistincts(tree: SqlTree, scopes: readonly Scope[]): Generator<Broken> {
  const [scope] = scopes;
  if (scope === undefined || scope.sources.length < 2) {
    return;
  }
  if (/"DISTINCT"/u.test(JSON.stringify(scope.select['distinct'] ?? ''))) {
    const sql = tree.write(new Map([[scope.select, { ...scope.select, distinct: null }]]));
    if (sql !== null) {
      yield { kind: 'dropped DISTINCT', sql, right: null };
    }
  }
  for (const { node, distinct } of aggregates(scope)) {
    const args = node['args'];
    if (!distinct || !isNode(args) || argumentsOf(node).length === 0) {
      continue;
    }
    const sql = tree.write(new Map([[node, { ...node, args: { ...args, distinct: null } }]]));
    if (sql !== null) {
      yield { kind: 'dropped DISTINCT', sql, right: null };
    }
    return;
  }
}

function* nullNegations(tree: SqlTree, scopes: readonly Scope[]): Generator<Broken> {
  const [scope] = scopes;
  if (scope === undefined) {
    return;
  }
  const wheres = new Set(nodesAt([{ ...scope.select }], 'where'));
  const negates = ({ node, operator, negated, resolved }: Predicate): boolean =>
    operator === '=' &&
    !negated &&
    resolved.column.nullable &&
    node['operator'] === '=' &&
    wheres.size > 0 &&
    isText(resolved.column.type);
  const predicate = predicatesOf(scope).find(negates);
  if (predicate === undefined) {
    return;
  }
  const negated: Node = { ...predicate.node, operator: '<>' };
  const either: Node = {
    type: 'binary_expr',
    operator: 'OR',
    left: negated,
    right: isNull(predicate.subject),
    parentheses: true,
  };
  const [sql, right] = [
    tree.write(new Map([[predicate.node, negated]])),
    tree.write(new Map([[predicate.node, either]])),
  ];
  if (sql !== null && right !== null) {
    yield { kind: 'NULL negation', sql, right };
  }
}

/** Whether the rows of a query with a LIMIT are chance: those after the cut have the same place in its order, and read otherwise. */
export async function isByChance(
  tree: SqlTree,
  schema: Schema,
  rowsOf: (sql: string) => Promise<readonly Row[] | null>,
): Promise<boolean> {
  const [scope] = scopesOf(tree.root, schema);
  const limit = scope === undefined ? null : limitOf(scope);
  if (scope === undefined || limit === null || isDistinct(scope)) {
    return false;
  }
  const columns = nodesOf(scope.select['columns']);
  const order = nodesAt(scope.select['orderby'], 'expr');
  const places = order.map((expr) => ({ type: 'expr', expr, as: null }));
  const select = { ...scope.select, columns: [...columns, ...places], limit: null };
  const all = order.length === 0 ? null : tree.write(new Map([[scope.select, select]]));
  const rows = (all === null ? null : await rowsOf(all)) ?? [];
  const end = limit.offset + limit.count;
  const place = (row: Row | undefined): string => JSON.stringify(row?.slice(-order.length).map(String));
  const shown = (row: Row): string => JSON.stringify(row.slice(0, -order.length).map(String));
  const [last] = rows.slice(end - 1, end);
  const tied = rows.slice(end).filter((row) => place(row) === place(last));
  return last !== undefined && tied.some((row) => shown(row) !== shown(last));
}

/** A query whose LIMIT cuts a tie, and the rows that it should have; null where no cut does. */
export async function tieOf(
  tree: SqlTree,
  schema: Schema,
  rowsOf: (sql: string) => Promise<readonly Row[] | null>,
): Promise<{ readonly sql: string; readonly rows: readonly Row[] } | null> {
  const [scope] = scopesOf(tree.root, schema);
  if (scope === undefined || !scope.isWhole || nodesOf(scope.select['orderby']).length !== 1) {
    return null;
  }
  if (/"DISTINCT"/u.test(JSON.stringify(scope.select['distinct'] ?? ''))) {
    return null;
  }
  const [order] = nodesAt(scope.select['orderby'], 'expr');
  const columns = nodesOf(scope.select['columns']);
  if (order === undefined || order['type'] === 'number' || JSON.stringify(columns).includes('"*"},')) {
    return null;
  }
  const all = tree.write(
    new Map([
      [
        scope.select,
        { ...scope.select, columns: [...columns, { type: 'expr', expr: order, as: null }], limit: null },
      ],
    ]),
  );
  const rows = all === null ? null : await rowsOf(all);
  if (rows === null) {
    return null;
  }
  const shown = (row: Row | undefined): string => JSON.stringify(row?.slice(0, -1).map(String));
  for (let count = 1; count < Math.min(rows.length, 10); count += 1) {
    const key = String(rows[count - 1]?.at(-1));
    if (key !== String(rows[count]?.at(-1)) || shown(rows[count - 1]) === shown(rows[count])) {
      continue;
    }
    const end = rows.findIndex((row, index) => index >= count && String(row.at(-1)) !== key);
    const limit = { seperator: '', value: [{ type: 'number', value: count }] };
    const sql = tree.write(new Map([[scope.select, { ...scope.select, limit }]]));
    const wanted = rows.slice(0, end === -1 ? rows.length : end).map((row) => row.slice(0, -1));
    return sql === null ? null : { sql, rows: wanted };
  }
  return null;
}
