import type { Column, Schema, Table } from '../schema/schema.ts';
import { isNode, type Node, nameOf, nodeIn, nodesOf, textIn, walk } from './sql-tree.ts';

/** A table, view, subquery or CTE in a FROM. */
export interface Source {
  readonly node: Node;
  /** The name that columns are qualified with. */
  readonly alias: string;
  /** The stored table or view; null for a subquery or a CTE. */
  readonly table: Table | null;
  /** What a subquery or CTE selects. */
  readonly inner: Scope | null;
  /** `INNER JOIN`, `LEFT JOIN` …; null for the first and after a comma. */
  readonly join: string | null;
  readonly on: Node | null;
  readonly using: readonly string[];
}

/** One SELECT of a statement. */
export interface Scope {
  readonly select: Node;
  readonly sources: readonly Source[];
  /** The SELECT around it. */
  readonly outer: Scope | null;
  /** It is the whole statement, without UNION and its like. */
  readonly isWhole: boolean;
}

/** A stored column that a name means. */
export interface Resolved {
  readonly source: Source;
  readonly table: Table;
  readonly column: Column;
  /** The SELECT in whose FROM the table stands. */
  readonly scope: Scope;
}

type Ctes = ReadonlyMap<string, Scope>;

/** Every SELECT of a statement, outermost first, with what its FROM names. */
export function scopesOf(root: Node, schema: Schema): readonly Scope[] {
  const scopes: Scope[] = [];
  collect(root, null, new Map(), schema, scopes, root['_next'] === undefined || root['_next'] === null);
  return scopes;
}

function collect(
  select: Node,
  outer: Scope | null,
  known: Ctes,
  schema: Schema,
  scopes: Scope[],
  isWhole: boolean,
): Scope {
  const ctes = new Map(known);
  const place = scopes.length;
  for (const item of nodesOf(select['with'])) {
    const name = nameOf(item['name']);
    const statement = nodeIn(item, 'stmt');
    const body = statement === null ? null : (nodeIn(statement, 'ast') ?? statement);
    if (name !== null && body?.['type'] === 'select') {
      ctes.set(name.toLowerCase(), collect(body, null, ctes, schema, scopes, false));
    }
  }
  const sources: Source[] = [];
  const scope: Scope = { select, sources, outer, isWhole };
  scopes.splice(place, 0, scope);
  for (const node of nodesOf(select['from'])) {
    const expression = nodeIn(node, 'expr');
    const body = expression === null ? null : nodeIn(expression, 'ast');
    const name = textIn(node, 'table');
    const cte = name === null ? null : (ctes.get(name.toLowerCase()) ?? null);
    sources.push({
      node,
      alias: textIn(node, 'as') ?? name ?? '',
      table: name === null || cte !== null ? null : tableNamed(schema, schemaOf(node), name),
      inner: body?.['type'] === 'select' ? collect(body, outer, ctes, schema, scopes, false) : cte,
      join: textIn(node, 'join'),
      on: nodeIn(node, 'on'),
      using: Array.isArray(node['using']) ? node['using'].flatMap((item) => nameOf(item) ?? []) : [],
    });
  }
  for (const [field, value] of Object.entries(select)) {
    if (field === 'with' || field === 'from' || field === '_next') {
      continue;
    }
    for (const inner of selectsIn(value)) {
      collect(inner, scope, ctes, schema, scopes, false);
    }
  }
  for (const source of sources) {
    for (const inner of selectsIn(source.on)) {
      collect(inner, scope, ctes, schema, scopes, false);
    }
  }
  const next = nodeIn(select, '_next');
  if (next !== null) {
    collect(next, outer, ctes, schema, scopes, false);
  }
  return scope;
}

/** The SELECTs right below a value, not those inside of them. */
function* selectsIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const item of value) {
      yield* selectsIn(item);
    }
  } else if (isNode(value)) {
    if (value['type'] === 'select') {
      yield value;
    } else {
      for (const inner of Object.values(value)) {
        yield* selectsIn(inner);
      }
    }
  }
}

/** The schema that a table is named with; after its catalog, where that is named too. */
function schemaOf(node: Node): string | null {
  const [first, second] = [textIn(node, 'db'), textIn(node, 'schema')];
  return first !== null && second !== null ? `${first}.${second}` : first;
}

function tableNamed(schema: Schema, qualifier: string | null, name: string): Table | null {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const named = schema.tables.filter((table) => same(table.name, name));
  const wanted =
    qualifier === null
      ? schema.searchPath.flatMap((path) => named.find((table) => same(table.schema, path)) ?? [])
      : named.filter((table) => same(table.schema, qualifier) || isInCatalogAtHand(schema, table, qualifier));
  return wanted[0] ?? (qualifier === null && named.length === 1 ? (named[0] ?? null) : null);
}

/** Whether a table's schema, which is `catalog.schema`, is named without the catalog that needs no name. */
function isInCatalogAtHand({ searchPath }: Schema, table: Table, qualifier: string): boolean {
  return searchPath.some((path) => {
    const [catalog = '', rest] = path.split('.', 2);
    return rest !== undefined && table.schema.toLowerCase() === `${catalog}.${qualifier}`.toLowerCase();
  });
}

/** Whether a node is a column's name. */
export function isColumn(node: Node): boolean {
  return node['type'] === 'column_ref' && nameOf(node['column']) !== null && nameOf(node['column']) !== '*';
}

/** The stored column that a name means in a SELECT, through subqueries that hand it on as it is; null where it is none. */
export function resolve(node: Node, scope: Scope): Resolved | null {
  if (!isColumn(node)) {
    return null;
  }
  const name = nameOf(node['column']) ?? '';
  const qualifier = nameOf(node['table']);
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const sources: readonly Source[] =
      qualifier === null
        ? at.sources
        : at.sources.filter(({ alias }) => alias.toLowerCase() === qualifier.toLowerCase());
    const here = at;
    const found = sources.flatMap((source) => columnOf(source, name, here) ?? []);
    if (found.length > 0) {
      return found.length === 1 || qualifier !== null ? (found[0] ?? null) : null;
    }
    if (qualifier !== null && sources.length > 0) {
      return null;
    }
  }
  return null;
}

function columnOf(source: Source, name: string, scope: Scope): Resolved | null {
  if (source.table !== null) {
    const { table } = source;
    const column =
      table.columns.find((one) => one.name === name) ??
      table.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    return column === undefined ? null : { source, table, column, scope };
  }
  const { inner } = source;
  if (inner === null) {
    return null;
  }
  for (const item of nodesOf(inner.select['columns'])) {
    const expression = nodeIn(item, 'expr');
    const called = textIn(item, 'as') ?? (expression === null ? null : nameOf(expression['column']));
    if (expression === null || called?.toLowerCase() !== name.toLowerCase()) {
      continue;
    }
    return resolve(expression, inner);
  }
  return null;
}

/** The sources of a SELECT that an expression names, those of SELECTs inside of it too. */
export function sourcesIn(node: Node, scope: Scope): ReadonlySet<Source> {
  const found = new Set<Source>();
  for (const inner of walk(node, { intoSelects: true })) {
    if (!isColumn(inner)) {
      continue;
    }
    const qualifier = nameOf(inner['table'])?.toLowerCase() ?? null;
    const name = nameOf(inner['column'])?.toLowerCase() ?? '';
    const source = scope.sources.find((one) =>
      qualifier === null ? columnOf(one, name, scope) !== null : one.alias.toLowerCase() === qualifier,
    );
    if (source !== undefined) {
      found.add(source);
    }
  }
  return found;
}
