import type { ChatCompletionCreateParamsStreaming as CreateParams } from 'openai/resources/chat/completions';
import { answerJsonSchema, partialAnswerJsonSchema } from '../answer-schema.ts';
import type { Looking, Message } from '../message.ts';
import type { ModelServer, StructuredOutputMode } from '../server.ts';
import { quirksOf } from './quirks.ts';

/** The protocol's own type, open where servers know words that OpenAI does not. */
type OpenParams = Omit<CreateParams, 'reasoning_effort'> & { readonly reasoning_effort: string | null };

/** A request's parameters by name, ready for JSON. */
export type RequestBody = Readonly<Record<string, unknown>>;

/** How a request asks: for the answer in a mode, or for a look with tools before it. */
export type Asked = { readonly mode: StructuredOutputMode } | { readonly looking: Looking };

/** What a request depends on besides its server and its messages. */
export interface RequestShape {
  /** Parameters that this server would not take. */
  readonly refused: ReadonlySet<string>;
  /** The model may ask for tables that it was not told of. */
  readonly mayNeedTables: boolean;
}

type AnswerJsonSchema = typeof answerJsonSchema;

/**
 * The answer's schema. Servers that make a grammar of it get a bound: a small model would list assumptions without end.
 * Others need no such bound, and some refuse the keyword.
 */
function schemaFor({ isLocal }: ModelServer, { mayNeedTables }: RequestShape): AnswerJsonSchema {
  const schema = mayNeedTables ? partialAnswerJsonSchema : answerJsonSchema;
  const { assumptions } = schema.properties;
  const bounded = { ...schema.properties, assumptions: { ...assumptions, maxItems: 6 } };
  return isLocal ? { ...schema, properties: bounded } : schema;
}

/** The body of one request. */
export function requestBody(
  server: ModelServer,
  asked: Asked,
  messages: readonly Message[],
  maxTokens: number,
  shape: RequestShape,
): RequestBody {
  const { refused } = shape;
  const quirks = quirksOf(server);
  const { sampling } = server;
  const renamed = refused.has(quirks.tokenLimit);
  const usesMaxTokens = (quirks.tokenLimit === 'max_tokens') !== renamed;
  const params: OpenParams = {
    model: server.model,
    ...('mode' in asked
      ? inMode(asked.mode, messages, schemaFor(server, shape))
      : withTools(asked.looking, messages, schemaFor(server, shape))),
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: usesMaxTokens ? maxTokens : null,
    max_completion_tokens: usesMaxTokens ? null : maxTokens,
    temperature: sampling.temperature ?? quirks.temperature,
    top_p: sampling.topP,
    seed: sampling.seed,
    stop: sampling.stop && [...sampling.stop],
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
    reasoning_effort: sampling.reasoningEffort ?? quirks.reasoningEffort,
  };
  return Object.fromEntries(
    Object.entries(params).filter(([name, value]) => value !== null && !refused.has(name)),
  );
}

/** Asks for the answer alone. */
function inMode(
  mode: StructuredOutputMode,
  messages: readonly Message[],
  schema: AnswerJsonSchema,
): Pick<OpenParams, 'messages'> & Partial<OpenParams> {
  return {
    messages: (mode === 'text' ? withFence(messages) : messages).map(onWire),
    ...formatOf(mode, schema),
  };
}

/**
 * Offers tools to look with, and one to answer with. The model is free to choose, as it is where nothing is said of it: some
 * servers refuse the word for that, and a format beside tools.
 */
function withTools(
  { tools, note }: Looking,
  messages: readonly Message[],
  schema: AnswerJsonSchema,
): Pick<OpenParams, 'messages' | 'tools'> {
  const question = messages.findIndex(({ role }) => role === 'user');
  const noted = messages.map((message, index) =>
    index === question ? { ...message, content: `${message.content}\n\n${note}` } : message,
  );
  const offered = tools.map((tool) => ({
    type: 'function' as const,
    function: { ...tool, parameters: { ...tool.parameters } },
  }));
  return { messages: noted.map(onWire), tools: [...offered, answerTool(schema)] };
}

/** A message as the protocol writes it. */
function onWire(message: Message): OpenParams['messages'][number] {
  if (message.role === 'tool') {
    return { role: 'tool', tool_call_id: message.callId, content: message.content };
  }
  if (message.role !== 'assistant' || message.calls === undefined) {
    return { role: message.role, content: message.content };
  }
  return {
    role: 'assistant',
    content: message.content === '' ? null : message.content,
    tool_calls: message.calls.map(({ id, name, arguments: text }) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    })),
  };
}

/** The name of the tool that takes the answer. */
export const answerToolName = 'answer';

function answerTool(schema: AnswerJsonSchema) {
  return {
    type: 'function' as const,
    function: { name: answerToolName, description: 'Gives the answer.', parameters: schema },
  };
}

/** How a mode asks for the shape of the answer. The prompt describes it in all of them. */
function formatOf(mode: StructuredOutputMode, schema: AnswerJsonSchema): Partial<OpenParams> {
  switch (mode) {
    case 'json_schema':
      return {
        response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
      };
    case 'json_object':
      return { response_format: { type: 'json_object' } };
    case 'tool':
      return {
        tools: [answerTool(schema)],
        tool_choice: { type: 'function', function: { name: answerToolName } },
      };
    case 'text':
    case 'sql':
      return {};
  }
}

/** Whether a parameter is one that the profile sets, and must not be left out in silence. */
export function isSampling({ sampling }: ModelServer, parameter: string): boolean {
  const set: Readonly<Record<string, unknown>> = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    seed: sampling.seed,
    stop: sampling.stop,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
    reasoning_effort: sampling.reasoningEffort,
  };
  return set[parameter] != null;
}

/** Parameters that carry the shape of the answer: a server that refuses one of them refuses the mode. */
export const formatParameters: ReadonlySet<string> = new Set(['response_format', 'tools', 'tool_choice']);

/** Added to the last message, so that the prompt's beginning stays the same in every mode. */
function withFence(messages: readonly Message[]): readonly Message[] {
  return messages.map((message, index) =>
    index === messages.length - 1
      ? {
          ...message,
          content: `${message.content}\n\nReply with the JSON object alone, in one \`\`\`json block.`,
        }
      : message,
  );
}
