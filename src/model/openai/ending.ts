import { SqlqError } from '../../errors.ts';
import type { ModelServer } from '../server.ts';
import { failed } from './explain.ts';
import type { Reply } from './read.ts';

/** Throws `unanswerable` where the model, or a filter before it, would not answer. */
export function throwIfRefused(server: ModelServer, reply: Reply): void {
  const words = reply.refusal.trim().slice(0, 300);
  if (words !== '' || reply.finishReason === 'content_filter') {
    throw new SqlqError(
      'unanswerable',
      `${server.model} refused to answer${words === '' ? '' : `: ${words}`}`,
      {
        hint: 'Put the question in other words.',
      },
    );
  }
}

/** Throws `failed` where a reply is cut: it would be cut again, on every rung. */
export function throwIfCut(server: ModelServer, reply: Reply): void {
  if (reply.finishReason === 'length') {
    throw failed(
      `The reply of ${server.model} was cut after ${reply.usage?.completionTokens || server.maxTokens} tokens`,
      'Raise --max-tokens; a model that thinks needs some thousands.',
    );
  }
}
