import type { Row } from '../database/database.ts';
import type { SqlDialect } from '../database/dialect.ts';
import { quoteIdentifier, quoteTable } from '../schema/identifier.ts';
import type { Schema, Table } from '../schema/schema.ts';
import type { Doubt } from './doubt.ts';
import type { ReadAgain } from './other-reading.ts';
import type { Prober } from './probe.ts';
import type { Asked } from './question.ts';
import { type Resolved, resolve, type Scope } from './scope.ts';
import { allOf, conjunctsOf, isNode, type Node, nodeIn, nodesOf, type SqlTree, walk } from './sql-tree.ts';

/** What a look has to go by. */
export interface LookContext {
  /** The statement as it will run. */
  readonly sql: string;
  readonly tree: SqlTree;
  /** Every SELECT of the statement, the outermost first. */
  readonly scopes: readonly Scope[];
  readonly schema: Schema;
  readonly dialect: SqlDialect;
  readonly now: Date;
  /** How many rows are shown; null for all. */
  readonly limit: number | null;
  readonly asked: Asked;
  /** The question's own words, where nobody has yet compared the statement with them; null elsewhere. */
  readonly wording: string | null;
  /** Reads the question once more, where a model has answered; null elsewhere. */
  readonly readAgain: ReadAgain | null;
  /** Nothing runs that there is a doubt about. */
  readonly isStrict: boolean;
  readonly probe: Prober['probe'];
}

/** Looks for reasons to doubt of one kind. */
export type Look = (context: LookContext) => Promise<readonly Doubt[]>;

/** A number that a probe returned; null where it returned none. */
export function numberOf(rows: readonly Row[] | null, column = 0): number | null {
  const value = rows?.[0]?.[column];
  const number = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A table as a FROM names it, whatever the search path is. */
export function tableText({ dialect }: Pick<LookContext, 'dialect'>, table: Table): string {
  return quoteTable(dialect, table);
}

/** A column of the only table of a FROM. */
export function columnText({ dialect }: Pick<LookContext, 'dialect'>, name: string): string {
  return quoteIdentifier(dialect, name);
}

/** A node that is written as the column of the only table of a FROM. */
export function bareColumn({ dialect }: Pick<LookContext, 'dialect'>, name: string): Node {
  return {
    type: 'column_ref',
    table: null,
    column: dialect.identifierQuote === '"' ? { expr: { type: 'double_quote_string', value: name } } : name,
  };
}

/** The one stored column that an expression reads, and nothing else of the statement; null for any other expression. */
export function soleColumn(node: Node, scope: Scope): Resolved | null {
  let found: Resolved | null = null;
  for (const inner of walk(node, { intoSelects: true })) {
    if (inner['type'] === 'select' || inner['type'] === 'aggr_func' || inner['type'] === 'param') {
      return null;
    }
    if (isNode(inner['over'])) {
      return null;
    }
    if (inner['type'] !== 'column_ref') {
      continue;
    }
    const resolved = resolve(inner, scope);
    if (resolved === null) {
      return null;
    }
    if (found !== null && (found.table !== resolved.table || found.column !== resolved.column)) {
      return null;
    }
    found = resolved;
  }
  return found;
}

/** An expression over one stored column as it reads in a FROM of that table alone. */
export function overTable(context: LookContext, node: Node, scope: Scope): string {
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(renamed);
    }
    if (!isNode(value)) {
      return value;
    }
    if (value['type'] === 'column_ref') {
      const resolved = resolve(value, scope);
      return resolved === null ? value : bareColumn(context, resolved.column.name);
    }
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, renamed(inner)]));
  };
  const copy = renamed(node);
  return context.tree.writeExpression(isNode(copy) ? copy : node);
}

/** Whether a SELECT can run by itself: it reads no column of a SELECT around it. */
export function standsAlone(scope: Scope): boolean {
  if (scope.outer === null) {
    return true;
  }
  for (const node of walk(scope.select, { intoSelects: true })) {
    if (node['type'] !== 'column_ref') {
      continue;
    }
    const resolved = resolve(node, scope);
    if (resolved !== null && isAround(resolved.scope, scope)) {
      return false;
    }
  }
  return true;
}

function isAround(candidate: Scope, scope: Scope): boolean {
  for (let at = scope.outer; at !== null; at = at.outer) {
    if (at === candidate) {
      return true;
    }
  }
  return false;
}

/**
 * A SELECT as it is over all rows of the SELECT around it: without the conditions that read a column of that. Null where other
 * parts of it do.
 */
export function overAllOuter(scope: Scope): Scope | null {
  if (standsAlone(scope)) {
    return scope;
  }
  const select = { ...scope.select, where: null };
  const kept = conjunctsOf(whereOf(scope)).filter((condition) =>
    standsAlone({ ...scope, select: { where: condition } }),
  );
  const alone = { ...scope, select: { ...select, where: allOf(kept) } };
  return standsAlone(alone) ? alone : null;
}

/** A SELECT with other parts, as text; null where it can't be written. */
export function selectText(
  { tree }: LookContext,
  scope: Scope,
  parts: Readonly<Record<string, unknown>>,
): string | null {
  const withCtes = nodesOf(tree.root['with']).length > 0 ? { with: tree.root['with'] } : {};
  return tree.writeSelect({ ...scope.select, ...withCtes, _next: null, set_op: null, ...parts });
}

/** An item of a SELECT list. */
export function item(expr: Node, as: string | null = null): Node {
  return { type: 'expr', expr, as };
}

/** `… IS NULL`, or `… IS NOT NULL`, as a node. */
export function isNull(left: Node, operator: 'IS' | 'IS NOT' = 'IS'): Node {
  return { type: 'binary_expr', operator, left, right: { type: 'null', value: null } };
}

/** `COUNT(*)` as a node. */
export const countAll: Node = {
  type: 'aggr_func',
  name: 'COUNT',
  args: { expr: { type: 'star', value: '*' } },
  over: null,
};

/** The WHERE of a SELECT. */
export function whereOf(scope: Scope): Node | null {
  return nodeIn(scope.select, 'where');
}

/** The expressions by which a SELECT groups; empty where it does not. */
export function groupsOf(scope: Scope): readonly Node[] {
  const groupby = scope.select['groupby'];
  return Array.isArray(groupby) ? nodesOf(groupby) : isNode(groupby) ? nodesOf(groupby['columns']) : [];
}

/** Whether a SELECT drops repeated rows. */
export function isDistinct({ select }: Scope): boolean {
  return /"DISTINCT/u.test(JSON.stringify(select['distinct'] ?? ''));
}

/** Whether a type's values are numbers. */
export function isNumeric(type: string): boolean {
  return /int|num|dec|real|float|double|serial|money/iu.test(type) && !/interval|point/iu.test(type);
}

/** Whether a type's values are whole numbers. */
export function isInteger(type: string): boolean {
  return /int|serial/iu.test(type) && !/interval|point/iu.test(type);
}

/** Whether a type's values are text. */
export function isText(type: string): boolean {
  return type === '' || /char|text|clob|enum|citext|string/iu.test(type);
}

/** Whether a type's values are dates or times. */
export function isTemporal(type: string): boolean {
  return /date|time/iu.test(type);
}

/** A count with thousands apart. */
export function grouped(value: number): string {
  return value.toLocaleString('en');
}
