import { readDefinition } from '../definition.ts';
import type { Connection } from '../session.ts';
import type { Catalog } from './names.ts';
import { fold } from './token.ts';

/** What the library itself has: the same on each connection that is opened in the same way, whatever the file holds. */
export type Library = Pick<Catalog, 'functions' | 'modules'>;

/**
 * Reads what the guard must know of the library. Nothing of a file is in the schema `temp`, where the engine's own tables of
 * that name are found as well: a view of the file may be called like them.
 */
export function libraryOf(connection: Connection): Library {
  const names = (sql: string): string[] => connection.prepare<[], string>(sql).pluck().all();
  return {
    functions: new Set(names('SELECT name FROM temp.pragma_function_list').map(fold)),
    modules: new Set(names('SELECT name FROM temp.pragma_module_list').map(fold)),
  };
}

/** Reads what the guard must know of the file besides. */
export function catalogOf(connection: Connection, library: Library): Catalog {
  const virtual = connection
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM main.sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'",
    )
    .all();
  return {
    ...library,
    virtualTables: new Map(virtual.map(({ name, sql }) => [fold(name), readDefinition(sql).module ?? ''])),
  };
}
