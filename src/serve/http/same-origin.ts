import type { FastifyRequest } from 'fastify';
import { HttpError } from '../http-error.ts';

/** The names by which a server on loopback is called, besides the address that it listens on. */
export const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses what a foreign page has a browser send. Where a server has only some names, as on loopback, a name that somebody else has pointed at this machine (DNS
 * rebinding) is no name of this server; and a request that a page makes says in `Origin` whose page that is.
 */
export function requireOwnOrigin(
  { headers, host, raw }: Pick<FastifyRequest, 'headers' | 'host' | 'raw'>,
  names: ReadonlySet<string> | null,
): void {
  const address = URL.parse(`http://${host}`);
  // Of two names, somebody before this server may have taken the other.
  if (address === null || host === '' || raw.headersDistinct['host']?.length !== 1) {
    throw new HttpError('forbidden', 'The request does not say which host it is for.');
  }
  if (names?.has(address.hostname) === false) {
    throw new HttpError('forbidden', 'This server answers on this machine alone, under its own address.');
  }
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  // A link to the page is followed from anywhere; what a foreign page embeds or fetches has no Origin where it only reads.
  if ((site === 'cross-site' || site === 'same-site') && mode !== 'navigate') {
    throw new HttpError('forbidden', 'The request comes from a page of another site.');
  }
  if (origin !== undefined && URL.parse(origin)?.host !== address.host) {
    throw new HttpError('forbidden', 'The request comes from a page of another site.');
  }
}
