import { z } from 'zod';

const text = z.string().nullish();

/** What is read where it is there, and no harm where it has another shape. */
const aside = text.catch(null);

const object = z.record(z.string(), z.unknown());

/** Mistral sends its text in parts, thinking among them; gateways that read the JSON themselves send the object. */
const content = z.union([
  z.string(),
  object.transform((read) => JSON.stringify(read)),
  z
    .array(z.object({ text: z.string().optional() }))
    .transform((parts) => parts.map((part) => part.text ?? '').join('')),
]);

/** Arguments come as the text of JSON; some servers send the object. */
const calledFunction = z.object({
  name: aside,
  arguments: z.union([z.string(), object]).nullish(),
});
const toolCall = z.object({
  index: z.number().nullish(),
  id: aside,
  function: calledFunction.nullish(),
});

const message = z.object({
  content: content.nullish(),
  refusal: text,
  /** Ollama and OpenRouter; llama.cpp, vLLM and DeepSeek say `reasoning_content`. */
  reasoning: aside,
  reasoning_content: aside,
  tool_calls: z.array(toolCall).nullish(),
  /** What tool calls were before there were several. */
  function_call: calledFunction.nullish().catch(null),
  /** The object of a structured reply, as SDKs and gateways made after them have it beside the text, or instead. */
  parsed: object.nullish().catch(null),
});

const usage = z.object({
  prompt_tokens: z.number().nullish(),
  completion_tokens: z.number().nullish(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: z.number().nullish() }).nullish(),
});

const usageAside = usage.nullish().catch(null);

const choice = z.object({
  /** Of several that were drawn; servers that draw one may leave it out. */
  index: z.number().nullish().catch(null),
  delta: message.nullish(),
  message: message.nullish(),
  /** Of the completions before there were messages. */
  text: aside,
  finish_reason: text,
  /** OpenRouter */
  error: z.unknown().optional(),
  /** Moonshot */
  usage: usageAside,
});

/** A whole chat completion, or one chunk of a streamed one. What is not read here may have any shape. */
export const completionSchema = z.object({
  choices: z.array(choice).nullish(),
  usage: usageAside,
  /** Groq */
  x_groq: z.object({ usage: usageAside }).nullish().catch(null),
  error: z.unknown().optional(),
});

export type WireCompletion = z.infer<typeof completionSchema>;
export type WireMessage = z.infer<typeof message>;
export type WireToolCall = z.infer<typeof toolCall>;
export type WireUsage = z.infer<typeof usage>;

const size = z.number().nullish().catch(null);

const listedModel = z.object({
  id: z.string(),
  /** llama.cpp */
  meta: z.object({ n_ctx: size }).nullish().catch(null),
  /** vLLM */
  max_model_len: size,
  /** OpenRouter */
  context_length: size,
});

const modelList = z.array(
  z.union([
    listedModel,
    z.string().transform((id) => listedModel.parse({ id })),
    z.object({ name: z.string() }).transform(({ name }) => listedModel.parse({ id: name })),
  ]),
);

/** The models that a server lists, with the window where it tells it; gateways such as Together's send a bare array. */
export const modelListSchema = z.union([
  modelList,
  // Ollama without models sends null.
  z.object({ data: modelList.nullable() }).transform(({ data }) => data ?? []),
  z.object({ models: modelList }).transform(({ models }) => models),
]);
