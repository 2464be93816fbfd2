import * as z from 'zod';
import { rowFormatSchema } from './run.ts';

/** `POST /v1/jobs`. */
export const jobRequestSchema = z.strictObject({
  /** The id of an answer. */
  answer: z.string().min(1).max(200),
  format: rowFormatSchema.default('csv'),
  limit: z.number().int().positive().optional(),
});

/** A run that goes on by itself. */
export const jobSchema = z.object({
  id: z.string(),
  answer: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  rows: z.number().int(),
  bytes: z.number().int(),
  format: rowFormatSchema,
  time: z.string(),
  /** When its result is thrown away. */
  expires: z.string(),
  error: z.string().nullable(),
});

export const jobsSchema = z.object({ jobs: z.array(jobSchema) });

export type JobRequest = z.input<typeof jobRequestSchema>;
export type Job = z.infer<typeof jobSchema>;
