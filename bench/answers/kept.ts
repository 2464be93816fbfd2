import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Case } from './cases.ts';
import type { Outcome } from './run.ts';

const strings = z.array(z.string()).readonly();
const outcomeSchema = z.object({
  /** Whose answer it is, where several are asked. */
  peer: z.string().default('sqlq'),
  id: z.string(),
  set: z.string(),
  database: z.string(),
  question: z.string(),
  result: z.enum(['right', 'wrong', 'refused', 'failed']),
  sql: z.string().nullable(),
  golds: strings,
  note: z.string().nullable(),
  milliseconds: z.number(),
  doubts: strings,
  assumptions: strings,
  requests: z.number(),
  tokensIn: z.number(),
  tokensOut: z.number(),
}) satisfies z.ZodType<Outcome>;

/** One outcome, and whose it is. */
export type KeptOutcome = z.infer<typeof outcomeSchema>;

/** What became of cases, in a file as it comes: a run that was broken off can go on where it stopped. */
export interface Kept {
  /** Those that were there and those that were added, in that order. */
  readonly outcomes: readonly KeptOutcome[];
  has(peer: string, entry: Pick<Case, 'set' | 'id'>): boolean;
  add(outcome: KeptOutcome): void;
}

/** Where outcomes go. */
interface KeptPlace {
  /** A JSON object a line; memory alone where it is left out. */
  readonly json?: string | undefined;
  /** What the file holds counts, instead of being written over. */
  readonly resume: boolean;
}

/** Begins to keep outcomes, or goes on with those of a run before. */
export function openKept({ json, resume }: KeptPlace): Kept {
  const before = resume && json !== undefined && existsSync(json) ? readFileSync(json, 'utf8') : '';
  // Where the last line is cut, its case is asked again.
  const whole = before.slice(0, before.lastIndexOf('\n') + 1);
  const outcomes = whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => outcomeSchema.parse(JSON.parse(line)));
  const keyOf = (peer: string, { set, id }: Pick<Case, 'set' | 'id'>): string =>
    JSON.stringify([peer, set, id]);
  const known = new Set(outcomes.map((outcome) => keyOf(outcome.peer, outcome)));
  if (json !== undefined) {
    writeFileSync(json, whole);
  }
  return {
    outcomes,
    has: (peer, entry) => known.has(keyOf(peer, entry)),
    add(outcome) {
      outcomes.push(outcome);
      known.add(keyOf(outcome.peer, outcome));
      if (json !== undefined) {
        appendFileSync(json, `${JSON.stringify(outcome)}\n`);
      }
    },
  };
}
