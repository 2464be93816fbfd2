import type { Dialect } from '../../../schema/schema.ts';
import type { Rows } from '../wire/connection.ts';
import type { Catalog } from './catalog.ts';
import { sameAscii } from './syntax/names.ts';
import type { SqlMode } from './syntax/sql-mode.ts';

/** What a statement is judged by. */
export interface GuardContext {
  readonly dialect: Dialect;
  /** How the session reads texts and names. */
  readonly mode: SqlMode;
  /** The current database. */
  readonly database: string;
  /** Databases that statements may reach, the current one among them. */
  readonly databases: readonly string[];
  readonly caseSensitive: boolean;
  readonly catalog: Catalog;
  /** Runs a look-up of the guard's own. */
  readonly rows: Rows;
}

/** Both names mean the same database, without a doubt. */
export function isSameDatabase(a: string, b: string, context: GuardContext): boolean {
  return a === b || (!context.caseSensitive && sameAscii(a, b));
}

export function isInformationSchema(database: string): boolean {
  return sameAscii(database, 'information_schema');
}
