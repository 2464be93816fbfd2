import type { FastifyReply, FastifyRequest } from 'fastify';
import { SqlqError } from '../../errors.ts';
import { callerOf } from '../access.ts';
import type { Parts } from '../parts.ts';

/**
 * A signal that ends the work for a request when whoever made it goes away or may no longer do so, or when the server can wait
 * no longer.
 */
export function signalOf(
  { standing, ending }: Pick<Parts, 'standing' | 'ending'>,
  request: Pick<FastifyRequest, 'caller'>,
  reply: FastifyReply,
): AbortSignal {
  const gone = new AbortController();
  const watched = standing.watch(callerOf(request));
  const { raw } = reply;
  const look = (): void => {
    watched.release();
    if (!raw.writableFinished) {
      gone.abort(new SqlqError('cancelled', 'The caller went away.'));
    }
  };
  if (raw.destroyed) {
    look();
  } else {
    raw.once('close', look);
  }
  return AbortSignal.any([gone.signal, ending, watched.signal]);
}
