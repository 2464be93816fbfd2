import { randomBytes } from 'node:crypto';
import { SqlqError } from '../../../errors.ts';
import { localLogin } from '../../../serve/local-login.ts';
import type { Login } from '../../../serve/login.ts';
import type { CommandContext } from '../../context.ts';
import type { ListenAddress } from './address.ts';

/** How callers are known, and what whoever starts the server is told of it. */
export interface SignIn {
  readonly login: Login;
  /** A token that lets its holder in, for the address that is printed; null where there are users. */
  readonly token: string | null;
}

/** On this machine alone a token does; where others can come there have to be users. Throws a SqlqError `usage`. */
export function openSignIn(
  { host, isLoopback, proxies }: ListenAddress,
  { secrets }: Pick<CommandContext, 'secrets'>,
): SignIn {
  if (!isLoopback || proxies > 0) {
    throw new SqlqError('usage', `Other machines reach ${host}, and nobody could sign in there.`, {
      hint: 'Leave --host and --behind-proxy out to serve this machine alone.',
    });
  }
  const token = randomBytes(24).toString('base64url');
  secrets.add(token);
  return { login: localLogin(token), token };
}
