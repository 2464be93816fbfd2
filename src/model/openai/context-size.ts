import { z } from 'zod';
import type { ModelServer } from '../server.ts';
import { requestServer } from './client.ts';
import { fetchModels } from './models.ts';
import { recallServer, rememberServer } from './server-memory.ts';

/** A server keeps its window until it is started anew; asking for it at each question would take requests. */
const longestAgeMs = 10 * 60_000;

/** As `contextSizeOf`, from what is remembered where that is new enough. */
export async function contextSize(server: ModelServer, signal: AbortSignal): Promise<number | null> {
  const { contextSize: known } = await recallServer(server);
  if (known !== undefined && Math.abs(Date.now() - known.at) < longestAgeMs) {
    return known.tokens;
  }
  const tokens = await contextSizeOf(server, signal);
  await rememberServer(server, { contextSize: { tokens, at: Date.now() } });
  return tokens;
}

/** Who has not told its window by then is asked without it. */
const timeoutMs = 2_000;

/**
 * The window in tokens that a server gives its model now: llama.cpp, vLLM and OpenRouter tell it in the list of
 * models, llama.cpp in `/props` too, Ollama for a model that is loaded or whose Modelfile sets it. Null where nobody
 * tells. Rejects with nothing but the signal's reason.
 */
export async function contextSizeOf(server: ModelServer, signal: AbortSignal): Promise<number | null> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const askedOf = server.isLocal ? [listed, llamaProps, ollamaRunning, ollamaModelfile] : [listed];
  const sizes = await Promise.all(askedOf.map((ask) => ask(server, limited).catch(() => null)));
  signal.throwIfAborted();
  return sizes.find((size) => size !== null) ?? null;
}

async function listed(server: ModelServer, signal: AbortSignal): Promise<number | null> {
  const models = await fetchModels(server, signal);
  return models.find((model) => model.name === server.model)?.contextSize ?? null;
}

const propsSchema = z.object({ default_generation_settings: z.object({ n_ctx: z.number() }) });

async function llamaProps(server: ModelServer, signal: AbortSignal): Promise<number | null> {
  const response = await requestServer(server, '/props', { signal });
  return propsSchema.parse(await response.json()).default_generation_settings.n_ctx;
}

const runningSchema = z.object({
  models: z.array(z.object({ name: z.string(), context_length: z.number().optional() })),
});

async function ollamaRunning(server: ModelServer, signal: AbortSignal): Promise<number | null> {
  const response = await requestServer(server, '/api/ps', { signal });
  const { models } = runningSchema.parse(await response.json());
  return models.find((model) => withTag(model.name) === withTag(server.model))?.context_length ?? null;
}

const shownSchema = z.object({ parameters: z.string() });

async function ollamaModelfile(server: ModelServer, signal: AbortSignal): Promise<number | null> {
  const body = JSON.stringify({ model: server.model });
  const response = await requestServer(server, '/api/show', { method: 'POST', body, signal });
  const size = /^num_ctx\s+(\d+)/m.exec(shownSchema.parse(await response.json()).parameters)?.[1];
  return size === undefined ? null : Number(size);
}

function withTag(model: string): string {
  return model.includes(':') ? model : `${model}:latest`;
}
