import type { User } from '../../../serve/accounts/user.ts';

/** A user in a line: name, roles, and what they are held to. */
export function describedUser(user: User): string {
  const { name, roles, databases, profiles, hide, rowLimit, dollars, issuer, disabled, seen } = user;
  const bounds = [
    databases === null ? '' : `databases ${databases.join(', ') || 'none'}`,
    profiles === null ? '' : `profiles ${profiles.join(', ') || 'none'}`,
    hide.length === 0 ? '' : `hidden ${hide.join(', ')}`,
    rowLimit === null ? '' : `at most ${rowLimit} rows`,
    dollars === null ? '' : `at most $${dollars} a day`,
    issuer === null ? '' : `signs in at ${issuer}`,
    disabled ? 'disabled' : '',
    seen === null ? 'never signed in' : `signed in last on ${new Date(seen).toISOString().slice(0, 10)}`,
  ];
  return `${name}  ${roles.join(', ') || 'no role'}  (${bounds.filter(Boolean).join('; ')})`;
}
