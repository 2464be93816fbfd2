import { z } from 'zod';
import type { Ask } from './ask.ts';
import { fold } from './syntax/names.ts';

/** A macro that somebody has made, one for each number of arguments that it takes. */
export interface Macro {
  readonly name: string;
  readonly isTable: boolean;
  readonly parameters: readonly string[];
  /** An expression, or a query where it gives a table. */
  readonly definition: string;
}

/** A table or view that somebody has made. */
export interface Relation {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  /** The CREATE statement, as the engine writes it. */
  readonly sql: string;
}

/** What the databases of a connection hold, as far as a guard has to know it. */
export interface Catalog {
  readonly relations: readonly Relation[];
  readonly macros: readonly Macro[];
  /** Folded names of all functions that the engine itself has. */
  readonly functions: ReadonlySet<string>;
  /** The engine's own views: the schemas that have one of a folded name. */
  readonly systemViews: ReadonlyMap<string, readonly string[]>;
}

const texts = z.string().transform((json) => z.array(z.string()).parse(JSON.parse(json)));

/** Names and operators of a query of ours are the engine's own, whatever the file holds: all are qualified, or no calls. */
const relationsQuery = `
SELECT database_name, schema_name, table_name, 'table', sql, CAST(internal AS VARCHAR) FROM "system".main.duckdb_tables()
UNION ALL
SELECT database_name, schema_name, view_name, 'view', sql, CAST(internal AS VARCHAR) FROM "system".main.duckdb_views()`;

const macrosQuery = `
SELECT function_name, function_type, CAST("system".main.to_json(parameters) AS VARCHAR), macro_definition
FROM "system".main.duckdb_functions() WHERE NOT internal`;

const functionsQuery = 'SELECT DISTINCT function_name FROM "system".main.duckdb_functions() WHERE internal';

/** What every database has of the engine; `ask` is of an empty one. */
export async function readEngine(ask: Ask): Promise<Pick<Catalog, 'functions' | 'systemViews'>> {
  const functions = await ask(functionsQuery);
  const relations = await ask(relationsQuery);
  return {
    functions: new Set(functions.map(([name]) => fold(name ?? ''))),
    systemViews: schemasByName(relations.filter((row) => row[5] === 'true')),
  };
}

/** What somebody has made; `ask` is of the connection itself. */
export async function readMade(ask: Ask): Promise<Pick<Catalog, 'relations' | 'macros'>> {
  const macros = await ask(macrosQuery);
  const relations = await ask(relationsQuery);
  const own = relations.filter((row) => row[5] !== 'true');
  return {
    relations: own.map(([catalog, schema, name, kind, sql]) => ({
      catalog: catalog ?? '',
      schema: schema ?? '',
      name: name ?? '',
      kind: kind === 'view' ? 'view' : 'table',
      sql: sql ?? '',
    })),
    macros: macros.map(([name, type, parameters, definition]) => ({
      name: name ?? '',
      isTable: type === 'table_macro',
      parameters: texts.parse(parameters ?? '[]'),
      definition: definition ?? '',
    })),
  };
}

function schemasByName(
  rows: readonly (readonly (string | null)[])[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [, schema, name] of rows) {
    found.set(fold(name ?? ''), [...(found.get(fold(name ?? '')) ?? []), schema ?? '']);
  }
  return found;
}
