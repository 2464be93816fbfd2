import * as z from 'zod';
import {
  methodsReplySchema,
  newTokenReplySchema,
  newTokenRequestSchema,
  type PersonalToken,
  passwordRequestSchema,
  personalTokensSchema,
  registerRequestSchema,
} from '../../api/auth.ts';
import { meSchema } from '../../api/me.ts';

import { HttpError, notFound } from '../../http-error.ts';
import { addressKey } from '../../limits/address-key.ts';
import { newHash } from '../accounts.ts';
import { tryOnce } from '../attempts.ts';
import { momentOf, parseExpiry } from '../expiry.ts';
import { callerOf } from '../identity.ts';
import { endLogins } from '../logins.ts';
import { checkPassword } from '../password.ts';
import { addToken, listTokens, removeToken, type StoredToken } from '../personal-tokens.ts';
import { sealOf } from '../secrets.ts';
import { signIn } from '../sign-in.ts';
import { addUser, changeUser, findUser, hasPasswords, userName, usualRights } from '../user.ts';
import { identityOf, ownerOf, type RouteParts, recordOf, type TypedApp } from './parts.ts';

/** New accounts that one address may make before it has to wait. */
const registrations = { free: 5, longestWait: 60 * 60_000, forget: 24 * 60 * 60_000 };

/** Personal tokens that a user may have. */
const mostTokens = 100;

/** What people do about their own accounts. */
export function ownAccountRoutes(app: TypedApp, parts: RouteParts): void {
  const { accounts, describe, registration } = parts;

  app.get('/auth/tokens', { schema: { response: { 200: personalTokensSchema } } }, async (request) => {
    const { known } = await identityOf(parts, request);
    return { tokens: (await listTokens(accounts, known.user)).map(shown) };
  });

  app.post(
    '/auth/tokens',
    {
      schema: { body: newTokenRequestSchema, response: { 201: newTokenReplySchema } },
    },
    async (request, reply) => {
      const identity = await ownerOf(parts, request);
      const { user } = identity.known;
      const { name, expires, roles = [...user.roles] } = request.body;
      const beyond = roles.filter((role) => !user.roles.includes(role));
      if (beyond.length > 0) {
        throw new HttpError('forbidden', `You do not have the role ${beyond.join(', ')} yourself.`);
      }
      if ((await listTokens(accounts, user)).length >= mostTokens) {
        throw new HttpError('conflict', `You have ${mostTokens} tokens already.`, {
          hint: 'Remove one that is not used any more.',
        });
      }
      await recordOf(parts, request, { user, by: identity.by }, { action: 'token.add', about: name });
      const { token, ...stored } = await addToken(accounts, user, {
        name,
        roles,
        expires: expires === undefined ? null : endOf(expires, accounts.now()),
      });
      return reply.code(201).send({ ...shown(stored), token });
    },
  );

  app.delete(
    '/auth/tokens/:id',
    {
      schema: { params: z.object({ id: z.string().max(200) }) },
    },
    async (request, reply) => {
      const { known, by } = await identityOf(parts, request);
      const { id } = request.params;
      if (!(await removeToken(accounts, known.user, id))) {
        throw notFound('token');
      }
      await recordOf(parts, request, { user: known.user, by }, { action: 'token.remove', about: id });
      return reply.code(204).send();
    },
  );

  app.post('/auth/password', { schema: { body: passwordRequestSchema } }, async (request, reply) => {
    const { known, by } = await ownerOf(parts, request);
    const { old, new: wanted } = request.body;
    checkPassword(wanted, known.user.name);
    // Whoever has found an open page does not get to guess faster than anybody else.
    const { ip, id: requestId } = request;
    const user = await signIn(accounts, { name: known.user.name, password: old, ip, requestId });
    await recordOf(parts, request, { user, by }, { action: 'password' });
    const password = await newHash(accounts, wanted);
    await changeUser(accounts.sql, user, { password });
    await endLogins(accounts, user, known.id);
    return reply.code(204).send();
  });

  app.post(
    '/auth/register',
    { config: { isPublic: true }, schema: { body: registerRequestSchema, response: { 201: meSchema } } },
    async (request, reply) => {
      if (!registration) {
        throw notFound('page');
      }
      const name = userName(request.body.name);
      checkPassword(request.body.password, name);
      const place = sealOf(accounts.key, 'address', addressKey(request.ip));
      const now = accounts.now();
      const { wait } = await tryOnce(accounts.sql, `register:${place}`, registrations, now.getTime());
      if (wait > 0) {
        throw new HttpError('too-many', 'Too many accounts were made from here. Try again later.', {
          retryAfter: Math.ceil(wait / 1000),
        });
      }
      if ((await findUser(accounts.sql, name)) !== null) {
        throw new HttpError('conflict', 'Somebody has this name already.');
      }
      const password = await newHash(accounts, request.body.password);
      const rights = { ...usualRights, password, issuer: null, subject: null };
      const user = await addUser(accounts.sql, { name, ...rights }, now);
      await recordOf(parts, request, { user, by: 'session' }, { action: 'register' });
      const caller = callerOf({ known: { user, id: '', roles: null }, by: 'session' });
      return reply.code(201).send(describe(caller));
    },
  );
}

/** `GET /auth/methods`: how people can sign in. */
export function methodsRoute(
  app: TypedApp,
  { accounts, registration }: RouteParts,
  oidc: string | null,
): void {
  app.get(
    '/auth/methods',
    { config: { isPublic: true }, schema: { response: { 200: methodsReplySchema } } },
    async () => ({
      // Where all sign in at the provider, nobody has one to type.
      password: oidc === null || registration || (await hasPasswords(accounts.sql)),
      token: true,
      oidc: oidc === null ? null : { name: oidc },
      registration,
    }),
  );
}

function endOf(text: string, now: Date): Date {
  const expiry = parseExpiry(text);
  return expiry === null ? new Date(text) : momentOf(expiry, now);
}

function shown({ id, name, roles, made, seen, expires }: StoredToken): PersonalToken {
  const time = (milliseconds: number | null): string | null =>
    milliseconds === null ? null : new Date(milliseconds).toISOString();
  return {
    id,
    name,
    roles: [...roles],
    time: new Date(made).toISOString(),
    seen: time(seen),
    expires: time(expires),
  };
}
