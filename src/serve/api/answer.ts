import * as z from 'zod';

/** A reason to doubt an answer. */
export const doubtSchema = z.object({
  kind: z.string(),
  sentence: z.string(),
  evidence: z.record(z.string(), z.union([z.number(), z.string(), z.array(z.string()), z.null()])),
  /** SQL without the reason to doubt; null where there is none. */
  mendedSql: z.string().nullable(),
});

export const resultColumnSchema = z.object({ name: z.string(), type: z.string() });

/** One time that an answer's SQL ran. */
export const runSchema = z.object({
  /** In ISO 8601. */
  time: z.string(),
  /** Rows that were sent; null where it failed before any. */
  rows: z.number().int().nullable(),
  truncated: z.boolean(),
  milliseconds: z.number(),
  doubts: z.array(doubtSchema),
  /** Null where it ran to its end. */
  error: z.string().nullable(),
});

/** SQL that may run, with what it takes for granted and what there is to doubt. */
export const answerSchema = z.object({
  kind: z.literal('answer'),
  id: z.string(),
  /** Null where the caller wrote the SQL. */
  question: z.string().nullable(),
  database: z.string(),
  conversation: z.string(),
  /** In ISO 8601. */
  time: z.string(),
  /** What runs, to the letter. */
  sql: z.string(),
  /** The same with line breaks, to be shown. */
  formatted: z.string(),
  statement: z.enum(['read', 'write', 'ddl']),
  assumptions: z.array(
    z.object({
      number: z.number().int(),
      text: z.string(),
      /** Whether it is a stored spelling that was put in, which `asAsked` takes out. */
      spelling: z.boolean(),
    }),
  ),
  doubts: z.array(doubtSchema),
  /** What was not looked for, and why, in whole sentences. */
  notLooked: z.array(z.string()),
  /** Documents that the answer rests on. */
  sources: z.array(z.string()),
  warnings: z.array(z.string()),
  plan: z.object({
    columns: z.array(resultColumnSchema),
    rows: z.number().nullable(),
    cost: z.number().nullable(),
    text: z.string().nullable(),
  }),
  answeredBy: z.object({
    profile: z.string().nullable(),
    provider: z.string().nullable(),
    model: z.string().nullable(),
  }),
  tokens: z.object({ prompt: z.number(), completion: z.number() }).nullable(),
  dollars: z.number().nullable(),
  cached: z.boolean(),
  seconds: z.number(),
  runs: z.array(runSchema),
  verdict: z.enum(['good', 'bad']).nullable(),
});

/** What the model asks back before it can answer. */
export const clarificationSchema = z.object({
  kind: z.literal('clarification'),
  id: z.string(),
  question: z.string(),
  database: z.string(),
  conversation: z.string(),
  asks: z.string(),
  choices: z.array(z.object({ interpretation: z.string(), sql: z.string().nullable() })),
});

/** What comes of a question. */
export const answeredSchema = z.discriminatedUnion('kind', [answerSchema, clarificationSchema]);

export type ApiDoubt = z.infer<typeof doubtSchema>;
export type ApiRun = z.infer<typeof runSchema>;
export type ApiAnswer = z.infer<typeof answerSchema>;
export type ApiClarification = z.infer<typeof clarificationSchema>;
export type ApiAnswered = z.infer<typeof answeredSchema>;
