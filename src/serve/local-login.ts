import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { type Cookie, cookieNamed, withCookies } from './accounts/cookie.ts';
import { isSame, sealOf } from './accounts/secrets.ts';
import { methodsReplySchema, sessionReplySchema, sessionRequestSchema } from './api/auth.ts';
import type { Me } from './api/me.ts';
import { type Caller, type Role, roles } from './caller.ts';
import { HttpError } from './http-error.ts';
import type { Login } from './login.ts';

const caller: Caller = {
  id: 'local',
  name: 'local',
  roles: new Set<Role>(roles),
  databases: null,
  profiles: null,
  hide: [],
  rowLimit: null,
  dollars: null,
  by: 'local',
  signIn: null,
};

const readOnly: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const day = 24 * 60 * 60;

/**
 * Lets in whoever has one token: it was printed for the user of this machine, who may do everything. A page gives it for a
 * cookie, which is made of it: all workers know it, and it ends with the server.
 */
export function localLogin(token: string, describe: (caller: Caller) => Me): Login {
  let cookie: Cookie | null = null;
  const session = sealOf(token, 'session', '');
  const csrf = sealOf(token, 'csrf', '');
  const hasSession = (headers: IncomingHttpHeaders): boolean => {
    const given = cookie?.read(headers) ?? null;
    return given !== null && isSame(given, session);
  };
  const isOwn = (headers: IncomingHttpHeaders): boolean => {
    const given = headers['x-csrf-token'];
    return typeof given === 'string' && isSame(given, csrf);
  };
  return {
    async authenticate({ headers, method }) {
      if (headers.authorization !== undefined) {
        const [, given] = /^Bearer +(\S+)$/iu.exec(headers.authorization) ?? [];
        return given !== undefined && isSame(given, token) ? caller : null;
      }
      return hasSession(headers) && (readOnly.has(method) || isOwn(headers)) ? caller : null;
    },
    recall: async (callers) => callers,
    async register(app) {
      await app.register(async (scope: FastifyInstance) => {
        await withCookies(scope);
        const own = cookieNamed(scope, 'sqlq', false);
        cookie = own;
        scope.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
        const typed = scope.withTypeProvider<ZodTypeProvider>();
        const config = { isPublic: true };
        typed.get(
          '/auth/methods',
          { config, schema: { response: { 200: methodsReplySchema } } },
          async () => ({ password: false, token: true, oidc: null, registration: false }),
        );
        typed.post(
          '/auth/session',
          { config, schema: { body: sessionRequestSchema, response: { 200: sessionReplySchema } } },
          async ({ body, headers }, reply) => {
            if (!('token' in body && isSame(body.token, token))) {
              throw new HttpError('unauthorized', 'This is not the token that sqlq serve has printed.');
            }
            reply.header('set-cookie', own.keep(headers, session, day));
            return { csrf, me: describe(caller) };
          },
        );
        typed.get(
          '/auth/session',
          { config, schema: { response: { 200: sessionReplySchema } } },
          async ({ headers }) => {
            if (!hasSession(headers)) {
              throw new HttpError('unauthorized', 'Sign in first.');
            }
            return { csrf, me: describe(caller) };
          },
        );
        typed.delete('/auth/session', async ({ headers }, reply) =>
          reply.header('set-cookie', own.drop(headers)).code(204).send(),
        );
      });
    },
    async close() {},
  };
}
