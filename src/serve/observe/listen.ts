import fastify from 'fastify';
import { messageOf, SqlqError } from '../../errors.ts';
import type { Readiness } from './readiness.ts';
import { registerMetrics, registerProbes } from './register.ts';

/** Where monitoring asks, apart from where people do. */
export interface ProbeAddress {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:9464`, `[::1]:9464` or a port of this machine alone; null for a text that is none. */
export function parseProbeAddress(text: string): ProbeAddress | null {
  const [, bracketed, plain, port] = /^(?:(?:\[([\da-f:.]+)\]|([\w.-]+)):)?(\d{1,5})$/iu.exec(text) ?? [];
  return port === undefined || Number(port) > 65_535
    ? null
    : { host: bracketed ?? plain ?? '127.0.0.1', port: Number(port) };
}

/**
 * Answers `/health`, `/ready` and `/metrics` without a login at an address of its own, which only monitoring is to reach,
 * until the very end of the process. Throws a SqlqError `failed` where nothing can listen there.
 */
export async function listenForProbes(
  { host, port }: ProbeAddress,
  readiness: () => Promise<Readiness>,
  metrics: { readonly text: () => Promise<string>; readonly type: string },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const app = fastify({ logger: false, requestTimeout: 10_000, bodyLimit: 1 });
  registerProbes(app, readiness);
  registerMetrics(app, metrics.text, metrics.type, {});
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new SqlqError('failed', `Nothing can listen on ${host}:${port}: ${messageOf(error)}.`, {
      hint: 'Give another --metrics-address.',
      cause: error,
    });
  }
  const bound = app.server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: () => app.close(),
  };
}
