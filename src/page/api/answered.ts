import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { ApiAnswered } from '../../serve/api/answer.ts';
import type { Step } from '../../serve/api/ask.ts';
import type { ErrorReply } from '../../serve/api/error.ts';
import { type Client, Failure, failureOf } from './client.ts';

/** Sends what is answered with an answer or a clarification, and tells each step on the way. Throws `Failure`. */
export async function fetchAnswered(
  client: Client,
  path: string,
  body: object,
  { onStep, signal }: { readonly onStep: (step: Step) => void; readonly signal: AbortSignal },
): Promise<ApiAnswered> {
  const response = await client.open(path, { method: 'POST', body, accept: 'text/event-stream', signal });
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    return await response.json();
  }
  const reader = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      const next = await reader?.read();
      if (next === undefined || next.done) {
        throw new Failure('lost', '');
      }
      const { event, data } = next.value;
      if (event === 'step') {
        onStep(JSON.parse(data));
      } else if (event === 'answer' || event === 'clarification') {
        return JSON.parse(data);
      } else if (event === 'error') {
        const { error }: ErrorReply = JSON.parse(data);
        throw new Failure(error.code, error.message, error);
      }
    }
  } catch (error) {
    throw failureOf(error);
  } finally {
    await reader?.cancel().catch(() => {});
  }
}
