import Database from 'better-sqlite3';
import type { ValueIndex } from '../../src/model/model.ts';
import type { Schema, Table } from '../../src/schema/schema.ts';

/** Queries that return more rows are not looked at further. */
export const mostRows = 20_000;

/** A SQLite file opened for training: its schema as the program would introspect it, its values, its rows. */
export interface TrainingDatabase {
  readonly name: string;
  readonly schema: Schema;
  readonly values: ValueIndex;
  /** The rows of a query, at most one more than `mostRows`. */
  rows(sql: string): unknown[][];
}

interface ColumnRow {
  name: string;
  type: string;
  notnull: number;
  pk: number;
  hidden: number;
}
interface KeyRow {
  id: number;
  seq: number;
  table: string;
  from: string;
  to: string | null;
}

export function openTrainingDatabase(name: string, file: string): TrainingDatabase {
  const database = new Database(file, { readonly: true });
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const names = database
    .prepare<[], { name: string; type: string }>(
      `SELECT name, type FROM sqlite_master WHERE type IN ('table','view') AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .all();
  const tables: Table[] = names.map(({ name: table, type }) => {
    const columns = database.prepare<[], ColumnRow>(`PRAGMA table_xinfo(${quote(table)})`).all();
    const keys = database.prepare<[], KeyRow>(`PRAGMA foreign_key_list(${quote(table)})`).all();
    const byId = new Map<number, KeyRow[]>();
    for (const key of keys) {
      byId.set(key.id, [...(byId.get(key.id) ?? []), key]);
    }
    return {
      schema: 'main',
      name: table,
      kind: type === 'view' ? 'view' : 'table',
      comment: null,
      rowEstimate: null,
      columns: columns.map((column) => ({
        name: column.name,
        type: column.type,
        nullable: column.notnull === 0,
        default: null,
        identity: false,
        generated: null,
        comment: null,
        values: null,
      })),
      primaryKey: columns
        .filter((column) => column.pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map((column) => column.name),
      uniqueKeys: [],
      foreignKeys: [...byId.values()].map((list) => {
        const sorted = list.sort((a, b) => a.seq - b.seq);
        return {
          columns: sorted.map((key) => key.from),
          references: {
            schema: 'main',
            table: sorted[0]?.table ?? '',
            columns: sorted.flatMap((key) => key.to ?? []),
          },
        };
      }),
      checks: [],
      traits: [],
    };
  });
  const cache = new Map<string, readonly string[] | null>();
  return {
    name,
    schema: {
      dialect: { engine: 'sqlite', product: 'SQLite', version: '3' },
      database: name,
      searchPath: ['main'],
      tables,
    },
    values: {
      valuesOf(_schema, table, column) {
        const key = `${table}\0${column}`;
        const known = cache.get(key);
        if (known !== undefined) {
          return known;
        }
        const rows = database
          .prepare<[], { v: unknown }>(
            `SELECT DISTINCT ${quote(column)} AS v FROM ${quote(table)} WHERE ${quote(column)} IS NOT NULL LIMIT 10001`,
          )
          .all();
        const list =
          rows.length > 10000
            ? null
            : rows.filter((row) => !Buffer.isBuffer(row.v)).map((row) => String(row.v));
        cache.set(key, list);
        return list;
      },
    },
    rows(sql) {
      const rows: unknown[][] = [];
      for (const row of database.prepare<[], unknown[]>(sql).raw().iterate()) {
        rows.push(row);
        if (rows.length > mostRows) {
          break;
        }
      }
      return rows;
    },
  };
}
