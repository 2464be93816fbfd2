import SQLite from 'better-sqlite3';
import type { NamedColumn } from '../../pattern.ts';
import type { Connection } from '../session.ts';
import { storedRelations } from './relations.ts';

/** A table, view or virtual table of a file, as far as an empty copy needs it. */
export interface Relation {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'virtual';
  readonly columns: readonly string[];
  /** The column that is another name for `rowid`. */
  readonly rowid: string | null;
  /** Expressions of generated columns. */
  readonly generated: ReadonlyMap<string, string>;
  readonly sql: string;
}

/** SQLite has one schema to read; sqlq opens no others. */
export const mainSchema = 'main';

/** Every column of every table and view of a file. */
export function columnNames(connection: Connection): readonly NamedColumn[] {
  return relationsOf(connection).flatMap(({ name, columns }) =>
    columns.map((column) => ({ schema: mainSchema, table: name, column })),
  );
}

/** Everything in a file that a statement can read, but what SQLite and its modules keep for themselves. */
export function relationsOf(connection: Connection): Relation[] {
  return storedRelations(connection).map(({ name, kind, sql, definition, isTooDeep }) => {
    const columns = isTooDeep ? [] : columnsOf(connection, name);
    const keys = columns.filter(({ pk }) => pk > 0);
    const isRowid = keys.length === 1 && /^integer$/i.test(keys[0]?.type ?? '') && !definition.isWithoutRowid;
    return {
      name,
      kind,
      columns: columns.map((column) => column.name),
      rowid: isRowid ? (keys[0]?.name ?? null) : null,
      generated: definition.generated,
      sql,
    };
  });
}

/** None for a view that no longer fits its tables, and for a table whose module is not here. */
function columnsOf(connection: Connection, name: string): { name: string; type: string; pk: number }[] {
  try {
    return connection
      .prepare<[string], { name: string; type: string; pk: number }>(
        "SELECT name, type, pk FROM temp.pragma_table_xinfo(?, 'main') WHERE hidden <> 1 ORDER BY cid",
      )
      .all(name);
  } catch {
    return [];
  }
}

/** A database in memory that these statements make; what one of them can't make is not there. */
export function emptyDatabase(statements: readonly string[]): Connection {
  const copy = new SQLite(':memory:');
  copy.exec('PRAGMA trusted_schema=0; PRAGMA foreign_keys=0');
  for (const statement of statements) {
    try {
      copy.prepare(statement).run();
    } catch {
      // A module or a view that can't be had here: statements that use it will not prepare, and are refused.
    }
  }
  return copy;
}

/** A table of these columns without types, indexes or keys, but for the `rowid`; null without columns. */
export function plainTable(name: string, columns: readonly string[], rowid?: string | null): string | null {
  if (columns.length === 0) {
    return null;
  }
  const definitions = columns.map((column) =>
    column === rowid ? `${quote(column)} INTEGER PRIMARY KEY` : quote(column),
  );
  return `CREATE TABLE ${quote(name)} (${definitions.join(', ')})`;
}

/** An identifier between quotes. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
