import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type ApiAnswered, answeredSchema } from '../api/answer.ts';
import type { Caller } from '../caller.ts';
import { notFound } from '../http-error.ts';
import type { SharedState } from '../state/state.ts';

const attemptSchema = z.object({
  sql: z.string(),
  problem: z.string(),
  reasoning: z.string().exactOptional(),
  source: z.enum(['guard', 'database', 'user']),
  holdsStoredValues: z.boolean().exactOptional(),
});

const previousSchema = z.object({
  question: z.string(),
  sql: z.string(),
  columns: z.array(z.string()),
  rows: z.string().nullable(),
  holdsStoredValues: z.boolean().exactOptional(),
});

const spellingSchema = z.object({
  asked: z.string(),
  stored: z.string(),
  columns: z.array(z.string()),
  assumption: z.string(),
});

const parameterSchema = z.object({
  name: z.string(),
  value: z.string(),
  type: z.enum(['text', 'integer', 'number']),
});

/** What an answer was made of, as far as another one may be made of it. */
const madeSchema = z.object({
  /** The profile that was named; null for the usual one. */
  profile: z.string().nullable(),
  strict: z.boolean(),
  /** What the model was asked: the question, and what was clarified of it. */
  meaning: z.string(),
  /** The answer that the question could build on. */
  previous: previousSchema.nullable(),
  rejected: z.array(z.string()),
  attempts: z.array(attemptSchema),
  parameters: z.array(parameterSchema),
  /** The SQL before a doubt's was taken in its place; null where none was. */
  written: z.string().nullable(),
  /** What it was before stored spellings were put into it; null where none were. */
  spelt: z
    .object({ sql: z.string(), assumptions: z.array(z.string()), spellings: z.array(spellingSchema) })
    .nullable(),
  /** Its SQL as a model may be told of it. */
  tellableSql: z.string(),
  holdsStoredValues: z.boolean(),
  /** Its number in the history; null where it is not there. */
  history: z.number().nullable(),
  cacheable: z.object({ key: z.string(), sql: z.string(), assumptions: z.array(z.string()) }).nullable(),
});

const keptSchema = z.object({
  owner: z.string(),
  /** Whether it was made for somebody who might run SQL, so that what is told of it may rest on rows. */
  sawRows: z.boolean().default(true),
  /** The patterns of columns that were hidden from them then. */
  hide: z.array(z.string()).default([]),
  told: answeredSchema,
  made: madeSchema,
});

export type Made = z.infer<typeof madeSchema>;

/** An answer, or a question back, as it is kept for whoever asked. */
export type Kept = z.infer<typeof keptSchema>;

/** The answers that can be run, changed and judged. All but `keep` throw `not-found` for what is not the caller's own. */
export interface Answers {
  keep(caller: Caller, told: ApiAnswered, made: Made): Promise<Kept>;
  find(caller: Caller, id: string): Promise<Kept>;
  /** Changes what is told of an answer, whoever else changes it at the same time. */
  change(caller: Caller, id: string, change: (told: ApiAnswered) => ApiAnswered): Promise<Kept>;
}

/** An answer can be run for so long. */
export const keptMilliseconds = 7 * 24 * 60 * 60_000;

export function createAnswers(state: SharedState): Answers {
  const read = async (caller: Caller, id: string): Promise<{ text: string; kept: Kept }> => {
    const text = /^[\w-]{22}$/u.test(id) ? await state.get(keyOf(id)) : null;
    if (text === null) {
      throw notFound('answer');
    }
    const kept = keptSchema.parse(JSON.parse(text));
    if (kept.owner !== caller.id) {
      throw notFound('answer');
    }
    return { text, kept };
  };
  return {
    async keep(caller, told, made) {
      const kept = { owner: caller.id, sawRows: caller.roles.has('run'), hide: [...caller.hide], told, made };
      await state.set(keyOf(told.id), JSON.stringify(kept), keptMilliseconds);
      return kept;
    },
    find: async (caller, id) => (await read(caller, id)).kept,
    async change(caller, id, change) {
      for (;;) {
        const { text, kept } = await read(caller, id);
        const changed = { ...kept, told: change(kept.told) };
        if (await state.replace(keyOf(id), text, JSON.stringify(changed), keptMilliseconds)) {
          return changed;
        }
      }
    },
  };
}

/** An id that nobody guesses. */
export function newId(): string {
  return randomBytes(16).toString('base64url');
}

function keyOf(id: string): string {
  return `answer:${id}`;
}
