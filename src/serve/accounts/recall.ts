import * as z from 'zod';
import type { Caller } from '../caller.ts';
import type { Accounts } from './accounts.ts';
import { callerOf } from './identity.ts';
import type { Known } from './logins.ts';
import { storedRoles, userColumns, userOf } from './user.ts';

type Stores = Pick<Accounts, 'sql' | 'now'>;

/** So many are looked up by one statement. */
const mostAtOnce = 1000;

/** What users are known by, of those who are not disabled and what has not ended by `$1`. */
const sources = {
  login: `SELECT ${userColumns}, sqlq_login.id AS known_by, sqlq_token.roles AS token_roles
    FROM sqlq_login JOIN sqlq_user ON sqlq_user.id = sqlq_login.user_id
      LEFT JOIN sqlq_token ON sqlq_token.id = sqlq_login.token_id
    WHERE sqlq_user.disabled = 0 AND sqlq_login.expires > $1
      AND (sqlq_token.expires IS NULL OR sqlq_token.expires > $1) AND sqlq_login.id`,
  token: `SELECT ${userColumns}, sqlq_token.id AS known_by, sqlq_token.roles AS token_roles
    FROM sqlq_token JOIN sqlq_user ON sqlq_user.id = sqlq_token.user_id
    WHERE sqlq_user.disabled = 0 AND (sqlq_token.expires IS NULL OR sqlq_token.expires > $1) AND sqlq_token.id`,
  user: `SELECT ${userColumns}, sqlq_user.id AS known_by, NULL AS token_roles
    FROM sqlq_user WHERE sqlq_user.disabled = 0 AND $1 >= sqlq_user.made AND sqlq_user.id`,
} as const;

const storedKnown = z.object({ known_by: z.string(), token_roles: storedRoles.nullable() });

/**
 * What callers who were let in may by now: by what they have signed in by, or as users where that does not count. Null for
 * whom nobody would let in any more.
 */
export async function recall(
  accounts: Stores,
  callers: readonly Caller[],
): Promise<readonly (Caller | null)[]> {
  const known = new Map<string, Known>();
  for (const source of ['login', 'token', 'user'] as const) {
    const ids = [...new Set(callers.filter((caller) => sourceOf(caller) === source).map(idOf))];
    for (let start = 0; start < ids.length; start += mostAtOnce) {
      for (const one of await look(accounts, sources[source], ids.slice(start, start + mostAtOnce))) {
        known.set(one.id, one);
      }
    }
  }
  return callers.map((caller) => {
    const found = known.get(idOf(caller));
    return found === undefined
      ? null
      : { ...callerOf({ known: found, by: 'session' }), by: caller.by, signIn: caller.signIn };
  });
}

function sourceOf({ by, signIn }: Caller): keyof typeof sources {
  if (signIn === null) {
    return 'user';
  }
  return by === 'personal-token' ? 'token' : 'login';
}

function idOf({ id, signIn }: Caller): string {
  return signIn ?? id;
}

async function look({ sql, now }: Stores, source: string, ids: readonly string[]): Promise<readonly Known[]> {
  const places = ids.map((_, index) => `$${index + 2}`).join(', ');
  const rows = await sql.all(`${source} IN (${places})`, now().getTime(), ...ids);
  return rows.map((row) => {
    const { known_by: id, token_roles: roles } = storedKnown.parse(row);
    return { user: userOf(row), id, roles };
  });
}
