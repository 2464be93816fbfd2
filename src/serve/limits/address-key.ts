import { isIPv6 } from 'node:net';

/**
 * What an address counts as: of IPv6 the network of 64 bits, since one household has all addresses in it; an IPv4 address
 * written as IPv6 is that IPv4 address.
 */
export function addressKey(ip: string): string {
  const [plain = ''] = ip.split('%');
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(plain) ?? [];
  if (mapped !== undefined || !isIPv6(plain)) {
    return mapped ?? ip;
  }
  // A URL has its shortest form.
  const short = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - before.length - after.length }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
