import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import Provider, { type Context } from 'oidc-provider';
import { freePort } from './free-port.ts';

/** What a provider says of somebody. */
export interface Person {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly preferred_username?: string;
  readonly groups?: readonly string[];
}

/** A real provider of OpenID Connect on loopback, which signs in whom the test says. */
export interface OidcServer {
  readonly issuer: string;
  readonly clientSecret: string;
  readonly people: Map<string, Person>;
  /** Who sits at the browser: the subject that signs in next. */
  subject: string;
  /** Changes what the token endpoint answers. */
  tamper: ((tokens: Record<string, string>) => Record<string, string>) | null;
  close(): Promise<void>;
}

const clientSecret = 'a-secret-of-the-client';

/** Starts a provider that knows one client by its redirect URI. */
export async function startOidc(redirectUri: string): Promise<OidcServer> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const people = new Map<string, Person>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'sqlq',
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    scopes: ['openid', 'email', 'profile', 'groups'],
    claims: { email: ['email', 'email_verified'], profile: ['preferred_username'], groups: ['groups'] },
    cookies: { keys: ['a key of a test'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_context: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => ({ sub, ...people.get(sub) }),
    }),
    async loadExistingGrant({ oidc }: Context) {
      const { clientId } = oidc.client;
      const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/interaction/') === true) {
      void provider.interactionFinished(request, response, { login: { accountId: self.subject } });
      return;
    }
    if (request.url === '/token' && self.tamper !== null) {
      tamperWith(response, self.tamper);
    }
    handle(request, response);
  });
  const self: OidcServer = {
    issuer,
    clientSecret,
    people,
    subject: 'nobody',
    tamper: null,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return self;
}

function tamperWith(response: ServerResponse, tamper: NonNullable<OidcServer['tamper']>): void {
  const end = response.end.bind(response);
  response.end = (body: unknown) => {
    const text = JSON.stringify(tamper(JSON.parse(String(body))));
    response.setHeader('content-length', Buffer.byteLength(text));
    return end(text);
  };
}

/** A browser with its cookies, as far as a redirect needs one. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Goes to an address without following where it leads. */
  async go(url: string, more: Readonly<Record<string, string>> = {}): Promise<Response> {
    const { host } = new URL(url);
    const own = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, own);
    const cookie = [...own].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: cookie === '' ? more : { ...more, cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(line) ?? [];
      if (value === '') {
        own.delete(name);
      } else {
        own.set(name, value);
      }
    }
    return response;
  }

  /** Follows redirects until `stop` says so, or there is none; the address that is next, or the last reply. */
  async follow(
    url: string,
    stop: (url: string) => boolean,
  ): Promise<{ readonly url: string; readonly response: Response }> {
    let at = url;
    for (let count = 0; count < 12; count += 1) {
      const response = await this.go(at);
      const location = response.headers.get('location');
      if (location === null) {
        return { url: at, response };
      }
      at = new URL(location, at).href;
      if (stop(at)) {
        return { url: at, response };
      }
    }
    throw new Error(`it goes on and on: ${at}`);
  }
}
