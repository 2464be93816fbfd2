import type { Doubts } from '../doubts/doubt.ts';
import type { AskContext } from './context.ts';
import { lookForDoubts, requireNoDoubt, showDoubts } from './doubts.ts';
import { planStatementOrThrow } from './plan-statement.ts';
import { type Candidate, editCandidate, review, showCandidate } from './review.ts';
import type { SecondReader } from './second-reader.ts';
import { respelled, tellableSql } from './spellings.ts';

/** SQL that the user runs, and what it is doubted for. */
export interface Confirmed extends Candidate {
  readonly found: Doubts;
}

/** What the user says of SQL that they would not have run: what they want instead. */
export interface AnotherWanted {
  readonly sql: string;
  readonly hint: string;
}

/** Shows a candidate until the user runs it or wants another; without a question where consent came with the command. */
export async function confirm(
  context: AskContext,
  proposed: Candidate,
  before: string | null,
  reader: SecondReader | null,
): Promise<Confirmed | AnotherWanted> {
  let candidate = proposed;
  for (;;) {
    await showCandidate(context, candidate, before);
    const found = await lookForDoubts(context, candidate.statement, {
      isOwn: candidate.isOwn ?? false,
      reader,
      language: candidate.language,
    });
    showDoubts(context.terminal, found);
    await requireNoDoubt(context, found);
    if (context.yes || context.dryRun) {
      return { ...candidate, found };
    }
    const decision = await review(context, candidate, found.doubts);
    if (decision.kind === 'mended') {
      const { access, signal, database } = context;
      const statement = await planStatementOrThrow(database, decision.sql, access, signal);
      candidate = { ...candidate, statement, written: candidate.written ?? tellableSql(context, candidate) };
      continue;
    }
    if (decision.kind === 'as-asked') {
      const others = (candidate.spelt?.spellings ?? []).filter((one) => one !== decision.spelling);
      candidate = await respelled(context, candidate, others);
      continue;
    }
    if (decision.kind === 'run') {
      return { ...candidate, found };
    }
    if (decision.kind === 'another') {
      return { sql: tellableSql(context, candidate), hint: decision.hint };
    }
    const edited = await editCandidate(context, candidate);
    // Nobody but the user has written it: no model took anything for granted in it.
    candidate =
      edited === null
        ? candidate
        : {
            statement: edited,
            assumptions: [],
            isOwn: true,
            written: candidate.written ?? tellableSql(context, candidate),
          };
  }
}
