import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Role } from '../caller.ts';
import type { Accounts } from './accounts.ts';
import { hashOf, newSecret } from './secrets.ts';
import type { SqlValue } from './store/sql.ts';
import { storedRoles, type User, userColumns, userOf } from './user.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** How long somebody stays signed in, at most and unused. */
const lasts = {
  session: { longest: 7 * day, unused: day },
  tokens: { longest: 30 * day, unused: 30 * day },
} as const;

type LoginKind = keyof typeof lasts;

/** How often at most it is put down that a login is used. */
const seenEvery = minute;

/** Somebody who is signed in. */
export interface Known {
  readonly user: User;
  /** What they are signed in by: a session, a family of refresh tokens, or a personal token. */
  readonly id: string;
  /** The roles of the token that they have signed in by; null for all of theirs. */
  readonly roles: readonly Role[] | null;
}

const storedKnown = z.object({ login: z.string(), token_roles: storedRoles.nullable() });

/** What somebody who signs in does it by. */
export interface NewLogin {
  readonly id: string;
  /** What a cookie holds; of a family of refresh tokens each has its own. */
  readonly secret: string;
}

/** Signs a user in; by a personal token it ends with that. */
export async function beginLogin(
  { sql, now }: Accounts,
  user: User,
  kind: LoginKind,
  token: string | null = null,
): Promise<NewLogin> {
  const time = now().getTime();
  const id = randomUUID();
  const secret = newSecret();
  await sql.change('DELETE FROM sqlq_login WHERE expires <= $1', time);
  await sql.change(
    `INSERT INTO sqlq_login (id, user_id, token_id, kind, hash, made, seen, expires)
     VALUES ($1, $2, $3, $4, $5, $6, $6, $7)`,
    id,
    user.id,
    token,
    kind,
    kind === 'session' ? hashOf(secret) : null,
    time,
    time + lasts[kind].longest,
  );
  await sql.change('UPDATE sqlq_user SET seen = $2 WHERE id = $1', user.id, time);
  return { id, secret };
}

/** Who is signed in by what a cookie holds; null for nobody. */
export function sessionOf(accounts: Accounts, secret: string): Promise<Known | null> {
  return known(accounts, 'session', 'hash', hashOf(secret));
}

/** Who is signed in by the login that an access token names; null for nobody. */
export function loginOf(accounts: Accounts, id: string): Promise<Known | null> {
  return known(accounts, 'tokens', 'id', id);
}

/**
 * Looks anew each time: whoever is disabled or signed out by one instance is nobody to all others at once.
 */
async function known(
  { sql, now }: Accounts,
  kind: LoginKind,
  column: 'id' | 'hash',
  value: SqlValue,
): Promise<Known | null> {
  const time = now().getTime();
  const [row] = await sql.all(
    `SELECT ${userColumns}, sqlq_login.id AS login, sqlq_token.roles AS token_roles
     FROM sqlq_login JOIN sqlq_user ON sqlq_user.id = sqlq_login.user_id
       LEFT JOIN sqlq_token ON sqlq_token.id = sqlq_login.token_id
     WHERE sqlq_login.${column} = $1 AND sqlq_login.kind = $2 AND sqlq_login.expires > $3
       AND sqlq_login.seen > $4 AND sqlq_user.disabled = 0
       AND (sqlq_token.expires IS NULL OR sqlq_token.expires > $3)`,
    value,
    kind,
    time,
    time - lasts[kind].unused,
  );
  if (row === undefined) {
    return null;
  }
  const { login, token_roles: roles } = storedKnown.parse(row);
  await sql.change(
    'UPDATE sqlq_login SET seen = $2 WHERE id = $1 AND seen < $3',
    login,
    time,
    time - seenEvery,
  );
  return { user: userOf(row), id: login, roles };
}

/** Signs out what somebody is signed in by. */
export async function endLogin({ sql }: Pick<Accounts, 'sql'>, id: string): Promise<void> {
  await sql.change('DELETE FROM sqlq_login WHERE id = $1', id);
}

/** Signs a user out everywhere but where `except` says; personal tokens stay. Resolves to how often they were signed in. */
export function endLogins(
  { sql }: Pick<Accounts, 'sql'>,
  { id }: Pick<User, 'id'>,
  except: string | null = null,
): Promise<number> {
  return sql.change('DELETE FROM sqlq_login WHERE user_id = $1 AND id <> $2', id, except ?? '');
}
