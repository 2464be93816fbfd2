import { SqlqError, WriteError } from '../errors.ts';
import type { Attempt } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import type { AskContext } from './context.ts';
import { planStatement } from './plan-statement.ts';
import { problemText } from './prompt/problem.ts';
import { isFromHere } from './report.ts';
import type { Candidate } from './review.ts';
import { tellableSql } from './spellings.ts';

/** Whether an error is the statement's own, and not that of a full disk, a deadline or the user's Ctrl-C. */
export function isStatementFailure(error: unknown): error is SqlqError {
  return error instanceof SqlqError && error.code === 'failed' && !(error instanceof WriteError);
}

/**
 * What a model is told of SQL that failed while it ran, a division by zero or a value that is no number. Null where
 * another query would not help: the error is none of the statement, a change was under way, rows are out already, or
 * the engine on this machine would only guess again.
 */
export async function attemptAfterRun(
  context: AskContext,
  schema: Schema,
  candidate: Candidate,
  error: unknown,
): Promise<Attempt | null> {
  const { generation, database, access, signal, terminal, report } = context;
  const { statement, reasoning = '' } = candidate;
  const readsValues = generation.readsValues || isFromHere(report);
  if (!isStatementFailure(error) || readsValues || statement.kind !== 'read') {
    return null;
  }
  // A database that still plans the statement is there, and did not lose the connection.
  const again = await planStatement(database, statement.sql, access, signal).catch(() => null);
  if (again === null || 'error' in again) {
    return null;
  }
  terminal.progress.stop();
  const words = terminal.escape(error.message);
  terminal.note(terminal.style('yellow', `The SQL failed while it ran: ${words}`));
  terminal.note(terminal.style('dim', 'Asking for a better one.'));
  // What was put into it from the data is no server's to know.
  const sql = tellableSql(context, candidate);
  const problem = problemText(context, schema, sql, { source: 'database', error });
  return { sql, reasoning, source: 'database', problem };
}
