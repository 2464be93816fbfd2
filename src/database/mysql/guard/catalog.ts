import type { Rows } from '../wire/connection.ts';
import { fold } from './syntax/names.ts';

/** A stored function, as far as the role may see it. */
export interface StoredFunction {
  readonly database: string;
  readonly name: string;
  /** `NO SQL`, `CONTAINS SQL`, `READS SQL DATA` or `MODIFIES SQL DATA`, as its maker declared. */
  readonly declared: string;
  /** Its code; null where the role may not see it. */
  readonly code: string | null;
  /** The `sql_mode` that it was made with and is read by. */
  readonly mode: string;
  /** Its code is SQL, not JavaScript or a library's. */
  readonly isSql: boolean;
}

/** What the database says of a name that a statement uses as a table. */
export interface TableFacts {
  /** `BASE TABLE`, `VIEW`, `SYSTEM VIEW`, `SEQUENCE` or `SYSTEM VERSIONED`. */
  readonly type: string;
  readonly storageEngine: string;
  /** How many rows the server reckons with; null where it does not. */
  readonly rows: number | null;
  /** The SELECT of a view; null where it is no view, '' where the role may not see it. */
  readonly view: string | null;
}

/** What the guard looks up in the database; each answer is kept until `forget`. */
export interface Catalog {
  /** Facts of `database.table`; null where there is no such table, or the role may not see it. */
  table(database: string, name: string): Promise<TableFacts | null>;
  /** Name and type of each column of a table or view, as `varchar`. */
  columnTypes(database: string, name: string): Promise<readonly (readonly [name: string, type: string])[]>;
  /** All stored functions of that name, in any database. */
  storedFunctions(name: string): Promise<readonly StoredFunction[]>;
  /** The names of a stored function's parameters. */
  parameters(stored: StoredFunction): Promise<readonly string[]>;
  /** Before another statement: somebody may have changed a view or a function since. */
  forget(): void;
}

/** The rest of a condition on the database's name: a gate before several servers knows which is meant by an equality alone. */
export function within(databases: readonly string[]): string {
  // No database has an empty name.
  const [only = '', ...others] = databases;
  return others.length === 0 ? `= ${literal(only)}` : `IN (${databases.map(literal).join(', ')})`;
}

/** A text as a literal of SQL, the same under every sql_mode: of a backslash none agree, but of hexadecimal digits. */
export function literal(text: string): string {
  return text.includes('\\')
    ? `_utf8mb4 X'${Buffer.from(text).toString('hex')}'`
    : `'${text.replaceAll("'", "''")}'`;
}

export function openCatalog(rows: Rows): Catalog {
  const tables = new Map<string, TableFacts | null>();
  const types = new Map<string, readonly (readonly [name: string, type: string])[]>();
  let functions: Map<string, StoredFunction[]> | null = null;
  return {
    async table(database, name) {
      const key = JSON.stringify([database, name]);
      const known = tables.get(key);
      if (known !== undefined) {
        return known;
      }
      const where = `TABLE_SCHEMA = ${literal(database)} AND TABLE_NAME = ${literal(name)}`;
      const [row] = await rows(
        `SELECT TABLE_TYPE, COALESCE(ENGINE, ''), TABLE_ROWS FROM information_schema.TABLES WHERE ${where}`,
      );
      const [type, storageEngine, count] = row ?? [];
      const [view] =
        type === 'VIEW'
          ? await rows(`SELECT VIEW_DEFINITION FROM information_schema.VIEWS WHERE ${where}`)
          : [];
      const facts: TableFacts | null = type
        ? {
            type,
            storageEngine: storageEngine ?? '',
            rows: count === null || count === undefined ? null : Number(count),
            view: type === 'VIEW' ? (view?.[0] ?? '') : null,
          }
        : null;
      tables.set(key, facts);
      return facts;
    },
    async columnTypes(database, name) {
      const key = JSON.stringify([database, name]);
      const known = types.get(key);
      if (known !== undefined) {
        return known;
      }
      const found = await rows(
        `SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${literal(database)} AND TABLE_NAME = ${literal(name)}`,
      );
      const columns = found.map(([column, type]) => [column ?? '', type ?? ''] as const);
      types.set(key, columns);
      return columns;
    },
    async storedFunctions(name) {
      functions ??= await readFunctions(rows);
      return functions.get(fold(name)) ?? [];
    },
    async parameters({ database, name }) {
      const found = await rows(
        `SELECT PARAMETER_NAME FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA = ${literal(database)} AND SPECIFIC_NAME = ${literal(name)} AND ROUTINE_TYPE = 'FUNCTION' AND ORDINAL_POSITION > 0`,
      );
      return found.map(([parameter]) => parameter ?? '');
    },
    forget() {
      tables.clear();
      types.clear();
      functions = null;
    },
  };
}

async function readFunctions(read: Rows): Promise<Map<string, StoredFunction[]>> {
  const rows = await read(
    "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, SQL_DATA_ACCESS, ROUTINE_DEFINITION, SQL_MODE, ROUTINE_BODY FROM information_schema.ROUTINES WHERE ROUTINE_TYPE <> 'PROCEDURE'",
  );
  const functions = new Map<string, StoredFunction[]>();
  for (const [database, name, declared, code, mode, body] of rows) {
    if (!database || !name) {
      continue;
    }
    const key = fold(name);
    const same = functions.get(key) ?? [];
    same.push({
      database,
      name,
      declared: declared ?? '',
      code: code ?? null,
      mode: mode ?? '',
      isSql: body === 'SQL',
    });
    functions.set(key, same);
  }
  return functions;
}

/** A name between backticks. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
