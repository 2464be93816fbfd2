import {
  loginRequestSchema,
  logoutRequestSchema,
  refreshRequestSchema,
  type TokensReply,
  tokensReplySchema,
} from '../../api/auth.ts';
import { HttpError } from '../../http-error.ts';
import { accessSeconds } from '../access-tokens.ts';
import { accessUse } from '../identity.ts';
import { endLogin, endLogins } from '../logins.ts';
import { beginFamily, endFamily, type RefreshToken, rotate } from '../refresh.ts';
import { signIn } from '../sign-in.ts';
import { identityOf, type RouteParts, recordOf, type TypedApp } from './parts.ts';

/** The longest form that a name and a password need. */
const longestForm = 8_192;

/** `POST /auth/login`, `/auth/refresh` and `/auth/logout`: tokens for programs. */
export function tokenRoutes(app: TypedApp, parts: RouteParts): void {
  const { accounts, texts } = parts;
  const tokensFor = ({ login, secret }: RefreshToken): TokensReply => ({
    access_token: texts.sign(accessUse, { login }, accessSeconds),
    token_type: 'Bearer',
    expires_in: accessSeconds,
    refresh_token: secret,
  });

  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: longestForm },
    async (_request: unknown, body: string | Buffer) => passwordGrant(String(body)),
  );

  app.post(
    '/auth/login',
    {
      config: { isPublic: true },
      schema: { body: loginRequestSchema, response: { 200: tokensReplySchema } },
    },
    async (request) => {
      const user = await signIn(accounts, { ...request.body, ip: request.ip, requestId: request.id });
      await recordOf(parts, request, { user, by: 'access-token' }, { action: 'login' });
      accounts.observe.login('ok');
      return tokensFor(await beginFamily(accounts, user));
    },
  );

  app.post(
    '/auth/refresh',
    {
      config: { isPublic: true },
      schema: { body: refreshRequestSchema, response: { 200: tokensReplySchema } },
    },
    async (request) => {
      const next = await rotate(accounts, request.body.refresh_token);
      if (next === null) {
        throw new HttpError('unauthorized', 'The refresh token is not valid any more.', {
          hint: 'Sign in again.',
        });
      }
      return tokensFor(next.token);
    },
  );

  app.post(
    '/auth/logout',
    { config: { isPublic: true }, schema: { body: logoutRequestSchema } },
    async (request, reply) => {
      const { refresh_token: token, everywhere } = request.body ?? {};
      if (token !== undefined && everywhere !== true) {
        await endFamily(accounts, token);
        return reply.code(204).send();
      }
      const { known, by } = await identityOf(parts, request);
      if (everywhere === true) {
        await endLogins(accounts, known.user);
      } else {
        await endLogin(accounts, known.id);
      }
      const about = everywhere === true ? 'everywhere' : null;
      await recordOf(parts, request, { user: known.user, by }, { action: 'logout', about });
      return reply.code(204).send();
    },
  );
}

/** The form of OAuth 2's password grant (RFC 6749, 4.3.2) as the JSON that stands for the same. */
function passwordGrant(body: string): unknown {
  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== 'password') {
    throw new HttpError('forbidden', 'Of the forms of OAuth 2 there is grant_type=password alone.');
  }
  return { name: form.get('username') ?? '', password: form.get('password') ?? '' };
}
