import { openPostgresUsers } from './postgres.ts';
import type { Sql } from './sql.ts';
import { openSqliteUsers } from './sqlite.ts';

/** Opens the database of users that a file's path or a URL of PostgreSQL names. Rejects with a SqlqError `failed`. */
export function openUsers(place: string): Promise<Sql> {
  return isPostgresUrl(place) ? openPostgresUsers(place) : openSqliteUsers(place);
}

/** Whether users are at a server of PostgreSQL, and not in a file. */
export function isPostgresUrl(place: string): boolean {
  return /^postgres(?:ql)?:\/\//iu.test(place);
}
