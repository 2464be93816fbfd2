import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { HttpError } from '../../http-error.ts';
import type { Cookie } from '../cookie.ts';
import { beginLogin } from '../logins.ts';
import { admit } from '../oidc/admit.ts';
import { createProvider } from '../oidc/provider.ts';
import type { OidcSettings } from '../oidc/settings.ts';
import { type RouteParts, recordOf, type TypedApp } from './parts.ts';
import { sessionSeconds } from './session.ts';

const errandSeconds = 600;
const use = 'oidc';
const callback = '/auth/oidc/callback';

const errandSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });

/** `/auth/oidc/*`: signing in at a provider. `trip` is the cookie that a browser takes there and back. */
export function oidcRoutes(app: TypedApp, parts: RouteParts, settings: OidcSettings, trip: Cookie): void {
  const { accounts, texts, cookie } = parts;
  const provider = createProvider(settings);
  // Where the service is called by one address alone, nobody has it send people elsewhere by a Host of their own.
  const ownUrl = ({ protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>, path: string): string =>
    new URL(path, settings.address ?? `${protocol}://${host}`).href;
  const route = { config: { isPublic: true }, errorHandler: turnBack };

  app.get('/auth/oidc/start', route, async (request, reply) => {
    const { url, errand } = await provider.begin(ownUrl(request, callback));
    const signed = texts.sign(use, { ...errand }, errandSeconds);
    return reply.header('set-cookie', trip.keep(request.headers, signed, errandSeconds)).redirect(url.href);
  });

  app.get(callback, route, async (request, reply) => {
    const errand = errandSchema.safeParse(texts.read(use, trip.read(request.headers) ?? ''));
    reply.header('set-cookie', trip.drop(request.headers));
    if (!errand.success) {
      throw new HttpError('unauthorized', 'This sign-in was not begun in this browser, or long ago.', {
        hint: 'Begin again.',
      });
    }
    const claims = await provider
      .finish(new URL(ownUrl(request, request.url)), errand.data)
      .catch((error: unknown) => {
        accounts.observe.login('failed');
        throw error;
      });
    const user = await admit(accounts, claims, settings);
    await recordOf(parts, request, { user, by: 'session' }, { action: 'login', about: settings.issuer.href });
    const { secret } = await beginLogin(accounts, user, 'session');
    accounts.observe.login('ok');
    // The address has a code in it, which is worth nothing any more.
    return reply.header('set-cookie', cookie.keep(request.headers, secret, sessionSeconds)).redirect('/');
  });
}

/** Somebody's browser goes back to the page, which says that it did not go well; a program is told why. */
function turnBack(this: FastifyInstance, error: Error, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof HttpError && request.headers.accept?.includes('text/html') === true) {
    void reply.redirect(`/#error=${error.code}`);
    return;
  }
  // The app's own handler takes what is thrown here.
  throw error;
}
