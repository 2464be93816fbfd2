import { SqlqError } from '../../errors.ts';
import type { ModelServer } from '../server.ts';
import { kindOf } from './classify.ts';
import { codeOf, explainConnection } from './connection.ts';
import { explain, explainAddress, failed, placeOf } from './explain.ts';
import { DroppedError, FailureError, NotCompletionError } from './failure.ts';
import { fetchModels } from './models.ts';
import type { RequestBody } from './request.ts';

/** How long the hint of an error may wait for the list of models. */
const listDeadline = 2_000;

/**
 * Words whatever a request threw. `promptTokens` is the estimate for its prompt. The signal's own reason and what is
 * no failure of a server come back as they are.
 */
export async function explainThrown(
  thrown: unknown,
  server: ModelServer,
  body: RequestBody,
  promptTokens: number,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted) {
    return signal.reason;
  }
  if (thrown instanceof FailureError) {
    const kind = kindOf(thrown.failure, body);
    const models = kind === 'model' ? await modelNames(server, signal) : [];
    return explain(thrown.failure, kind, server, promptTokens, models);
  }
  if (thrown instanceof NotCompletionError) {
    return explainAddress(server, '');
  }
  if (thrown instanceof DroppedError) {
    return failed(
      `${placeOf(server)} dropped the connection in the middle of its reply`,
      "Ask again; the server's own log says why.",
      thrown,
    );
  }
  return thrown instanceof SqlqError || codeOf(thrown) === null ? thrown : explainConnection(thrown, server);
}

async function modelNames(server: ModelServer, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const models = await fetchModels(server, AbortSignal.any([signal, AbortSignal.timeout(listDeadline)]));
    return models.map((model) => model.name);
  } catch {
    // The hint goes without the list.
    return [];
  }
}
