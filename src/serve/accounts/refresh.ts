import * as z from 'zod';
import type { Accounts } from './accounts.ts';
import { beginLogin, endLogin, type Known, loginOf } from './logins.ts';
import { hashOf, newSecret } from './secrets.ts';
import type { User } from './user.ts';

/** After so long a refresh token that was used is forgotten; whoever shows it then is nobody, as with any other text. */
const usedKept = 7 * 24 * 60 * 60_000;

/** What somebody goes on with who has no password at hand. */
export interface RefreshToken {
  readonly login: string;
  readonly secret: string;
}

/** Begins a family of refresh tokens, each of which is good for one use. */
export async function beginFamily(accounts: Accounts, user: User): Promise<RefreshToken> {
  const { id } = await beginLogin(accounts, user, 'tokens');
  return next(accounts, id);
}

const stored = z.object({ login_id: z.string() });

/**
 * The next refresh token of a family, and whose it is; null where the token is none, or nobody's any more. One that was
 * used before has been stolen, now or then: that ends the family.
 */
export async function rotate(
  accounts: Accounts,
  secret: string,
): Promise<{ readonly known: Known; readonly token: RefreshToken } | null> {
  const { sql, now } = accounts;
  const time = now().getTime();
  const hash = hashOf(secret);
  const [used] = await sql.all(
    'UPDATE sqlq_refresh SET used = $2 WHERE hash = $1 AND used IS NULL RETURNING login_id',
    hash,
    time,
  );
  if (used === undefined) {
    const [again] = await sql.all('SELECT login_id FROM sqlq_refresh WHERE hash = $1', hash);
    if (again !== undefined) {
      await endLogin(accounts, stored.parse(again).login_id);
    }
    return null;
  }
  const { login_id: login } = stored.parse(used);
  const known = await loginOf(accounts, login);
  if (known === null) {
    return null;
  }
  try {
    return { known, token: await next(accounts, login) };
  } catch (error) {
    // Whoever shows the same token beside this one has ended the family meanwhile.
    if ((await loginOf(accounts, login)) === null) {
      return null;
    }
    throw error;
  }
}

/** Ends the family of a refresh token, used or not. */
export async function endFamily(accounts: Accounts, secret: string): Promise<void> {
  const [row] = await accounts.sql.all('SELECT login_id FROM sqlq_refresh WHERE hash = $1', hashOf(secret));
  if (row !== undefined) {
    await endLogin(accounts, stored.parse(row).login_id);
  }
}

async function next({ sql, now }: Accounts, login: string): Promise<RefreshToken> {
  const time = now().getTime();
  const secret = newSecret();
  await sql.change('DELETE FROM sqlq_refresh WHERE login_id = $1 AND used < $2', login, time - usedKept);
  await sql.change(
    'INSERT INTO sqlq_refresh (hash, login_id, made) VALUES ($1, $2, $3)',
    hashOf(secret),
    login,
    time,
  );
  return { login, secret };
}
