import type { FastifyInstance } from 'fastify';
import { HttpError } from '../http-error.ts';
import { type SharedState, StateLostError } from '../state/state.ts';

/** A proxy waits for no answer longer than this. */
const rememberedMilliseconds = 30 * 60_000;

/**
 * Begins what a proxy sends no more than once on all instances together, by the id that the proxy gives each request: it may
 * then send a request that an instance has lost to another one, which does it where the first had not yet begun. Only for
 * servers behind a proxy, which alone may say what the id is.
 */
export function registerOnce(app: FastifyInstance, state: SharedState): void {
  app.addHook('preHandler', async ({ method, headers, caller }) => {
    const { 'x-request-id': id } = headers;
    const isRead = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
    if (isRead || caller === null || typeof id !== 'string' || !/^[\da-f]{32}$/u.test(id)) {
      return;
    }
    const isFirst = await state
      .claim(`begun:${caller.id}:${id}`, '', rememberedMilliseconds)
      .catch((error) => {
        // Twice is seldom, and better than not at all.
        if (error instanceof StateLostError) {
          return true;
        }
        throw error;
      });
    if (!isFirst) {
      throw new HttpError(
        'busy',
        'The server that had begun this is gone, and nobody knows how far it came.',
        {
          hint: 'Ask again, once you have seen what became of it.',
          retryAfter: 1,
        },
      );
    }
  });
}
