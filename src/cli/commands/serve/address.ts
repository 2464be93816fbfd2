import { isIPv6 } from 'node:net';
import { SqlqError } from '../../../errors.ts';
import { isLoopbackHost } from '../../../model/address.ts';
import { loopbackNames } from '../../../serve/http/same-origin.ts';
import type { CommandContext } from '../../context.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import type { ServeOptions } from './options.ts';

/** Where the server listens, and as whom. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly isLoopback: boolean;
  readonly tls: Certificate | null;
  readonly proxies: number;
  /** The hosts that it answers for; null for all. */
  readonly names: ReadonlySet<string> | null;
}

export const usualHost = '127.0.0.1';
const usualPort = 8080;
/** What runs is waited for so long when the server is to end. */
export const usualDrain = 30_000;

/**
 * What flags say of where to listen. Throws a SqlqError `usage` where other machines could read passwords on the way:
 * they reach a server by TLS, its own or that of a proxy before it.
 */
export async function listenAddress(
  { host = usualHost, port = usualPort, behindProxy = 0, tlsCert, tlsKey }: ServeOptions,
  context: CommandContext,
): Promise<ListenAddress> {
  const isLoopback = isLoopbackHost(host);
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new SqlqError('usage', '--tls-cert and --tls-key go together.');
  }
  const tls =
    tlsCert === undefined || tlsKey === undefined ? null : await readCertificate(tlsCert, tlsKey, context);
  if (!isLoopback && tls === null && behindProxy === 0) {
    throw new SqlqError('usage', `Other machines reach ${host}, and nothing protects what goes there.`, {
      hint: 'Give --tls-cert and --tls-key, or --behind-proxy where a proxy before it speaks TLS.',
    });
  }
  const names =
    isLoopback && behindProxy === 0 ? new Set([...loopbackNames, inUrl(host).toLowerCase()]) : null;
  return { host, port, isLoopback, tls, proxies: behindProxy, names };
}

/** A host as it stands in a URL. */
export function inUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
