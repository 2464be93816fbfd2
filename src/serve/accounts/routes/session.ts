import { type SessionReply, sessionReplySchema, sessionRequestSchema } from '../../api/auth.ts';
import { HttpError } from '../../http-error.ts';
import { callerOf, csrfOf } from '../identity.ts';
import { beginLogin, endLogin, type Known } from '../logins.ts';
import { tokenOwner } from '../personal-tokens.ts';
import { signIn } from '../sign-in.ts';
import { type Asked, identityOf, type RouteParts, recordOf, type TypedApp } from './parts.ts';

/** How long a browser keeps the cookie of a session. */
export const sessionSeconds = 7 * 24 * 60 * 60;

/** `/auth/session`: what a page is signed in by. */
export function sessionRoutes(app: TypedApp, parts: RouteParts): void {
  const { accounts, cookie, describe } = parts;
  const replyFor = (known: Known): SessionReply => ({
    csrf: csrfOf(accounts, known),
    me: describe(callerOf({ known, by: 'session' })),
  });

  app.post(
    '/auth/session',
    {
      config: { isPublic: true },
      schema: { body: sessionRequestSchema, response: { 200: sessionReplySchema } },
    },
    async (request, reply) => {
      const { body } = request;
      const { known, secret } =
        'token' in body
          ? await begunByToken(parts, request, body.token)
          : await begunByPassword(parts, request, body);
      accounts.observe.login('ok');
      reply.header('set-cookie', cookie.keep(request.headers, secret, sessionSeconds));
      return replyFor(known);
    },
  );

  app.get(
    '/auth/session',
    { config: { isPublic: true }, schema: { response: { 200: sessionReplySchema } } },
    async (request) => {
      const { known, by } = await identityOf(parts, request);
      if (by !== 'session') {
        throw new HttpError('unauthorized', 'No page is signed in by this.');
      }
      return replyFor(known);
    },
  );

  app.delete('/auth/session', { config: { isPublic: true } }, async (request, reply) => {
    const { known, by } = await identityOf(parts, request);
    await endLogin(accounts, known.id);
    await recordOf(parts, request, { user: known.user, by }, { action: 'logout' });
    return reply.header('set-cookie', cookie.drop(request.headers)).code(204).send();
  });
}

/** A session that has begun. */
interface Begun {
  readonly known: Known;
  readonly secret: string;
}

async function begunByPassword(
  parts: RouteParts,
  request: Asked,
  body: { readonly name: string; readonly password: string },
): Promise<Begun> {
  const { accounts } = parts;
  const user = await signIn(accounts, { ...body, ip: request.ip, requestId: request.id });
  await recordOf(parts, request, { user, by: 'session' }, { action: 'login' });
  const { id, secret } = await beginLogin(accounts, user, 'session');
  return { known: { user, id, roles: null }, secret };
}

async function begunByToken(parts: RouteParts, request: Asked, token: string): Promise<Begun> {
  const { accounts } = parts;
  const owner = await tokenOwner(accounts, token);
  if (owner === null) {
    accounts.observe.login('failed');
    throw new HttpError('unauthorized', 'The token is none, or does not hold any more.');
  }
  const { user, roles } = owner;
  await recordOf(parts, request, { user, by: 'session' }, { action: 'login', about: 'by a personal token' });
  const { id, secret } = await beginLogin(accounts, user, 'session', owner.id);
  return { known: { user, id, roles }, secret };
}
