import type { ListedModel } from '../provider.ts';
import type { ModelServer } from '../server.ts';
import { assertSettings } from './assert-settings.ts';
import { DeadlineError, FailureError } from './errors/failure.ts';
import { fetchModels } from './models.ts';
import { placeOf } from './place.ts';
import { failed, toUserError } from './to-user-error.ts';

/** The models that a server has, in its own order. Rejects with the same texts as a question would. */
export async function listModels(server: ModelServer, signal: AbortSignal): Promise<readonly ListedModel[]> {
  assertSettings(server);
  const deadline = AbortSignal.timeout(server.timeoutMilliseconds);
  try {
    return await fetchModels(server, AbortSignal.any([signal, deadline]));
  } catch (thrown) {
    if (thrown instanceof FailureError && [404, 405, 501].includes(thrown.failure.status ?? 0)) {
      throw failed(
        `${placeOf(server)} lists no models (${thrown.failure.status})`,
        'Name one with --model; questions need no list. If they fail too, check the base URL.',
      );
    }
    const error = deadline.aborted && !signal.aborted ? new DeadlineError(0) : thrown;
    throw await toUserError(error, server, {}, 0, signal);
  }
}
