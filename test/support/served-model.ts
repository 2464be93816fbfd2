import type { Message } from '../../src/model/message.ts';
import type { ModelReply, ModelRequest } from '../../src/model/model.ts';
import { createServedModel } from '../../src/model/openai/served-model.ts';
import type { ModelServer, StructuredOutputMode } from '../../src/model/server.ts';
import type { TextStore } from '../../src/schema/cache.ts';

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
    structuredOutput: 'auto',
    retries: 0,
    proxy: null,
    isLocal: true,
    memory: null,
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

/** A memory of servers that lasts as long as the test. */
export interface ServerMemory extends TextStore {
  /** The modes that are remembered, of each server and model. */
  modes(): readonly (string | undefined)[];
  /** Whether each server and model is known to take tools. */
  takesTools(): readonly (boolean | undefined)[];
}

/** A memory where every server is known to answer in a mode; an empty one without it. */
export function serverMemory(mode?: StructuredOutputMode): ServerMemory {
  const texts = new Map<string, string>();
  return {
    modes: () => [...texts.values()].map((text) => JSON.parse(text).mode),
    takesTools: () => [...texts.values()].map((text) => JSON.parse(text).tools?.taken),
    read: async (key) => texts.get(key) ?? (mode === undefined ? null : JSON.stringify({ mode })),
    write: async (key, text) => void texts.set(key, text),
  };
}
