import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { requireLogin } from '../../src/serve/access.ts';
import { type Accounts, createAccounts } from '../../src/serve/accounts/accounts.ts';
import { type AccountOptions, accountLogin } from '../../src/serve/accounts/login.ts';
import { hashPassword } from '../../src/serve/accounts/password.ts';
import { openUsers } from '../../src/serve/accounts/store/open.ts';
import { addUser, type GivenRights, rightsOf, type User } from '../../src/serve/accounts/user.ts';
import type { Me } from '../../src/serve/api/me.ts';
import type { AuditEntry } from '../../src/serve/audit/audit.ts';
import type { Caller } from '../../src/serve/caller.ts';
import { sendError, toldOf } from '../../src/serve/http/errors.ts';
import type { Login } from '../../src/serve/login.ts';
import { unobserved } from '../../src/serve/observe.ts';

/** A clock that a test moves on. */
export interface Clock {
  milliseconds: number;
}

/** An instance of the service that only knows people: its HTTP is real. */
export interface AccountsServer {
  readonly url: string;
  readonly accounts: Accounts;
  readonly audited: AuditEntry[];
  readonly outcomes: string[];
  close(): Promise<void>;
}

/** What a caller is told of themselves where nothing is served. */
export const describeCaller = (caller: Caller): Me => ({
  name: caller.name,
  roles: [...caller.roles],
  databases: [...(caller.databases ?? [])],
  profiles: caller.profiles === null ? null : [...caller.profiles],
  rowLimit: caller.rowLimit,
  by: caller.by,
  hasPassword: caller.by !== 'local' && caller.isElsewhere !== true,
  version: '0.0.0',
  writable: false,
});

/** Routes that say who calls, and what needs a role. */
export async function serveLogin(
  login: Login,
  port = 0,
): Promise<{ readonly url: string; readonly app: FastifyInstance }> {
  const app = fastify({ trustProxy: true });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const told = toldOf(error);
    if (told.isBug) {
      console.error(error);
    }
    return sendError(request, reply, told, (text) => text);
  });
  requireLogin(app, login);
  await login.register(app);
  app.get('/v1/me', async ({ caller }) => (caller === null ? null : describeCaller(caller)));
  app.post('/v1/change', async () => ({ changed: true }));
  app.post('/v1/run', { config: { role: 'run' } }, async () => ({ ran: true }));
  return { url: await app.listen({ port, host: '127.0.0.1' }), app };
}

/** Starts an instance on a place for users. */
export async function startAccounts(
  place: string,
  options: Partial<AccountOptions> & { readonly clock?: Clock } = {},
  port = 0,
): Promise<AccountsServer> {
  const audited: AuditEntry[] = [];
  const outcomes: string[] = [];
  const { clock, ...given } = options;
  const accounts = await createAccounts({
    sql: await openUsers(place),
    cost: cheapCost,
    now: () => new Date(clock?.milliseconds ?? Date.now()),
    audit: {
      async record(entry) {
        audited.push(entry);
      },
      async close() {},
    },
    observe: { ...unobserved, login: (outcome) => void outcomes.push(outcome) },
  });
  const login = accountLogin({
    accounts,
    describe: describeCaller,
    registration: false,
    secure: false,
    oidc: null,
    ...given,
  });
  const { url, app } = await serveLogin(login, port);
  return {
    url,
    accounts,
    audited,
    outcomes,
    async close() {
      await app.close();
      await login.close();
    },
  };
}

/** A hash that takes no time, or a test would be hashing alone. */
export const cheapCost = { ln: 4, r: 8, p: 1 };

/** A password that is long enough. */
export const goodPassword = 'four plain words together';

/** Adds a user who signs in by `goodPassword`. */
export async function addTestUser(
  { sql, now }: Pick<Accounts, 'sql' | 'now'>,
  name: string,
  rights: GivenRights = {},
): Promise<User> {
  const password = await hashPassword(goodPassword, cheapCost);
  return addUser(sql, { name, password, issuer: null, subject: null, ...rightsOf(rights) }, now());
}

/** A reply, read whole. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a reply holds is what a test is about
  readonly body: any;
}

/** Sends a request; an object goes as JSON. */
export async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined || body instanceof URLSearchParams
        ? {}
        : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: body instanceof URLSearchParams ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

/** The header of a token. */
export const bearer = (token: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
});
