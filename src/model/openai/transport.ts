import { Agent, type Dispatcher, fetch, ProxyAgent, type RequestInit, type Response } from 'undici';
import type { ModelProxy } from '../server.ts';

/**
 * No limits of their own: undici's are five minutes, and the deadline of a question may be longer. The deadline is in
 * the request's signal.
 */
const unlimited = { headersTimeout: 0, bodyTimeout: 0 } as const;

/** By the proxy's address, '' for none, so that the requests of a run share connections. */
const dispatchers = new Map<string, Dispatcher>();

/** One request, through the proxy where there is one. Throws what `fetch` throws. */
export function send(url: URL, init: RequestInit, proxy: ModelProxy | null): Promise<Response> {
  return fetch(url, { ...init, dispatcher: dispatcherFor(url, proxy) });
}

function dispatcherFor(url: URL, proxy: ModelProxy | null): Dispatcher {
  // A tunnel is for what is encrypted: many proxies refuse one to anything else.
  const proxyTunnel = url.protocol === 'https:';
  const key = proxy === null ? '' : `${proxyTunnel} ${proxy.url}`;
  const made =
    dispatchers.get(key) ??
    (proxy === null ? new Agent(unlimited) : new ProxyAgent({ ...unlimited, uri: proxy.url, proxyTunnel }));
  dispatchers.set(key, made);
  return made;
}
