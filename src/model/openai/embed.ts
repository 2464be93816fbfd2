import * as z from 'zod';
import type { SentRequest } from '../model.ts';
import type { ModelServer } from '../server.ts';
import { requestServer } from './client.ts';
import { DeadlineError, NotCompletionError } from './errors/failure.ts';
import { toUserError } from './to-user-error.ts';

/** The shape of the embeddings endpoint. Source: OpenAI's "Create embeddings". */
const repliesSchema = z.object({
  data: z.array(z.object({ index: z.number().optional(), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.number() }).nullish().catch(null),
});

/** What a server made of some texts. */
export interface Embedded {
  /** One for each text, in their order. */
  readonly vectors: readonly Float32Array[];
  /** Null where the server does not say. */
  readonly promptTokens: number | null;
}

/**
 * Has a server turn texts into vectors, by a model for embeddings. `onSent` hears of the request as it leaves. Rejects with the
 * same texts as a question would.
 */
export async function embed(
  server: ModelServer,
  texts: readonly string[],
  onSent: (sent: SentRequest) => void,
  signal: AbortSignal,
): Promise<Embedded> {
  const deadline = AbortSignal.timeout(server.timeoutMilliseconds);
  const body = { model: server.model, input: texts, encoding_format: 'float' };
  const text = JSON.stringify(body);
  onSent({ host: new URL(server.baseUrl).host, text });
  try {
    const init = { method: 'POST', body: text, signal: AbortSignal.any([signal, deadline]) };
    const response = await requestServer(server, 'embeddings', init);
    const reply = repliesSchema.safeParse(await response.json().catch(() => null));
    const data = (reply.data?.data ?? []).toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0));
    if (data.length !== texts.length) {
      throw new NotCompletionError('no embeddings');
    }
    return {
      vectors: data.map(({ embedding }) => Float32Array.from(embedding)),
      promptTokens: reply.data?.usage?.prompt_tokens ?? null,
    };
  } catch (thrown) {
    const error = deadline.aborted && !signal.aborted ? new DeadlineError(0) : thrown;
    throw await toUserError(error, server, body, 0, signal);
  }
}
