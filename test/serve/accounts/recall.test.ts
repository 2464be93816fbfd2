import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endLogin } from '../../../src/serve/accounts/logins.ts';
import { removeToken } from '../../../src/serve/accounts/personal-tokens.ts';
import { recall } from '../../../src/serve/accounts/recall.ts';
import { changeUser, type User } from '../../../src/serve/accounts/user.ts';
import type { Caller } from '../../../src/serve/caller.ts';
import {
  type AccountsServer,
  addTestUser,
  bearer,
  type Clock,
  describeCaller,
  goodPassword,
  send,
  startAccounts,
} from '../../support/accounts-server.ts';
import { type UserPlace, userStores } from '../../support/user-stores.ts';

const hour = 3_600_000;

describe.each(userStores)('those who were let in, with users in $name', ({ make }) => {
  const clock: Clock = { milliseconds: Date.UTC(2026, 10, 2) };
  const seen: Caller[] = [];
  let place: UserPlace;
  let server: AccountsServer;
  let ana: User;

  beforeAll(async () => {
    place = await make();
    server = await startAccounts(place.place, {
      clock,
      describe: (caller) => {
        seen.push(caller);
        return describeCaller(caller);
      },
    });
    ana = await addTestUser(server.accounts, 'ana', { roles: ['ask', 'run'] });
  });
  afterAll(async () => {
    await server.close();
    await place.drop();
  });

  /** Signs ana in by all that there is, and resolves to who that makes her each time. */
  async function signIn() {
    const post = (path: string, body: unknown, headers = {}) => send(server.url, 'POST', path, body, headers);
    const { body: login } = await post('/auth/login', { name: 'ana', password: goodPassword });
    const { body: token } = await post(
      '/auth/tokens',
      { name: 'ci', roles: ['ask'], expires: new Date(clock.milliseconds + hour).toISOString() },
      bearer(login.access_token),
    );
    await post('/auth/session', { name: 'ana', password: goodPassword });
    const session = seen.at(-1);
    const rows = await server.accounts.sql.all(
      "SELECT id FROM sqlq_login WHERE kind = 'tokens' ORDER BY made DESC, id",
    );
    return { login, token, session, rows };
  }

  it('are what they are now: by a session, tokens of two kinds, and as users', async () => {
    const { token, session, rows } = await signIn();
    expect(session?.signIn).toEqual(expect.any(String));
    const caller = session as Caller;
    const by = { ...caller, by: 'access-token', signIn: (rows[0] as { id: string }).id } as const;
    const program = { ...caller, by: 'personal-token', signIn: token.id } as const;
    const user = { ...caller, signIn: null };
    const all = [caller, by, program, user];
    const rolesOf = async () =>
      (await recall(server.accounts, all)).map((one) => (one === null ? null : [...one.roles]));
    const whole = ['ask', 'run'] as const;
    expect(await rolesOf()).toEqual([whole, whole, ['ask'], whole]);
    await changeUser(server.accounts.sql, ana, { roles: ['run'], hide: ['a.b'] });
    expect(await rolesOf()).toEqual([['run'], ['run'], [], ['run']]);
    expect((await recall(server.accounts, all)).map((one) => one?.hide)).toEqual(all.map(() => ['a.b']));
    await changeUser(server.accounts.sql, ana, { roles: whole });
    await endLogin(server.accounts, by.signIn);
    expect(await rolesOf()).toEqual([whole, null, ['ask'], whole]);
    clock.milliseconds += 2 * hour;
    expect(await rolesOf()).toEqual([whole, null, null, whole]);
    clock.milliseconds -= 2 * hour;
    await removeToken(server.accounts, ana, token.id);
    expect(await rolesOf()).toEqual([whole, null, null, whole]);
    await changeUser(server.accounts.sql, ana, { disabled: true });
    expect(await rolesOf()).toEqual([null, null, null, null]);
    await changeUser(server.accounts.sql, ana, { disabled: false });
  });

  it('are looked up many at once, and nobody for an id that nobody has', async () => {
    const some = Array.from({ length: 2500 }, (_, index) => ({ id: `nobody-${index}` }));
    const [first] = seen;
    const callers = some.map(({ id }): Caller => ({ ...(first as Caller), id, signIn: null }));
    const found = await recall(server.accounts, [...callers, { ...(first as Caller), signIn: null }]);
    expect(found.slice(0, -1).every((one) => one === null)).toBe(true);
    expect(found.at(-1)).toMatchObject({ name: 'ana' });
  });
});
