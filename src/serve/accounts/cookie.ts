import type { IncomingHttpHeaders } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';

/** The cookie that a page is known by. */
export interface Cookie {
  /** What it holds; null where it is not sent. */
  read(headers: IncomingHttpHeaders): string | null;
  /** `Set-Cookie` that keeps a value for so many seconds. */
  keep(headers: IncomingHttpHeaders, value: string, seconds: number): string;
  /** `Set-Cookie` that takes it away. */
  drop(headers: IncomingHttpHeaders): string;
}

/** Lets an app read and write cookies. */
export async function withCookies(app: FastifyInstance): Promise<void> {
  await app.register(fastifyCookie, { hook: false });
}

/**
 * A cookie of an app `withCookies` that no script reads and that goes to this host alone. `secure`: the page comes over TLS, and so no other host of
 * the domain can set it; else the port is part of its name, because cookies know no ports. `sameSite` is strict unless
 * somebody comes back with it from another site.
 */
export function cookieNamed(
  app: FastifyInstance,
  name: string,
  secure: boolean,
  sameSite: 'strict' | 'lax' = 'strict',
): Cookie {
  const nameFor = ({ host = '' }: IncomingHttpHeaders): string =>
    secure ? `__Host-${name}` : `${name}-${/:(\d+)$/u.exec(host)?.[1] ?? '80'}`;
  const made = (headers: IncomingHttpHeaders, value: string, maxAge: number): string =>
    app.serializeCookie(nameFor(headers), value, {
      path: '/',
      httpOnly: true,
      sameSite,
      secure,
      maxAge,
    });
  return {
    read: (headers) => app.parseCookie(headers.cookie ?? '')[nameFor(headers)] ?? null,
    keep: made,
    drop: (headers) => made(headers, '', 0),
  };
}
