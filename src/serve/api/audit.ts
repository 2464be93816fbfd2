import * as z from 'zod';

/** `GET /v1/audit`. */
export const auditQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  /** The number of a record: those before it. */
  before: z.coerce.number().int().positive().optional(),
});

const text = z.string().nullable();

/** The newest records of this machine's audit log, the newest first. */
export const auditSchema = z.object({
  records: z.array(
    z.object({
      record: z.number().int(),
      time: z.string(),
      action: z.string(),
      outcome: z.string(),
      user: text,
      userId: text,
      by: text,
      address: text,
      requestId: text,
      about: text,
      database: text,
      question: text,
      sql: text,
      rows: z.number().nullable(),
      milliseconds: z.number().nullable(),
    }),
  ),
});
