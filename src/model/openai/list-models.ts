import type { ModelServer } from '../server.ts';
import { checkAddress, explainDeadline } from './connection.ts';
import { explainThrown } from './explain-thrown.ts';
import { fetchModels, type ServedModelFacts } from './models.ts';

/** The models that a server has, in its own order. Rejects with the same texts as a question would. */
export async function listModels(
  server: ModelServer,
  signal: AbortSignal,
): Promise<readonly ServedModelFacts[]> {
  checkAddress(server);
  const deadline = AbortSignal.timeout(server.timeoutMilliseconds);
  try {
    return await fetchModels(server, AbortSignal.any([signal, deadline]));
  } catch (thrown) {
    throw deadline.aborted && !signal.aborted
      ? explainDeadline(server, 0)
      : await explainThrown(thrown, server, {}, 0, signal);
  }
}
