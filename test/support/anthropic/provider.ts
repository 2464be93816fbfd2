import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { SqlqError } from '../../../src/errors.ts';
import type { Message } from '../../../src/model/message.ts';
import type { Model } from '../../../src/model/model.ts';
import type { ServedProvider } from '../../../src/model/provider.ts';
import { parseAnswer } from '../../../src/model/reply/parse.ts';
import type { ModelServer } from '../../../src/model/server.ts';

/** Anthropic's messages API as a provider: what a contributor would write to add a protocol. */
export const anthropic: ServedProvider = {
  kind: 'served',
  embed: null,
  create,
  async listModels(server, signal) {
    const response = await fetch(`${server.baseUrl}/v1/models`, { headers: headersOf(server), signal });
    const { data } = z.object({ data: z.array(z.object({ id: z.string() })) }).parse(await response.json());
    return data.map(({ id }) => ({ name: id, contextSize: null }));
  },
  async probe(server, signal) {
    const models = (await anthropic.listModels(server, signal)).map(({ name }) => name);
    return {
      models,
      hasModel: models.includes(server.model),
      contextSize: null,
      structuredOutput: 'text',
      warnings: [],
      problem: null,
    };
  },
  contextSize: async () => 200_000,
  schemaBudget: () => 100_000,
  detect: async () => null,
  hints: () => ({ start: null, pull: () => null }),
  preview: async (server, { messages }) => ({
    host: new URL(server.baseUrl).host,
    text: JSON.stringify(bodyOf(server, messages)),
  }),
};

const eventSchema = z.object({
  type: z.string(),
  message: z.object({ usage: z.object({ input_tokens: z.number() }) }).optional(),
  delta: z.object({ text: z.string().optional() }).optional(),
  usage: z.object({ output_tokens: z.number() }).optional(),
});

function create(server: ModelServer): Model {
  return {
    provider: server.provider,
    name: server.model,
    async answer(request, signal) {
      const sent = await anthropic.preview(server, request);
      request.onSent?.(sent);
      const response = await fetch(`${server.baseUrl}/v1/messages`, {
        method: 'POST',
        headers: headersOf(server),
        body: sent.text,
        signal,
      });
      let content = '';
      let pieces = 0;
      let promptTokens = 0;
      let completionTokens = 0;
      const parser = createParser({
        onEvent({ data }) {
          const event = eventSchema.parse(JSON.parse(data));
          promptTokens = event.message?.usage.input_tokens ?? promptTokens;
          completionTokens = event.usage?.output_tokens ?? completionTokens;
          if (event.delta?.text !== undefined) {
            content += event.delta.text;
            pieces += 1;
            request.onProgress(pieces);
          }
        },
      });
      parser.feed(await response.text());
      const parsed = parseAnswer({ content, toolArguments: '', reasoning: '' });
      if (!parsed.ok) {
        throw new SqlqError('failed', `${server.model} gave no usable answer: ${parsed.problem}`);
      }
      const usage = { promptTokens, completionTokens, cachedTokens: null, reasoningTokens: null };
      return { answer: parsed.answer, structuredOutput: 'text', usage, sent: [sent], warnings: [] };
    },
  };
}

function headersOf(server: ModelServer): Record<string, string> {
  return {
    'content-type': 'application/json',
    'anthropic-version': '2023-06-01',
    'x-api-key': server.apiKey ?? '',
  };
}

/** Rules and schema are the system's text there, and no message. */
function bodyOf(server: ModelServer, messages: readonly Message[]): object {
  const isSystem = ({ role }: Message): boolean => role === 'system';
  return {
    model: server.model,
    max_tokens: server.maxTokens,
    stream: true,
    system: messages
      .filter(isSystem)
      .map(({ content }) => content)
      .join('\n\n'),
    messages: messages.filter((message) => !isSystem(message)),
  };
}
