import { isPostgresUrl } from '../../../config/users.ts';
import { openPostgresUsers } from './postgres.ts';
import type { Sql } from './sql.ts';
import { openSqliteUsers } from './sqlite.ts';

/** Opens the database of users that a file's path or a URL of PostgreSQL names. Rejects with a SqlqError `failed`. */
export function openUsers(place: string): Promise<Sql> {
  return isPostgresUrl(place) ? openPostgresUsers(place) : openSqliteUsers(place);
}
