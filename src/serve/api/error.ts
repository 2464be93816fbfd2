import * as z from 'zod';

/** What went wrong, in a word that programs know: a run's own codes, and those of HTTP. */
export const errorCodeSchema = z.enum([
  'usage',
  'refused',
  'unanswerable',
  'failed',
  'limit',
  'cancelled',
  'unauthorized',
  'forbidden',
  'not-found',
  'conflict',
  'too-large',
  'too-many',
  'busy',
]);

/** The body of every reply that is an error. */
export const errorReplySchema = z.object({
  error: z.object({
    code: errorCodeSchema,
    message: z.string(),
    hint: z.string().nullable(),
    requestId: z.string(),
  }),
});

export type ApiErrorCode = z.infer<typeof errorCodeSchema>;
export type ErrorReply = z.infer<typeof errorReplySchema>;
