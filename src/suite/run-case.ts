import { ask } from '../ask/ask.ts';
import type { AskContext } from '../ask/context.ts';
import { createReport } from '../ask/report.ts';
import { runSql } from '../ask/run.ts';
import { exitCodes, SqlqError } from '../errors.ts';
import { compareAnswer, type Failure } from './compare-answer.ts';
import type { Case } from './read-suite.ts';
import { StaleRecordingError } from './replay.ts';

/** How a case went, once. */
export interface Outcome {
  readonly failures: readonly Failure[];
  /** Things to mind that are no failures: too many tokens, too slow. */
  readonly warnings: readonly string[];
  /** What the question became; null where it became none. */
  readonly sql: string | null;
  /** Tokens of prompts and replies; null where no model counted. */
  readonly tokens: number | null;
  readonly milliseconds: number;
  /** Its replies must be recorded, again or for the first time. */
  readonly stale: boolean;
}

/** Rows of one answer that a suite looks at; a result with more can't be compared. */
export const mostRows = 100_000;

/**
 * Asks a case's question on the way that every question goes, and holds the answer against what is expected. The context
 * must collect its rows. Rejects only where the run as a whole has to end: a cancellation, or wrong usage.
 */
export async function runCase(entry: Case, context: AskContext): Promise<Outcome> {
  const { data } = context.report;
  const start = performance.now();
  let failures: readonly Failure[];
  let milliseconds: number | null = null;
  let stale = false;
  try {
    const answer = await ask(context, entry.question);
    milliseconds = performance.now() - start;
    failures = await compareAnswer(
      entry.expect,
      {
        sql: answer.statement.sql,
        reads: answer.statement.plan.tables,
        columns: answer.columns,
        rows: answer.kept,
        truncated: answer.truncated,
        doubts: data.doubts.map(({ sentence }) => sentence),
      },
      async (sql) => {
        const beside = { ...context, report: createReport(), doubts: null };
        const { columns, kept: rows, truncated } = await runSql(beside, sql);
        return { columns, rows, truncated };
      },
    );
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof SqlqError)) {
      throw error;
    }
    stale = error instanceof StaleRecordingError;
    failures = failuresOfRefusal(entry, error);
  }
  milliseconds ??= performance.now() - start;
  const tokens = data.tokens === null ? null : data.tokens.promptTokens + data.tokens.completionTokens;
  return {
    failures,
    warnings: warningsOf(entry, tokens, milliseconds),
    sql: data.sql,
    tokens,
    milliseconds,
    stale,
  };
}

function failuresOfRefusal({ expect }: Case, error: SqlqError): readonly Failure[] {
  const code = exitCodes[error.code];
  if (expect.refused === code) {
    return [];
  }
  const expected =
    expect.refused === undefined ? '' : `it should be refused with exit code ${expect.refused}: `;
  if (error instanceof StaleRecordingError) {
    return [{ message: error.message }];
  }
  return [{ message: `${expected}${error.message} (exit code ${code})` }];
}

function warningsOf({ expect }: Case, tokens: number | null, milliseconds: number): readonly string[] {
  const { max_tokens: mostTokens, max_milliseconds: mostMilliseconds } = expect;
  const warnings: string[] = [];
  if (mostTokens !== undefined && tokens !== null && tokens > mostTokens) {
    warnings.push(`it took ${tokens} tokens, more than ${mostTokens}`);
  }
  if (mostMilliseconds !== undefined && milliseconds > mostMilliseconds) {
    warnings.push(`it took ${Math.round(milliseconds)} ms, more than ${mostMilliseconds}`);
  }
  return warnings;
}
