import { randomBytes } from 'node:crypto';
import { DatabaseError } from 'pg';
import type { KeptStatement, Step } from './batch.ts';

/**
 * Statements of our own that are long to plan and run again and again: the server keeps them under names for as long as
 * the connection lasts. Only where the connection is of one backend: a pooler would leave them to its next client, and
 * run the next transaction where nobody knows the name.
 */
export interface KeptStatements {
  /** A statement with its values, to be kept where that can be. */
  step(text: string, values: readonly (string | null)[]): Step;
  /** What a failure says of them; true where they were the cause, and nothing is kept from now on. */
  learnFrom(error: unknown): boolean;
}

/** `invalid_sql_statement_name`, `duplicate_prepared_statement`: the backend is another than it was. */
const nameProblems = new Set(['26000', '42P05']);

/** What a new connection keeps. */
export function keptStatements(isKept: boolean): KeptStatements {
  const known = new Map<string, KeptStatement>();
  let keeps = isKept;
  return {
    step(text, values) {
      if (!keeps) {
        return { text, values };
      }
      const kept = known.get(text) ?? { name: `sqlq_${randomBytes(8).toString('hex')}`, isThere: false };
      known.set(text, kept);
      return { text, values, kept };
    },
    learnFrom(error) {
      // One that failed while it ran may be there or not: it gets another name.
      for (const [text, { isThere }] of known) {
        if (!isThere) {
          known.delete(text);
        }
      }
      const isCause = keeps && error instanceof DatabaseError && nameProblems.has(error.code ?? '');
      keeps &&= !isCause;
      return isCause;
    },
  };
}
