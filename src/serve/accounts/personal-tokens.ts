import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Role } from '../caller.ts';
import type { Accounts } from './accounts.ts';
import type { Known } from './logins.ts';
import { hashOf, newSecret } from './secrets.ts';
import { storedRoles, type User, userColumns, userOf } from './user.ts';

/** What a personal token begins with, so that one that was left lying about is found. */
export const tokenPrefix = 'sqlq_';

const seenEvery = 60_000;

/** A token that a user has made for a program of theirs. */
export interface StoredToken {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly made: number;
  /** When it was used last. */
  readonly seen: number | null;
  readonly expires: number | null;
}

const stored = z.object({
  id: z.string(),
  name: z.string(),
  roles: storedRoles,
  made: z.number(),
  seen: z.number().nullable(),
  expires: z.number().nullable(),
});

const columns = ['id', 'name', 'roles', 'made', 'seen', 'expires']
  .map((column) => `sqlq_token.${column}`)
  .join(', ');

type Stores = Pick<Accounts, 'sql' | 'now'>;

/** Makes a token, which is told this once. What its roles are worth follows its user's, who may lose some. */
export async function addToken(
  { sql, now }: Stores,
  user: Pick<User, 'id'>,
  wanted: { readonly name: string; readonly roles: readonly Role[]; readonly expires: Date | null },
): Promise<StoredToken & { readonly token: string }> {
  const token = `${tokenPrefix}${newSecret()}`;
  const [row] = await sql.all(
    `INSERT INTO sqlq_token (id, user_id, name, hash, roles, made, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)
     RETURNING ${columns}`,
    randomUUID(),
    user.id,
    wanted.name,
    hashOf(token),
    JSON.stringify(wanted.roles),
    now().getTime(),
    wanted.expires?.getTime() ?? null,
  );
  return { ...stored.parse(row), token };
}

/** The tokens of a user, the oldest first. */
export async function listTokens(
  { sql }: Pick<Accounts, 'sql'>,
  { id }: Pick<User, 'id'>,
): Promise<readonly StoredToken[]> {
  const rows = await sql.all(`SELECT ${columns} FROM sqlq_token WHERE user_id = $1 ORDER BY made, id`, id);
  return rows.map((row) => stored.parse(row));
}

/** Takes a token of a user back, with the sessions that were begun by it; whether there was one. */
export async function removeToken(
  { sql }: Pick<Accounts, 'sql'>,
  user: Pick<User, 'id'>,
  token: string,
): Promise<boolean> {
  return (await sql.change('DELETE FROM sqlq_token WHERE user_id = $1 AND id = $2', user.id, token)) > 0;
}

const storedKnown = z.object({ token: z.string(), token_roles: storedRoles });

/** Who has a token; null for nobody. */
export async function tokenOwner({ sql, now }: Stores, token: string): Promise<Known | null> {
  const time = now().getTime();
  const [row] = await sql.all(
    `SELECT ${userColumns}, sqlq_token.id AS token, sqlq_token.roles AS token_roles
     FROM sqlq_token JOIN sqlq_user ON sqlq_user.id = sqlq_token.user_id
     WHERE sqlq_token.hash = $1 AND (sqlq_token.expires IS NULL OR sqlq_token.expires > $2) AND sqlq_user.disabled = 0`,
    hashOf(token),
    time,
  );
  if (row === undefined) {
    return null;
  }
  const { token: id, token_roles: roles } = storedKnown.parse(row);
  await sql.change(
    'UPDATE sqlq_token SET seen = $2 WHERE id = $1 AND (seen IS NULL OR seen < $3)',
    id,
    time,
    time - seenEvery,
  );
  return { user: userOf(row), id, roles };
}
