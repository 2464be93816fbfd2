import { appendFileSync } from 'node:fs';
import type { ReportData } from '../../ask/report.ts';
import { messageOf, SqlqError } from '../../errors.ts';

/** What a run does, for whoever runs it by a clock: a line of JSON each. No question, no SQL, no row, no text of an error. */
export interface EventLog {
  write(event: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** A log that nobody asked for. */
export const noLog: EventLog = { write: () => {} };

/** Whether a file is a log of ours, by its first bytes. */
export const startsLikeLog = (head: string): boolean => head.startsWith('{"time":"');

/** Appends to a file that its user alone may read; `run` is the same on all lines of one run. */
export function openEventLog(path: string, run: string, now: () => Date): EventLog {
  return {
    write(event, facts = {}) {
      const line = JSON.stringify({ time: now().toISOString(), run, event, ...facts });
      try {
        appendFileSync(path, `${line}\n`, { mode: 0o600 });
      } catch (error) {
        throw new SqlqError('usage', `The log ${path} can't be written: ${messageOf(error)}.`, {
          hint: 'Check that its folder exists and is yours to write to.',
          cause: error,
        });
      }
    },
  };
}

/** What a report says without anything that the database or the user said. */
export function countsOf(data: ReportData): Readonly<Record<string, unknown>> {
  const {
    provider,
    model,
    structuredOutput,
    tokens,
    dollars,
    answeredBy,
    rows,
    truncated,
    exitCode,
    warnings,
    sent,
  } = data;
  return {
    provider,
    model,
    structuredOutput,
    tokens,
    dollars,
    // The reason can hold a server's words.
    host: answeredBy?.host ?? null,
    isFallback: (answeredBy?.instead ?? null) !== null,
    requests: sent.length,
    rows,
    truncated,
    warnings: warnings.length,
    exitCode,
  };
}
