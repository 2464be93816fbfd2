import type { ListedModel } from '../provider.ts';
import type { ModelServer } from '../server.ts';
import { requestServer } from './client.ts';
import { NotCompletionError } from './errors/failure.ts';

/** The models of a server, in its own order; what is thrown is for `toUserError` to word. */
export async function fetchModels(server: ModelServer, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const response = await requestServer(server, 'models', { signal });
  const body: unknown = await response.json().catch(() => null);
  const { modelListSchema } = await import('./reply/wire.ts');
  const list = modelListSchema.safeParse(body);
  if (!list.success) {
    throw new NotCompletionError('no list of models');
  }
  return list.data.map((model) => ({
    name: model.id,
    contextSize: model.meta?.n_ctx ?? model.max_model_len ?? model.context_length ?? null,
  }));
}
