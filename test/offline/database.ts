import Database from 'better-sqlite3';
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
