import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Ranges that no public route leads to: RFC 1918, RFC 3927, RFC 4193, RFC 4291. */
const internal = new BlockList();
internal.addSubnet('10.0.0.0', 8, 'ipv4');
internal.addSubnet('172.16.0.0', 12, 'ipv4');
internal.addSubnet('192.168.0.0', 16, 'ipv4');
internal.addSubnet('169.254.0.0', 16, 'ipv4');
internal.addSubnet('fc00::', 7, 'ipv6');
internal.addSubnet('fe80::', 10, 'ipv6');

/** Whether a URL's host is this machine. */
export function isLoopback(url: URL): boolean {
  return isLoopbackHost(bareHost(url));
}

/** Whether a bare host, a name or an address, is this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase();
  return within(loopback, name) || name === 'localhost' || name.endsWith('.localhost');
}

/**
 * Whether a URL's host is this machine or on a private network: an address of a private range, a name without a dot
 * (a Compose service), or a name under a suffix that the public DNS does not have.
 */
export function isPrivate(url: URL): boolean {
  const host = bareHost(url);
  if (isIP(host) !== 0) {
    return within(loopback, host) || within(internal, host);
  }
  return isLoopback(url) || !host.includes('.') || /\.(internal|local|lan|home\.arpa)$/.test(host);
}

function within(list: BlockList, host: string): boolean {
  const version = isIP(host);
  return version !== 0 && list.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

/** Without the brackets of an IPv6 address and the dot that ends a full name. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
