import type { Message, ModelReply, ModelRequest, Rung } from '../../src/model/model.ts';
import { createServedModel } from '../../src/model/openai/served-model.ts';
import type { ModelServer, RungMemory } from '../../src/model/server.ts';

/** A server's settings, a local one without a key unless told otherwise. */
export function serverAt(baseUrl: string, overrides: Partial<ModelServer> = {}): ModelServer {
  return {
    provider: 'custom',
    baseUrl,
    model: 'ai/qwen3',
    apiKey: null,
    apiKeyVariable: null,
    headers: {},
    sampling: noSampling,
    maxTokens: 1_000,
    contextSize: null,
    timeoutMilliseconds: 20_000,
    rung: 'auto',
    retries: 0,
    isLocal: true,
    rungMemory: null,
    ...overrides,
  };
}

export const noSampling: ModelServer['sampling'] = {
  temperature: null,
  topP: null,
  seed: null,
  stop: null,
  presencePenalty: null,
  frequencyPenalty: null,
  reasoningEffort: null,
};

const messages: readonly Message[] = [
  { role: 'system', content: 'Reply with JSON. Table customers (id integer, name text)' },
  { role: 'user', content: 'Question: How many customers are there?' },
];

/** Asks a served model, with a question of its own unless messages are given. */
export async function askServed(
  server: ModelServer,
  request: Partial<ModelRequest> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<ModelReply> {
  const dialect = { engine: 'sqlite', product: 'SQLite', version: '3.50.0' } as const;
  return await createServedModel(server).answer(
    {
      question: 'How many customers are there?',
      schema: { dialect, database: 'shop', searchPath: ['main'], tables: [] },
      messages,
      attempts: [],
      values: () => Promise.reject(new Error('a served model asks for no values')),
      onProgress: () => {},
      ...request,
    },
    signal,
  );
}

/** A memory of rungs that lasts as long as the test. */
export function rungMemory(
  known: Readonly<Record<string, Rung>> = {},
): RungMemory & { readonly known: Map<string, Rung> } {
  const map = new Map(Object.entries(known));
  return {
    known: map,
    get: async (key) => map.get(key) ?? null,
    set: async (key, rung) => void map.set(key, rung),
  };
}
