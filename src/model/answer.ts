import { z } from 'zod';
import type { Language } from '../words/language.ts';
import type { ToolCall } from './message.ts';

/**
 * What every model is asked to reply with, in every structured-output mode; `answerJsonSchema` is what it is told. Keys
 * that it leaves out count as null, and keys of its own invention are passed over by the parser. `reasoning` stands first: small models
 * need to think before they write SQL.
 */
export const answerSchema = z.strictObject({
  reasoning: z.string().default(''),
  sql: z.string().nullable().default(null),
  assumptions: z.array(z.string()).default([]),
  unanswerable: z.string().nullable().default(null),
  clarification: z.string().nullable().default(null),
});

/** As `answerSchema`, where a model may ask for tables that it was not told of. */
export const partialAnswerSchema = answerSchema.extend({ needs: z.array(z.string()).default([]) });

/** One interpretation of a question that has several. */
export interface Choice {
  readonly interpretation: string;
  readonly sql: string | null;
}

/** A reply, reduced to the one thing that it says. */
export type Answer =
  | {
      readonly kind: 'sql';
      readonly sql: string;
      readonly reasoning: string;
      readonly assumptions: readonly string[];
      /** The question's, where whoever answered knows it better than its small words tell. */
      readonly language?: Language;
    }
  /** `ofReader` where the reader did not understand, and says nothing of what the schema holds. */
  | {
      readonly kind: 'unanswerable';
      readonly reason: string;
      readonly ofReader?: true;
      readonly language?: Language;
    }
  /** Tables that are left out of what it was told, and that it wants to hear of first. */
  | { readonly kind: 'tables'; readonly names: readonly string[] }
  /** It wants to look first; `said` stands beside its calls. */
  | { readonly kind: 'calls'; readonly calls: readonly ToolCall[]; readonly said: string }
  | { readonly kind: 'clarification'; readonly question: string; readonly choices: readonly Choice[] };

/**
 * Reduces a valid reply to the one thing that it says; the text of what is wrong where it says none or several,
 * because guessing which one is meant would be answering wrong.
 */
export function toAnswer(reply: z.infer<typeof partialAnswerSchema>): Answer | string {
  const sql = said(unfenced(reply.sql ?? ''));
  const reason = said(reply.unanswerable);
  const question = said(reply.clarification);
  const count = [sql, reason, question].filter((text) => text !== null).length;
  const names = reply.needs.flatMap((name) => said(name) ?? []);
  // Whoever says why it can't be answered, and what is missing, wants that.
  if (sql === null && question === null && names.length > 0) {
    return { kind: 'tables', names };
  }
  if (count !== 1) {
    return `exactly one of "sql", "unanswerable" and "clarification" must hold a text, the others null; ${count} do`;
  }
  if (sql !== null) {
    const assumptions = reply.assumptions.flatMap((text) => said(text) ?? []);
    return { kind: 'sql', sql, reasoning: reply.reasoning.trim(), assumptions };
  }
  if (reason !== null) {
    return { kind: 'unanswerable', reason };
  }
  return { kind: 'clarification', question: question ?? '', choices: [] };
}

/** Small models write the word where a schema asks for null. */
const nothing = new Set(['', 'null', 'none', 'n/a', 'undefined']);

function said(text: string | null): string | null {
  const trimmed = (text ?? '').trim();
  return nothing.has(trimmed.toLowerCase()) ? null : trimmed;
}

function unfenced(sql: string): string {
  return /^\s*```\w*\s*\n([\s\S]*?)\n?\s*```\s*$/.exec(sql)?.[1] ?? sql;
}
