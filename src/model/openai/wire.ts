import { z } from 'zod';

const text = z.string().nullish();

/** What is read where it is there, and no harm where it has another shape. */
const aside = text.catch(null);

/** Mistral sends its text in parts, thinking among them. */
const content = z.union([
  z.string(),
  z
    .array(z.object({ text: z.string().optional() }))
    .transform((parts) => parts.map((part) => part.text ?? '').join('')),
]);

/** Arguments come as the text of JSON; some servers send the object. */
const toolCall = z.object({
  index: z.number().nullish(),
  function: z
    .object({ arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish() })
    .nullish(),
});

const message = z.object({
  content: content.nullish(),
  refusal: text,
  /** Ollama and OpenRouter; llama.cpp, vLLM and DeepSeek say `reasoning_content`. */
  reasoning: aside,
  reasoning_content: aside,
  tool_calls: z.array(toolCall).nullish(),
});

const choice = z.object({
  delta: message.nullish(),
  message: message.nullish(),
  finish_reason: text,
});

const usage = z.object({
  prompt_tokens: z.number().nullish(),
  completion_tokens: z.number().nullish(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: z.number().nullish() }).nullish(),
});

/** A whole chat completion, or one chunk of a streamed one. What is not read here may have any shape. */
export const completionSchema = z.object({
  choices: z.array(choice).nullish(),
  usage: usage.nullish().catch(null),
  error: z.unknown().optional(),
});

export type WireMessage = z.infer<typeof message>;
export type WireUsage = z.infer<typeof usage>;

/** A list of models, with the window where the server tells it. */
export const modelListSchema = z.object({
  /** Ollama without models sends null. */
  data: z
    .array(
      z.object({
        id: z.string(),
        /** llama.cpp */
        meta: z.object({ n_ctx: z.number().nullish() }).nullish(),
        /** vLLM */
        max_model_len: z.number().nullish(),
        /** OpenRouter */
        context_length: z.number().nullish(),
      }),
    )
    .nullable(),
});
