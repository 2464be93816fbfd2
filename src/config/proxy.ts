import { BlockList, isIP } from 'node:net';
import { SqlqError } from '../errors.ts';
import { isLoopback } from '../model/address.ts';
import type { ModelProxy } from '../model/server.ts';
import { type Environment, variable } from './environment.ts';

/** Schemes that a proxy may be spoken to in. */
const schemes = /^(?:https?|socks5?):$/u;

/**
 * The proxy that a request to an address takes, by the variables that curl and others know, in either case: HTTPS_PROXY
 * or HTTP_PROXY by the address's scheme, else ALL_PROXY, unless NO_PROXY names the host. This machine is never asked
 * through one. Throws a SqlqError `usage` for a proxy that can't be one.
 */
export function proxyFor(url: URL, environment: Environment): ModelProxy | null {
  if (isLoopback(url) || isExempt(url, either(environment, 'NO_PROXY')?.text ?? '')) {
    return null;
  }
  const found =
    either(environment, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ??
    either(environment, 'ALL_PROXY');
  if (found === null) {
    return null;
  }
  // `proxy:3128` is a host and a port, whatever a URL's grammar says of it.
  const address = /^[a-z][a-z0-9+.-]*:\/\//iu.test(found.text) ? found.text : `http://${found.text}`;
  const proxy = URL.parse(address.replace(/^socks5h:/iu, 'socks5:'));
  if (proxy === null || !schemes.test(proxy.protocol)) {
    throw new SqlqError('usage', `The proxy of ${found.name} is no http, https or socks5 URL.`, {
      hint: 'It looks like http://proxy.example.com:3128. To ask a host without it, name the host in NO_PROXY.',
    });
  }
  return { url: proxy.href, variable: found.name };
}

/** A variable in lower or upper case; curl looks at the lower one first. */
function either(environment: Environment, name: string): { name: string; text: string } | null {
  for (const spelling of [name.toLowerCase(), name]) {
    const text = variable(environment, spelling)?.trim() ?? '';
    if (text !== '') {
      return { name: spelling, text };
    }
  }
  return null;
}

/** Whether NO_PROXY names a host: `*`, a domain with all below it, an address, a range of addresses, each with a port or without. */
function isExempt(url: URL, exceptions: string): boolean {
  const host = url.hostname
    .replace(/^\[|\]$/gu, '')
    .replace(/\.$/u, '')
    .toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/u)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const { named = entry, at } = /^(?<named>\[[^\]]*\]|[^:]*)(?::(?<at>\d+))?$/u.exec(entry)?.groups ?? {};
      if (at !== undefined && at !== port) {
        return false;
      }
      const name = named.replace(/^\[|\]$/gu, '').replace(/^\*?\./u, '');
      return named === '*' || (isIP(host) === 0 ? isBelow(host, name) : isWithin(host, name));
    });
}

function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

function isWithin(host: string, range: string): boolean {
  const [address = '', length] = range.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || isIP(address) !== isIP(host)) {
    return false;
  }
  const bits = length === undefined ? (family === 'ipv6' ? 128 : 32) : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 'ipv6' ? 128 : 32)) {
    return false;
  }
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return list.check(host, family);
}
