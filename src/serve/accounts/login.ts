import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Login } from '../login.ts';
import { signedTexts } from './access-tokens.ts';
import type { Accounts } from './accounts.ts';
import { cookieNamed, withCookies } from './cookie.ts';
import { callerOf, identify } from './identity.ts';
import type { OidcSettings } from './oidc/settings.ts';
import { recall } from './recall.ts';
import { methodsRoute, ownAccountRoutes } from './routes/own-account.ts';
import type { RouteParts, TypedApp } from './routes/parts.ts';
import { sessionRoutes } from './routes/session.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { userRoutes } from './routes/users.ts';

/** How users sign in. */
export interface AccountOptions extends Pick<RouteParts, 'describe' | 'registration'> {
  readonly accounts: Accounts;
  /** Whether pages come over TLS, of this server or of a proxy before it. */
  readonly secure: boolean;
  /** A provider at which users can sign in besides; null without one. */
  readonly oidc: OidcSettings | null;
}

/** Lets in users with passwords, and whoever has a token of theirs. */
export function accountLogin({ accounts, secure, oidc, ...options }: AccountOptions): Login {
  let parts: RouteParts | null = null;
  return {
    async authenticate(request) {
      if (parts === null) {
        throw new Error('nobody can be known before the routes are registered');
      }
      const identity = await identify(parts, request);
      return identity === null ? null : callerOf(identity);
    },
    recall: (callers) => recall(accounts, callers),
    async register(app) {
      await app.register(async (scope: FastifyInstance) => {
        await withCookies(scope);
        const texts = await signedTexts(scope, accounts);
        parts = { accounts, texts, cookie: cookieNamed(scope, 'sqlq', secure), ...options };
        // What lets somebody in lies in no cache.
        scope.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
        const typed: TypedApp = scope.withTypeProvider<ZodTypeProvider>();
        tokenRoutes(typed, parts);
        sessionRoutes(typed, parts);
        ownAccountRoutes(typed, parts);
        methodsRoute(typed, parts, oidc?.name ?? null);
        if (oidc !== null) {
          const { oidcRoutes } = await import('./routes/oidc.ts');
          // A strict cookie would not come back from another site.
          oidcRoutes(typed, parts, oidc, cookieNamed(scope, 'sqlq-oidc', secure, 'lax'));
        }
        userRoutes(typed, parts);
      });
    },
    close: () => accounts.sql.close(),
  };
}
