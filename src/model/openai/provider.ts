import type { ServedProvider } from '../provider.ts';
import { contextSize } from './context-size.ts';
import { quirksOf } from './quirks.ts';
import { createServedModel, firstRequest } from './served-model.ts';
import { schemaBudget } from './window.ts';

/** The chat completions protocol, which almost every server of models speaks. What few runs need loads when it is called. */
export const openai: ServedProvider = {
  kind: 'served',
  create: createServedModel,
  listModels: async (server, signal) => (await import('./list-models.ts')).listModels(server, signal),
  probe: async (server, signal) => (await import('./probe.ts')).probeServer(server, signal),
  embed: async (server, texts, onSent, signal) =>
    (await import('./embed.ts')).embed(server, texts, onSent, signal),
  contextSize,
  schemaBudget,
  detect: async (place, signal) => (await import('./detect.ts')).detect(place, signal),
  hints: quirksOf,
  preview: firstRequest,
};
