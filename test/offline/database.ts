import Database from 'better-sqlite3';
import { sqlite } from '../../src/database/sqlite/connect.ts';
import type { ModelRequest, ValueIndex } from '../../src/model/model.ts';
import type { Schema } from '../../src/schema/schema.ts';

/** Rows in memory: a script run on SQLite, read back as values and by SQL. */
export interface Rows {
  readonly values: ValueIndex;
  run(sql: string): unknown[][];
}

export function rowsOf(script: string): Rows {
  const database = new Database(':memory:');
  database.exec(script);
  const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  return {
    values: {
      valuesOf: (_schema, table, column) =>
        database
          .prepare(`SELECT DISTINCT ${quote(column)} FROM ${quote(table)} WHERE ${quote(column)} IS NOT NULL`)
          .pluck()
          .all()
          .map(String),
    },
    run: (sql) => database.prepare<[], unknown[]>(sql).raw().all(),
  };
}

/** A request as `ask` makes it. */
export function requestOf(question: string, schema: Schema, values: ValueIndex): ModelRequest {
  return { question, schema, messages: [], attempts: [], values: async () => values, onProgress: () => {} };
}

/** A SQLite file as the program knows it: its schema, and the distinct values of its columns. */
export interface OpenedFile {
  readonly schema: Schema;
  readonly values: ValueIndex;
}

export async function openFile(path: string): Promise<OpenedFile> {
  const never = new AbortController().signal;
  const options = { access: 'read', timeoutMilliseconds: 30_000, hide: [] } as const;
  const database = await sqlite.open({ engine: 'sqlite', path }, options, never);
  const schema = await database.introspect({ schemas: [], include: [], exclude: [] }, never);
  const columns = schema.tables.flatMap((table) =>
    table.columns.map((column) => ({ schema: table.schema, table: table.name, column: column.name })),
  );
  const lists = await database.distinctValues(columns, 10_000, never);
  await database.close();
  const known = new Map(columns.map(({ table, column }, at) => [`${table}.${column}`, lists[at] ?? null]));
  return {
    schema,
    values: { valuesOf: (_schema, table, column) => known.get(`${table}.${column}`) ?? null },
  };
}
