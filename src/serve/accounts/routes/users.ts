import * as z from 'zod';
import {
  type ApiUser,
  newUserRequestSchema,
  userChangeRequestSchema,
  userSchema,
  usersSchema,
} from '../../api/users.ts';

import { HttpError, notFound } from '../../http-error.ts';
import { newHash } from '../accounts.ts';
import { endLogins } from '../logins.ts';
import { checkPassword } from '../password.ts';
import { saidChange } from '../said-change.ts';
import {
  addUser,
  changeUser,
  findUser,
  listUsers,
  removeUser,
  rightsOf,
  type User,
  userName,
} from '../user.ts';
import { type Asked, identityOf, type RouteParts, recordOf, type TypedApp } from './parts.ts';

const nameParameter = z.object({ name: z.string().max(200) });

/** `/v1/users`: what those who see to users do. */
export function userRoutes(app: TypedApp, parts: RouteParts): void {
  const { accounts } = parts;
  const { sql } = accounts;
  const config = { role: 'admin' } as const;
  const named = async (name: string): Promise<User> => {
    const user = await findUser(sql, name);
    if (user === null) {
      throw notFound('user');
    }
    return user;
  };
  const record = async (request: Asked, action: string, about: string): Promise<User> => {
    const { known, by } = await identityOf(parts, request);
    await recordOf(parts, request, { user: known.user, by }, { action, about });
    return known.user;
  };

  app.get('/v1/users', { config, schema: { response: { 200: usersSchema } } }, async () => ({
    users: (await listUsers(sql)).map(shownUser),
  }));

  app.post(
    '/v1/users',
    { config, schema: { body: newUserRequestSchema, response: { 201: userSchema } } },
    async (request, reply) => {
      const { password, name: given, ...rights } = request.body;
      const name = userName(given);
      checkPassword(password, name);
      if ((await findUser(sql, name)) !== null) {
        throw new HttpError('conflict', 'There is a user of this name already.');
      }
      const whole = rightsOf(rights);
      await record(request, 'user.add', `${name}: ${saidChange(whole)}`);
      const user = await addUser(
        sql,
        {
          ...whole,
          name,
          password: await newHash(accounts, password),
          issuer: null,
          subject: null,
        },
        accounts.now(),
      );
      return reply.code(201).send(shownUser(user));
    },
  );

  app.patch(
    '/v1/users/:name',
    {
      config,
      schema: { params: nameParameter, body: userChangeRequestSchema, response: { 200: userSchema } },
    },
    async (request) => {
      const user = await named(request.params.name);
      const { password, disabled, ...rights } = request.body;
      if (password !== undefined) {
        checkPassword(password, user.name);
      }
      const admin = await record(request, 'user.set', `${user.name}: ${saidChange(request.body)}`);
      const losesAdmin = disabled === true || rights.roles?.includes('admin') === false;
      if (admin.id === user.id && losesAdmin) {
        throw new HttpError('conflict', 'You can not take this from yourself: another admin can.');
      }
      await changeUser(sql, user, {
        ...rights,
        ...(disabled === undefined ? {} : { disabled }),
        ...(password === undefined ? {} : { password: await newHash(accounts, password) }),
      });
      if (disabled === true || password !== undefined) {
        await endLogins(accounts, user);
      }
      return shownUser(await named(user.name));
    },
  );

  app.delete('/v1/users/:name', { config, schema: { params: nameParameter } }, async (request, reply) => {
    const user = await named(request.params.name);
    const admin = await record(request, 'user.remove', user.name);
    if (admin.id === user.id) {
      throw new HttpError('conflict', 'You can not remove yourself: another admin can.');
    }
    await removeUser(sql, user);
    return reply.code(204).send();
  });
}

function shownUser(user: User): ApiUser {
  const { name, roles, databases, profiles, hide, rowLimit, dollars, disabled, made, seen } = user;
  return {
    name,
    roles: [...roles],
    databases: databases === null ? null : [...databases],
    profiles: profiles === null ? null : [...profiles],
    hide: [...hide],
    rowLimit,
    dollars,
    disabled,
    by: user.issuer === null ? 'password' : 'oidc',
    made: new Date(made).toISOString(),
    seen: seen === null ? null : new Date(seen).toISOString(),
  };
}
