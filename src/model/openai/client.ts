import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestInit, Response } from 'undici';
import type { SentRequest } from '../model.ts';
import type { ModelServer } from '../server.ts';
import type { Deadline } from './deadline.ts';
import { DeadlineError, FailureError, isDropped, kindOf } from './errors/failure.ts';
import type { Reply } from './reply/reply.ts';
import type { RequestBody } from './request.ts';

/** What goes with each request of one question. */
export interface Exchange {
  readonly server: ModelServer;
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  readonly onProgress: (tokens: number) => void;
  /** Called with every request as it leaves. */
  readonly onSent: (request: SentRequest) => void;
}

/**
 * Asks for one completion. A server that is too busy is asked again, as often as the profile allows and after its own
 * wait, where the deadline leaves time for it. Throws a FailureError where the server answers with an error, what
 * `fetch` throws where it can't be reached, a DeadlineError where the time is up, and the signal's reason when that is
 * aborted.
 */
export async function complete(exchange: Exchange, body: RequestBody): Promise<Reply> {
  const { server, signal, deadline } = exchange;
  for (let attempt = 0; ; attempt++) {
    try {
      return await completeOnce(exchange, body);
    } catch (error) {
      signal.throwIfAborted();
      const wait = attempt < server.retries ? waitBefore(error, exchange, body, attempt) : null;
      if (wait === null || wait >= deadline.left()) {
        throw error;
      }
      await sleep(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

async function completeOnce(exchange: Exchange, body: RequestBody): Promise<Reply> {
  const { server, onSent } = exchange;
  const deadline = exchange.deadline.signal;
  const signal = AbortSignal.any([exchange.signal, deadline]);
  const text = JSON.stringify(body);
  let tokens = 0;
  const onProgress = (count: number): void => {
    tokens = count;
    exchange.onProgress(count);
  };
  onSent({ host: new URL(server.baseUrl).host, text });
  try {
    const request = requestServer(server, 'chat/completions', { method: 'POST', body: text, signal });
    // The parsers load while the model thinks.
    const [response, { readReply }] = await Promise.all([request, import('./reply/read.ts')]);
    return await readReply(response, server, onProgress);
  } catch (error) {
    throw deadline.aborted && !exchange.signal.aborted ? new DeadlineError(tokens) : error;
  }
}

/**
 * How long to wait before the same request is worth a try; null where it is not. A server of one's own machine is asked
 * again only where it names the wait, and a model that is loading never: each try can load it again.
 */
function waitBefore(error: unknown, { server }: Exchange, body: RequestBody, attempt: number): number | null {
  const backoff = server.isLocal ? null : 500 * 2 ** attempt;
  if (!(error instanceof FailureError)) {
    return isDropped(error) ? backoff : null;
  }
  const { failure } = error;
  const kind = kindOf(failure, body);
  const passes = failure.status !== null && (kind === 'rate limit' || kind === 'server');
  return passes ? (failure.waitMilliseconds ?? backoff) : null;
}

/** One request below the base URL, or from the host's root with `/`; throws a FailureError unless it is `ok`. */
export async function requestServer(server: ModelServer, path: string, init: RequestInit): Promise<Response> {
  const url = new URL(server.baseUrl);
  url.pathname = path.startsWith('/') ? path : `${url.pathname.replace(/\/+$/, '')}/${path}`;
  const { send } = await import('./transport.ts');
  const request: RequestInit = {
    ...init,
    // A redirect would carry the question to a host that nobody named.
    redirect: 'manual',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'user-agent': 'sqlq',
      ...(server.apiKey === null ? {} : { authorization: `Bearer ${server.apiKey}` }),
      ...server.headers,
    },
  };
  const response = await send(url, request, server.proxy);
  if (!response.ok) {
    const { readFailure } = await import('./errors/read-failure.ts');
    throw new FailureError(await readFailure(response, server));
  }
  return response;
}
