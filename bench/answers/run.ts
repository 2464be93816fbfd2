import { ask } from '../../src/ask/ask.ts';
import type { AskContext } from '../../src/ask/context.ts';
import { createReport } from '../../src/ask/report.ts';
import type { DatabaseClient } from '../../src/database/process/client.ts';
import { messageOf, SqlqError } from '../../src/errors.ts';
import type { Row } from '../../src/result.ts';
import type { Case } from './cases.ts';
import { sameRows } from './compare.ts';
import type { Opened, Program } from './program.ts';
import type { Host } from './server.ts';

/** How one case went. */
export interface Outcome {
  readonly id: string;
  readonly set: string;
  readonly database: string;
  readonly question: string;
  readonly result: 'right' | 'wrong' | 'refused' | 'failed';
  readonly sql: string | null;
  readonly golds: readonly string[];
  /** Why it was refused or failed, or the interpretations offered. */
  readonly note: string | null;
  /** The model's time and that of checking what it says, repairs included. */
  readonly milliseconds: number;
  /** Reasons to doubt the answer, as they are said before its rows. */
  readonly doubts: readonly string[];
  readonly assumptions: readonly string[];
  /** Requests to the model. */
  readonly requests: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
}

const never = new AbortController().signal;
const mostRows = 100_000;

/** The rows of a query that the guard admits. */
export async function rowsOf(database: Pick<DatabaseClient, 'run'>, sql: string): Promise<readonly Row[]> {
  const { data } = await database.run(sql, {
    render: { format: 'csv', csvSafe: false, width: null, color: false },
    destination: { kind: 'rows' },
    limit: mostRows,
    signal: never,
  });
  return data;
}

/** How a case is asked and compared. */
interface CaseRun {
  /** When it is asked. */
  readonly now?: Date;
  /** An answer may show more columns than the gold query. */
  readonly more?: boolean;
}

/** Asks one question on the program's own way, doubts included, and compares its rows with those of the gold query. */
export async function runCase(
  { context: shared }: Opened,
  entry: Case,
  { now = new Date(), more = false }: CaseRun = {},
): Promise<Outcome> {
  const report = createReport();
  const context: AskContext = {
    ...shared,
    report,
    turn: { ...shared.turn, now },
    doubts: shared.doubts === null ? null : { ...shared.doubts, now: () => now },
  };
  let result: Outcome['result'];
  let note: string | null = null;
  try {
    const { kept } = await ask(context, entry.question);
    result = (await isRight(context.database, entry.golds, kept, more)) ? 'right' : 'wrong';
  } catch (error) {
    result = error instanceof SqlqError && error.code === 'unanswerable' ? 'refused' : 'failed';
    note = messageOf(error);
  }
  const { sql, assumptions, doubts, steps, sent, tokens } = report.data;
  return {
    id: entry.id,
    set: entry.set,
    database: entry.database,
    question: entry.question,
    result,
    sql: result === 'refused' ? null : sql,
    golds: entry.golds,
    note,
    milliseconds: steps
      .filter(({ name }) => name === 'model' || name === 'check')
      .reduce((sum, step) => sum + step.milliseconds, 0),
    doubts: doubts.map(({ kind, sentence }) => `${kind}: ${sentence}`),
    assumptions,
    requests: sent.length,
    tokensIn: tokens?.promptTokens ?? 0,
    tokensOut: tokens?.completionTokens ?? 0,
  };
}

/** Whether rows are those of any of the gold queries. */
export async function isRight(
  database: DatabaseClient,
  golds: readonly string[],
  rows: readonly Row[],
  more = false,
): Promise<boolean> {
  for (const gold of golds) {
    if (sameRows(await rowsOf(database, gold), rows, { ordered: isOrdered(gold), more })) {
      return true;
    }
  }
  return false;
}

/** Runs cases in turn; each database is opened once, as long as its cases stand together. */
export async function runCases(
  cases: readonly Case[],
  host: Host,
  program: Program,
  onCase: (entry: Case) => void = () => {},
  onOutcome: (outcome: Outcome) => void = () => {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let current: { readonly name: string; readonly opened: Opened } | undefined;
  try {
    for (const entry of cases) {
      if (current?.name !== entry.database) {
        await current?.opened.close();
        const opened = await program.open(entry.database, await host.targetOf(entry.database));
        current = { name: entry.database, opened };
      }
      onCase(entry);
      const outcome = await runCase(current.opened, entry);
      onOutcome(outcome);
      outcomes.push(outcome);
    }
  } finally {
    await current?.opened.close();
  }
  return outcomes;
}

/** Whether a query orders the rows that it returns, not merely those of a subquery. */
export function isOrdered(sql: string): boolean {
  let depth = 0;
  const outer = sql.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(/[()]|[^()]+/g, (part) => {
    if (part === '(') {
      depth++;
    } else if (part === ')') {
      depth--;
    } else if (depth === 0) {
      return part;
    }
    return ' ';
  });
  return /\bORDER\s+BY\b/i.test(outer);
}
