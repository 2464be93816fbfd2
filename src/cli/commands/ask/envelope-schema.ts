import * as z from 'zod';

const code = z.enum(['failed', 'usage', 'refused', 'unanswerable', 'limit', 'cancelled']);

/** What `sqlq ask --json-envelope` prints, however the question ends; `envelope.schema.json` is made of it. */
export const envelopeSchema = z.strictObject({
  version: z.string().describe('of sqlq'),
  question: z.string().nullable(),
  database: z.string().nullable().describe('without user and password'),
  sql: z.string().nullable().describe('the last SQL there was, whether it ran or not'),
  assumptions: z.array(z.string()).describe('what the SQL takes for granted'),
  doubts: z
    .array(
      z.strictObject({
        kind: z.string(),
        sentence: z.string(),
        evidence: z.record(z.string(), z.unknown()).describe('what the sentence rests on'),
        mendedSql: z.string().nullable().describe('SQL without the doubt'),
      }),
    )
    .describe('reasons, found in the data, to think that the rows do not mean what was asked'),
  sources: z
    .array(z.string())
    .describe('documents that the model was told of, or that the answer rests on: docs/metrics.md § Churn'),
  columns: z
    .array(z.strictObject({ name: z.string(), type: z.string() }))
    .nullable()
    .describe('null where nothing ran'),
  rows: z
    .array(z.record(z.string(), z.unknown()))
    .nullable()
    .describe('an object a row, digit for digit: read numbers with a parser that keeps them'),
  truncated: z.boolean().describe('there are more rows than these'),
  warnings: z.array(z.string()),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  usage: z
    .strictObject({
      promptTokens: z.number(),
      completionTokens: z.number(),
      cachedTokens: z.number().nullable(),
      reasoningTokens: z.number().nullable(),
    })
    .nullable()
    .describe('tokens; null where no server was asked'),
  milliseconds: z.number(),
  exitCode: z.number().int().describe('that of the process'),
  error: z
    .strictObject({ code, message: z.string(), hint: z.string().nullable() })
    .nullable()
    .describe('null where it was answered'),
});

export type Envelope = z.infer<typeof envelopeSchema>;

/** The JSON Schema of it. */
export function envelopeSchemaText(): string {
  const schema = z.toJSONSchema(envelopeSchema, { io: 'output' });
  return `${JSON.stringify({ title: 'What sqlq ask --json-envelope prints', ...schema }, null, 2)}\n`;
}
