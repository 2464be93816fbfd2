import * as z from 'zod';
import { answeredSchema } from './answer.ts';
import { wellFormed } from './text.ts';

const value = z.union([z.string(), z.number(), z.null()]);

/** `GET /v1/saved`. */
export const savedSchema = z.object({
  saved: z.array(
    z.object({
      name: z.string(),
      question: z.string(),
      sql: z.string(),
      parameters: z.array(
        z.object({
          name: z.string(),
          type: z.string(),
          default: value,
          choices: z.array(value).nullable(),
          description: z.string().nullable(),
        }),
      ),
    }),
  ),
});

/** `POST /v1/saved/{name}/ask`. */
export const askSavedRequestSchema = z.strictObject({
  parameters: z
    .record(wellFormed(z.string()), z.union([wellFormed(z.string().max(100_000)), z.number(), z.null()]))
    .default({}),
  database: z.string().min(1).max(200).optional(),
});

/** `GET /v1/history`. */
export const historyQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** The id of an entry: those before it. */
  before: z.coerce.number().int().positive().optional(),
});

export const historySchema = z.object({
  history: z.array(
    z.object({
      id: z.number().int(),
      time: z.string(),
      question: z.string(),
      sql: z.string(),
      database: z.string(),
      outcome: z.string(),
      rows: z.number().int().nullable(),
      conversation: z.string().nullable(),
      verdict: z.enum(['good', 'bad']).nullable(),
    }),
  ),
});

/** `GET /v1/conversations`. */
export const conversationsSchema = z.object({
  conversations: z.array(
    z.object({ id: z.string(), title: z.string(), time: z.string(), turns: z.number().int() }),
  ),
});

/** `GET /v1/conversations/{id}`. */
export const conversationSchema = z.object({ id: z.string(), turns: z.array(answeredSchema) });

export type Saved = z.infer<typeof savedSchema>;
export type AskSavedRequest = z.input<typeof askSavedRequestSchema>;
export type History = z.infer<typeof historySchema>;
export type Conversations = z.infer<typeof conversationsSchema>;
export type Conversation = z.infer<typeof conversationSchema>;
