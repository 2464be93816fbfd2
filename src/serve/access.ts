import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller, Role } from './caller.ts';
import { HttpError } from './http-error.ts';
import type { Login } from './login.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Anybody may call it. */
    readonly isPublic?: boolean;
    /** Who calls it needs this role; any caller may where it is left out. */
    readonly role?: Role;
    /** It answers while the server is ending. */
    readonly whileDraining?: boolean;
  }
  interface FastifyRequest {
    /** Who makes the request; null for nobody, and before that is known. */
    caller: Caller | null;
  }
}

/** Lets nobody through to a route that is not public, unless they are known and may call it. */
export function requireLogin(app: FastifyInstance, login: Login): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    const { config } = request.routeOptions;
    if (request.is404) {
      return;
    }
    const { headers, method, ip } = request;
    request.caller = config.isPublic === true ? null : await login.authenticate({ headers, method, ip });
    if (config.isPublic === true) {
      return;
    }
    if (request.caller === null) {
      throw new HttpError('unauthorized', 'Sign in first: this needs a token that holds.');
    }
    if (config.role !== undefined && !request.caller.roles.has(config.role)) {
      throw new HttpError('forbidden', `This needs the role "${config.role}", which you do not have.`);
    }
  });
}

/** Who makes a request to a route that is not public. */
export function callerOf({ caller }: Pick<FastifyRequest, 'caller'>): Caller {
  if (caller === null) {
    throw new Error('a public route asks who calls it');
  }
  return caller;
}
