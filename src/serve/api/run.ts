import * as z from 'zod';
import { answerSchema, clarificationSchema, doubtSchema, resultColumnSchema } from './answer.ts';

/** The formats of rows over HTTP. */
export const rowFormats = ['json', 'ndjson', 'csv', 'tsv', 'xlsx', 'html', 'markdown'] as const;

export const rowFormatSchema = z.enum(rowFormats);

/** `POST /v1/answers/{id}/run`. */
export const runRequestSchema = z.strictObject({
  /** `json` unless `Accept` or this says otherwise. */
  format: rowFormatSchema.optional(),
  /** Rows to stop after. */
  limit: z.number().int().positive().optional(),
});

/** Rows as one JSON document; numbers that JSON's readers would round are strings. */
export const rowsSchema = z.object({
  columns: z.array(resultColumnSchema),
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean(),
  doubts: z.array(doubtSchema),
  milliseconds: z.number(),
});

/** `POST /v1/ask` with `run`: what was answered, and its rows. */
export const answeredWithRowsSchema = z.discriminatedUnion('kind', [
  answerSchema.extend({ rows: rowsSchema.optional() }),
  clarificationSchema,
]);

/** What a change has done so far: it is rolled back unless it is committed. */
export const changesSchema = z.object({
  changes: z.array(z.object({ table: z.string(), rows: z.number().int().nullable() })),
  notes: z.array(z.string()),
  /** What is agreed to: a commit counts for exactly this. */
  digest: z.string(),
});

/** `POST /v1/answers/{id}/commit`. */
export const commitRequestSchema = z.strictObject({ digest: z.string().min(1).max(200) });

export const commitReplySchema = z.object({ committed: z.literal(true), rows: z.number().int() });

export type AnsweredWithRows = z.infer<typeof answeredWithRowsSchema>;
export type RowFormat = z.infer<typeof rowFormatSchema>;
export type RunRequest = z.input<typeof runRequestSchema>;
export type Rows = z.infer<typeof rowsSchema>;
export type Changes = z.infer<typeof changesSchema>;
export type CommitReply = z.infer<typeof commitReplySchema>;
