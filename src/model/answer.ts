import { z } from 'zod';

/**
 * What every model is asked to reply with, on every rung of the ladder. All keys are required and nullable, and the
 * root is one object, as strict structured output demands. `reasoning` stands first: small models need to think
 * before they write SQL.
 */
export const answerSchema = z.strictObject({
  reasoning: z.string(),
  sql: z.string().nullable(),
  assumptions: z.array(z.string()),
  unanswerable: z.string().nullable(),
  clarification: z.string().nullable(),
});

/** One reading of a question that has several. */
export interface Choice {
  readonly reading: string;
  readonly sql: string | null;
}

/** A reply, reduced to the one thing that it says. */
export type Answer =
  | {
      readonly kind: 'sql';
      readonly sql: string;
      readonly reasoning: string;
      readonly assumptions: readonly string[];
    }
  | { readonly kind: 'unanswerable'; readonly reason: string }
  | { readonly kind: 'clarification'; readonly question: string; readonly choices: readonly Choice[] };
