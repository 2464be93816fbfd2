import type { Adapter } from './database.ts';
import type { SqlDialect } from './dialect.ts';
import { dialect as duckdb } from './duckdb/dialect.ts';
import { dialect as mysql } from './mysql/dialect.ts';
import { dialect as postgres } from './postgres/dialect.ts';
import { dialect as sqlite } from './sqlite/dialect.ts';
import { dialect as trino } from './trino/dialect.ts';

/** What an engine brings: its dialect, and its adapter, whose driver is loaded when it is asked for. */
interface EngineParts {
  readonly dialect: SqlDialect;
  adapter(): Promise<Adapter>;
}

/** Every engine: a folder and a row here. */
const engines = {
  sqlite: { dialect: sqlite, adapter: async () => (await import('./sqlite/connect.ts')).sqlite },
  postgres: { dialect: postgres, adapter: async () => (await import('./postgres/connect.ts')).postgres },
  mysql: { dialect: mysql, adapter: async () => (await import('./mysql/connect.ts')).mysql },
  duckdb: { dialect: duckdb, adapter: async () => (await import('./duckdb/connect.ts')).duckdb },
  trino: { dialect: trino, adapter: async () => (await import('./trino/connect.ts')).trino },
} as const satisfies Readonly<Record<string, EngineParts>>;

/** The name of an engine. MariaDB speaks MySQL's protocol and is of the engine `mysql`. */
export type Engine = keyof typeof engines;

/** The dialects of all engines. */
export const dialects: readonly SqlDialect[] = Object.values(engines).map(({ dialect }) => dialect);

/** Whether a text is the name of an engine. */
export function isEngine(name: string): name is Engine {
  return Object.hasOwn(engines, name);
}

/** The dialect of an engine; throws an Error where there is no engine of that name. */
export function dialectOf(name: string): SqlDialect {
  return partsOf(name).dialect;
}

/** The adapter of an engine; its driver is loaded only now. */
export function adapterOf(name: string): Promise<Adapter> {
  return partsOf(name).adapter();
}

function partsOf(name: string): EngineParts {
  if (!isEngine(name)) {
    throw new Error(`there is no engine ${name}`);
  }
  return engines[name];
}
