import * as z from 'zod';
import { wellFormed } from './text.ts';

const name = wellFormed(z.string().min(1).max(200));
const sqlText = wellFormed(z.string().min(1).max(200_000));
const words = wellFormed(z.string().trim().min(1).max(20_000));

/** `POST /v1/ask`. */
export const askRequestSchema = z.strictObject({
  question: words,
  /** The usual one unless it is named. */
  database: name.optional(),
  profile: name.optional(),
  /** Goes on with it; a new one unless it is named. */
  conversation: name.optional(),
  /** Runs the SQL at once, and answers with rows too: for callers who may run. */
  run: z.boolean().default(false),
  /** Rows to stop after, where it runs at once. */
  limit: z.number().int().positive().optional(),
  /** Nothing that there is a doubt about is answered. */
  strict: z.boolean().optional(),
});

/** A step of work, as it begins: the event `step`. */
export const stepSchema = z.object({ text: z.string(), seconds: z.number() });

/** `POST /v1/sql`: the caller's own SQL, with `:name` for each of its values. */
export const sqlRequestSchema = z.strictObject({
  database: name.optional(),
  conversation: name.optional(),
  sql: sqlText,
  parameters: z.record(name, z.union([wellFormed(z.string().max(100_000)), z.number()])).optional(),
});

/** `POST /v1/answers/{id}/edit`: other SQL, that of a doubt, or a spelling as it was asked; by index. */
export const editRequestSchema = z.union([
  z.strictObject({ sql: sqlText }),
  z.strictObject({ mended: z.number().int().nonnegative() }),
  z.strictObject({ asAsked: z.number().int().nonnegative() }),
]);

/** `POST /v1/answers/{id}/reject`: the number of an assumption that is wrong, or what should be different. */
export const rejectRequestSchema = z.union([
  z.strictObject({ assumption: z.number().int().positive() }),
  z.strictObject({ hint: words }),
]);

/** `POST /v1/answers/{id}/choose`: one of the choices of a clarification by index, or other words. */
export const chooseRequestSchema = z.union([
  z.strictObject({ choice: z.number().int().nonnegative() }),
  z.strictObject({ text: words }),
]);

/** `POST /v1/answers/{id}/feedback`. */
export const feedbackRequestSchema = z.strictObject({
  verdict: z.enum(['good', 'bad']),
  /** What it should have been. */
  sql: sqlText.optional(),
});

export const feedbackReplySchema = z.object({ said: z.string() });

export type AskRequest = z.input<typeof askRequestSchema>;
export type Step = z.infer<typeof stepSchema>;
export type SqlRequest = z.input<typeof sqlRequestSchema>;
export type EditRequest = z.input<typeof editRequestSchema>;
export type RejectRequest = z.input<typeof rejectRequestSchema>;
export type ChooseRequest = z.input<typeof chooseRequestSchema>;
export type FeedbackRequest = z.input<typeof feedbackRequestSchema>;
export type FeedbackReply = z.infer<typeof feedbackReplySchema>;
