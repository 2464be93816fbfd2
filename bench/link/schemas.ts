import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { adapterOf } from '../../src/database/engines.ts';
import type { Schema, Table } from '../../src/schema/schema.ts';
import { readFacts } from '../wide.ts';

const never = new AbortController().signal;

/** Many schemas as one, and where the tables of each have gone. */
export interface MergedSchema {
  readonly schema: Schema;
  /** The name in the merged schema of a table of one database. */
  nameOf(database: string, table: string): string | null;
}

/**
 * One database made of all SQLite files of some folders. A name that several have gets the database's before it, so that
 * no name tells more than it has to.
 */
export async function mergedSchema(folders: readonly string[]): Promise<MergedSchema> {
  const adapter = await adapterOf('sqlite');
  const parts: { readonly database: string; readonly tables: readonly Table[] }[] = [];
  for (const folder of folders) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.sqlite'))) {
      const options = { access: 'read', timeoutMilliseconds: 30_000, hide: [] } as const;
      const opened = await adapter.open({ engine: 'sqlite', path: join(folder, file) }, options, never);
      const { tables } = await opened.introspect({ schemas: [], include: [], exclude: [] }, never);
      await opened.close();
      parts.push({
        database: basename(file, '.sqlite'),
        tables: tables.filter(({ kind }) => kind === 'table'),
      });
    }
  }
  const counts = new Map<string, number>();
  for (const { tables } of parts) {
    for (const { name } of tables) {
      counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
    }
  }
  const rename = (database: string, name: string): string =>
    (counts.get(name.toLowerCase()) ?? 0) > 1 ? `${database}_${name}` : name;
  const tables = parts.flatMap(({ database, tables: own }) =>
    own.map((table) => ({
      ...table,
      name: rename(database, table.name),
      foreignKeys: table.foreignKeys.map((key) => ({
        ...key,
        references: { ...key.references, table: rename(database, key.references.table) },
      })),
    })),
  );
  const known = new Map(
    parts.flatMap(({ database, tables: own }) =>
      own.map(({ name }) => [`${database} ${name.toLowerCase()}`, rename(database, name)] as const),
    ),
  );
  return {
    schema: {
      dialect: { engine: 'sqlite', product: 'SQLite', version: '3.50.0' },
      database: 'merged',
      searchPath: ['main'],
      tables: tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    },
    nameOf: (database, table) => known.get(`${database} ${table.toLowerCase()}`) ?? null,
  };
}

/** A real wide schema without rows, from its facts. */
export function factsSchema(name: string): Schema {
  return {
    dialect: { engine: 'postgres', product: 'PostgreSQL', version: '17.0' },
    database: name,
    searchPath: ['public'],
    tables: readFacts(name)
      .map(
        ({ table, comment = null, columns, primaryKey, foreignKeys }): Table => ({
          schema: 'public',
          name: table,
          kind: 'table',
          comment,
          rowEstimate: null,
          columns: columns.map((column) => ({
            name: column.name,
            type: column.type,
            nullable: column.nullable,
            default: null,
            identity: false,
            generated: null,
            comment: column.comment ?? null,
            values: null,
          })),
          primaryKey: primaryKey ?? [],
          uniqueKeys: [],
          foreignKeys: (foreignKeys ?? []).map((key) => ({
            columns: key.columns,
            references: { schema: 'public', table: key.table, columns: key.references },
          })),
          checks: [],
          traits: [],
        }),
      )
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
