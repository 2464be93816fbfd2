import fastify from 'fastify';
import { messageOf, SqlqError } from '../../errors.ts';
import { metricsType } from './metrics.ts';
import { registerMetrics, registerProbes } from './register.ts';

/**
 * A server for whoever watches the service, at an address that strangers do not reach: it asks nobody who they are. Rejects
 * with a SqlqError where nothing can listen there.
 */
export async function openProbes(
  address: string,
  readiness: Parameters<typeof registerProbes>[1],
  metrics: () => Promise<string>,
): Promise<{ close(): Promise<void> }> {
  const { hostname, port } = new URL(`http://${address}`);
  const server = fastify({ logger: false });
  registerProbes(server, readiness);
  registerMetrics(server, metrics, metricsType, {});
  try {
    await server.listen({ host: hostname.replace(/^\[|\]$/gu, ''), port: Number(port === '' ? 80 : port) });
  } catch (error) {
    throw new SqlqError('failed', `Nothing can listen on ${address}: ${messageOf(error)}.`, {
      hint: 'Give another --metrics-address.',
      cause: error,
    });
  }
  return { close: async () => server.close() };
}
