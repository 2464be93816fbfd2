/**
 * Which addresses of `X-Forwarded-For` are believed, for Fastify's `trustProxy`: those that so many proxies of our own have
 * added, counted from this end. Whatever stands before them anybody may have written.
 */
export function proxyHops(hops: number): (address: string, hop: number) => boolean {
  return (_address, hop) => hop < hops;
}
