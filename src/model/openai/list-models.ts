import type { ListedModel } from '../provider.ts';
import type { ModelServer } from '../server.ts';
import { assertSettings } from './assert-settings.ts';
import { DeadlineError } from './failure.ts';
import { fetchModels } from './models.ts';
import { toUserError } from './to-user-error.ts';

/** The models that a server has, in its own order. Rejects with the same texts as a question would. */
export async function listModels(server: ModelServer, signal: AbortSignal): Promise<readonly ListedModel[]> {
  assertSettings(server);
  const deadline = AbortSignal.timeout(server.timeoutMilliseconds);
  try {
    return await fetchModels(server, AbortSignal.any([signal, deadline]));
  } catch (thrown) {
    const error = deadline.aborted && !signal.aborted ? new DeadlineError(0) : thrown;
    throw await toUserError(error, server, {}, 0, signal);
  }
}
