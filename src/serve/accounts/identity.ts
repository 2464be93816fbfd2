import type { Caller } from '../caller.ts';
import type { Credentials } from '../login.ts';
import type { SignedTexts } from './access-tokens.ts';
import type { Accounts } from './accounts.ts';
import type { Cookie } from './cookie.ts';
import { type Known, loginOf, sessionOf } from './logins.ts';
import { tokenOwner, tokenPrefix } from './personal-tokens.ts';
import { isSame, sealOf } from './secrets.ts';

/** What an access token is signed for. */
export const accessUse = 'access';

/** The header in which a page shows that it is the one that signed in. */
const csrfHeader = 'x-csrf-token';
const readOnly: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Somebody who is known, and how they have shown it. */
export interface Identity {
  readonly known: Known;
  readonly by: 'session' | 'access-token' | 'personal-token';
}

export interface IdentityParts {
  readonly accounts: Accounts;
  readonly texts: SignedTexts;
  readonly cookie: Cookie;
}

/** Who makes a request; null for nobody. Whoever sends an `Authorization` is known by that or not at all. */
export async function identify(
  { accounts, texts, cookie }: IdentityParts,
  { headers, method }: Pick<Credentials, 'headers' | 'method'>,
): Promise<Identity | null> {
  if (headers.authorization !== undefined) {
    const [, token] = /^Bearer +([\w.~+/-]+=*)$/iu.exec(headers.authorization) ?? [];
    return token === undefined ? null : byToken(accounts, texts, token);
  }
  const secret = cookie.read(headers);
  const known = secret === null ? null : await sessionOf(accounts, secret);
  if (known === null) {
    return null;
  }
  // A browser sends the cookie along with what another site has it ask for.
  const given = headers[csrfHeader];
  const isOwn = readOnly.has(method) || (typeof given === 'string' && isSame(given, csrfOf(accounts, known)));
  return isOwn ? { known, by: 'session' } : null;
}

async function byToken(accounts: Accounts, texts: SignedTexts, token: string): Promise<Identity | null> {
  if (token.startsWith(tokenPrefix)) {
    const known = await tokenOwner(accounts, token);
    return known === null ? null : { known, by: 'personal-token' };
  }
  const login = texts.read(accessUse, token)?.['login'];
  const known = typeof login === 'string' ? await loginOf(accounts, login) : null;
  return known === null ? null : { known, by: 'access-token' };
}

/** What a page of a session shows with each request that changes something. */
export function csrfOf({ key }: Pick<Accounts, 'key'>, { id }: Pick<Known, 'id'>): string {
  return sealOf(key, 'csrf', id);
}

/** Somebody as the rest of the service knows them. */
export function callerOf({ known: { user, id, roles }, by }: Identity): Caller {
  return {
    id: user.id,
    name: user.name,
    // Never more than the user has by now.
    roles: new Set(user.roles.filter((role) => roles === null || roles.includes(role))),
    databases: user.databases,
    profiles: user.profiles,
    hide: user.hide,
    ...(user.password === null ? { isElsewhere: true as const } : {}),
    rowLimit: user.rowLimit,
    dollars: user.dollars,
    by,
    signIn: id,
  };
}
