import { access } from 'node:fs/promises';
import { isPostgresUrl } from '../../../config/users.ts';
import { SqlqError } from '../../../errors.ts';
import { type Accounts, createAccounts } from '../../../serve/accounts/accounts.ts';
import { type AccountOptions, accountLogin } from '../../../serve/accounts/login.ts';
import { usualCost } from '../../../serve/accounts/password.ts';
import { openUsers } from '../../../serve/accounts/store/open.ts';
import type { Sql } from '../../../serve/accounts/store/sql.ts';
import { hasUsers } from '../../../serve/accounts/user.ts';
import { localLogin } from '../../../serve/local-login.ts';
import type { Login } from '../../../serve/login.ts';
import type { CommandContext } from '../../context.ts';
import { placeOfUsers } from '../../run/serve-settings.ts';
import type { ListenAddress } from './address.ts';
import { oidcOf } from './oidc.ts';
import type { ServeOptions } from './options.ts';

/** How callers are known, and what whoever starts the server is told of it. */
export interface SignIn {
  readonly login: Login;
  /** A token that lets its holder in, for the address that is printed; null where there are users. */
  readonly token: string | null;
  /** The database of the users; null where there are none. */
  readonly sql: Sql | null;
}

/**
 * Where there are users they sign in; on this machine alone a token does without. Rejects with a SqlqError: `usage` where
 * others can come and nobody could sign in, `failed` where the users can't be read.
 */
export async function openSignIn(
  { host, isLoopback, proxies, tls }: ListenAddress,
  options: ServeOptions,
  context: CommandContext,
  {
    token,
    describe,
    ...rest
  }: Pick<Accounts, 'audit' | 'observe'> &
    Pick<AccountOptions, 'describe'> & {
      /** Lets in whoever has it, where there are no users. */
      readonly token: string;
    },
): Promise<SignIn> {
  const place = placeOfUsers(options.users, context);
  const isNamed = options.users !== undefined || isPostgresUrl(place);
  const isAlone = isLoopback && proxies === 0;
  const registration = options.registration === true;
  const oidc = await oidcOf(options, context, isAlone);
  const isOpen = registration || oidc !== null;
  // A file that is named and not there is not made here: nobody could be in it.
  if (isOpen || isPostgresUrl(place) || (await isThere(place))) {
    const sql = await openUsers(place);
    if (isOpen || (await hasUsers(sql))) {
      const accounts = await createAccounts({ ...rest, sql, now: context.now, cost: usualCost });
      const secure = tls !== null || proxies > 0;
      const login = accountLogin({ accounts, describe, secure, registration, oidc });
      return { login, token: null, sql };
    }
    await sql.close();
  }
  if (isNamed || !isAlone) {
    const why = isAlone
      ? 'Nobody could sign in'
      : `Other machines reach ${host}, and nobody could sign in there`;
    const none =
      isNamed && !isPostgresUrl(place) && !(await isThere(place))
        ? `there is no file of users ${place}`
        : 'there are no users yet';
    throw new SqlqError('usage', `${why}: ${none}.`, {
      hint: `Add one with: sqlq user add NAME${options.users === undefined ? '' : ` --users ${options.users}`}`,
    });
  }
  context.secrets.add(token);
  return { login: localLogin(token, describe), token, sql: null };
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
