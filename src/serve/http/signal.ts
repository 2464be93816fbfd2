import type { FastifyReply } from 'fastify';
import { SqlqError } from '../../errors.ts';

/** A signal that ends the work for a request when whoever made it goes away, or when the server can wait no longer. */
export function signalOf(reply: FastifyReply, ending: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const { raw } = reply;
  const look = (): void => {
    if (!raw.writableFinished) {
      gone.abort(new SqlqError('cancelled', 'The caller went away.'));
    }
  };
  if (raw.destroyed) {
    look();
  } else {
    raw.once('close', look);
  }
  return AbortSignal.any([gone.signal, ending]);
}
