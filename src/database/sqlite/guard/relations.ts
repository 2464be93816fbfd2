import { type Definition, readDefinition } from '../definition.ts';
import type { Connection } from '../session.ts';
import { LexError, lex } from './lex.ts';
import { fold } from './token.ts';

/** A table, view or virtual table of a file as its schema table has it. */
export interface StoredRelation {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'virtual';
  readonly sql: string;
  readonly definition: Definition;
  /** A view that would be written out into so many others that the engine takes minutes for it, or its whole stack. */
  readonly isTooDeep: boolean;
}

/** Tables that a module keeps for each table of its own, by the ends of their names. */
const shadowNames: Readonly<Record<string, readonly string[]>> = {
  fts3: ['content', 'segments', 'segdir', 'docsize', 'stat'],
  fts4: ['content', 'segments', 'segdir', 'docsize', 'stat'],
  fts5: ['data', 'idx', 'content', 'docsize', 'config'],
  rtree: ['node', 'parent', 'rowid'],
  rtree_i32: ['node', 'parent', 'rowid'],
  geopoly: ['node', 'parent', 'rowid'],
};

/** Views that one view may be written out into, itself among them. */
const mostViews = 100;

/**
 * Everything in a file that a statement can read, but what SQLite and its modules keep for themselves. It is read from
 * the schema table alone, by the one name that nothing in a file can take: a view of the file may be called like any
 * `pragma_…` table, and `PRAGMA table_list` writes every view out.
 */
export function storedRelations(connection: Connection): readonly StoredRelation[] {
  const rows = connection
    .prepare<[], { name: string; type: 'table' | 'view'; sql: string }>(
      "SELECT name, type, sql FROM main.sqlite_master WHERE type IN ('table', 'view') AND substr(name, 1, 7) <> 'sqlite_' AND typeof(name) = 'text' AND typeof(sql) = 'text'",
    )
    .all()
    // A file may hold another statement in the place of a view's: these texts are run in the empty copies.
    .filter(({ type, sql }) =>
      (type === 'view' ? /^CREATE VIEW\s/i : /^CREATE (?:VIRTUAL )?TABLE\s/i).test(sql),
    );
  const sizeOf = viewSizes(rows.filter(({ type }) => type === 'view'));
  const relations = rows.map(({ name, type, sql }): StoredRelation => {
    const definition = readDefinition(sql);
    const kind = type === 'view' ? 'view' : definition.module === null ? 'table' : 'virtual';
    return { name, kind, sql, definition, isTooDeep: kind === 'view' && sizeOf(name) > mostViews };
  });
  const shadows = new Set(
    relations.flatMap(({ name, definition: { module } }) =>
      (shadowNames[module ?? ''] ?? []).map((end) => fold(`${name}_${end}`)),
    ),
  );
  return relations.filter(({ name }) => !shadows.has(fold(name)));
}

/** Into how many views each is written out, itself among them; a name that stands in a text counts as read. */
function viewSizes(
  views: readonly { readonly name: string; readonly sql: string }[],
): (name: string) => number {
  const names = new Set(views.map(({ name }) => fold(name)));
  const reads = new Map(
    views.map(({ name, sql }) => [
      fold(name),
      namesIn(sql).filter((read) => read !== fold(name) && names.has(read)),
    ]),
  );
  const sizes = new Map<string, number>();
  const size = (name: string, depth: number): number => {
    const known = sizes.get(name);
    if (known !== undefined) {
      return known;
    }
    if (depth > mostViews) {
      return Number.POSITIVE_INFINITY;
    }
    // A view that reads itself fails by itself.
    sizes.set(name, 1);
    const sum = (reads.get(name) ?? []).reduce((total, read) => total + size(read, depth + 1), 1);
    sizes.set(name, sum);
    return sum;
  };
  return (name) => size(fold(name), 0);
}

function namesIn(sql: string): readonly string[] {
  try {
    return lex(sql)
      .filter(({ kind }) => kind === 'word' || kind === 'name' || kind === 'text')
      .map(({ text }) => fold(text));
  } catch (error) {
    if (error instanceof LexError) {
      return [];
    }
    throw error;
  }
}
