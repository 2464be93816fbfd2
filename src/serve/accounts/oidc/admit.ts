import { HttpError } from '../../http-error.ts';
import type { Accounts } from '../accounts.ts';
import { addUser, changeUser, findSubject, findUser, isUserName, type User, usualRights } from '../user.ts';
import type { Claims } from './provider.ts';
import type { OidcSettings } from './settings.ts';

/**
 * The user of somebody whom a provider has signed in: the one of its subject, never one of the same name or address, which
 * others may come to have. One is made at the first sign-in where the settings let them in. Rejects with an HttpError
 * `forbidden` where they do not, or the user is disabled.
 */
export async function admit(
  { sql, now }: Pick<Accounts, 'sql' | 'now'>,
  claims: Claims,
  { domains, groups }: Pick<OidcSettings, 'domains' | 'groups'>,
): Promise<User> {
  const mine = claims.groups.filter((group) => groups.has(group));
  const roles = [...new Set(mine.flatMap((group) => groups.get(group) ?? []))];
  const domain = claims.email?.split('@').at(-1) ?? null;
  const isOfDomain = domain !== null && domains.includes(domain);
  const found = await findSubject(sql, claims.issuer, claims.subject);
  if (found?.disabled === true || (mine.length === 0 && !isOfDomain)) {
    throw new HttpError('forbidden', 'You are not among those who may sign in here.');
  }
  if (found === null) {
    const name = await freeName(sql, claims);
    const { issuer, subject } = claims;
    const rights = { ...usualRights, ...(mine.length > 0 ? { roles } : {}) };
    return addUser(sql, { name, password: null, issuer, subject, ...rights }, now());
  }
  if (mine.length > 0) {
    await changeUser(sql, found, { roles });
    return { ...found, roles };
  }
  // Whoever had roles by a group that they have left loses them; what an admin has given to others stays.
  if (groups.size > 0) {
    await changeUser(sql, found, { roles: usualRights.roles });
    return { ...found, roles: usualRights.roles };
  }
  return found;
}

/** A name that nobody has. Rejects with an HttpError `conflict` where somebody has what the provider says. */
async function freeName(sql: Accounts['sql'], { email, username, issuer, subject }: Claims): Promise<string> {
  const candidates = [email, username, `${subject}@${new URL(issuer).hostname}`];
  const name = candidates.find((candidate) => candidate !== null && isUserName(candidate));
  if (name === undefined || name === null) {
    throw new HttpError('forbidden', 'The provider says nothing that could be your name here.');
  }
  if ((await findUser(sql, name)) !== null) {
    throw new HttpError('conflict', 'Somebody else is called like you here.', {
      hint: 'Ask an admin to give that user another name, or to remove it.',
    });
  }
  return name;
}
