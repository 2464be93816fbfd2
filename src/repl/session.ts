import { ask } from '../ask/ask.ts';
import type { Delivery, RunContext } from '../ask/context.ts';
import { addUsage, createReport, isFromHere, type Report } from '../ask/report.ts';
import { runSql } from '../ask/run.ts';
import { tellableSql } from '../ask/spellings.ts';
import type { DatabaseClient } from '../database/process/client.ts';
import { SqlqError } from '../errors.ts';
import type { Attempt, Usage } from '../model/model.ts';
import type { Format } from '../render/format.ts';
import type { Pager } from '../terminal/pager.ts';
import type { Prompts } from '../terminal/prompt.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { previousOf, type Turn } from './turn.ts';
import type { Workspace } from './workspace.ts';

/** Rows of an answer that stay at hand for `.last`. */
const mostKept = 10_000;

/** What a session has spent. */
export interface Spent {
  questions: number;
  usage: Usage | null;
  /** Null where nobody knows the price of anything that was asked. */
  dollars: number | null;
  /** How much of each budget is used, a line each. */
  budgets: readonly string[];
  /** Milliseconds by step. */
  readonly steps: Map<string, number>;
}

/** A session's state; what a line does changes it. */
export interface Session {
  workspace: Workspace;
  readonly terminal: Terminal;
  /** Questions to the user while a line is worked on. */
  readonly prompts: (signal: AbortSignal) => Prompts;
  /** Shows what the window is too small for, as `RunContext` has it. */
  readonly pager: (pager: Pager | null) => Pager | null;
  /** Lets the user edit a text. */
  readonly edit: (text: string) => Promise<string>;
  /** Keeps what the last line did, for `--report`. */
  readonly report: Report;
  /** The answers so far, the last one last. */
  turns: Turn[];
  /** The format of rows; null as settings and flags have it. */
  format: Format | null;
  /** The last rows as a database, once they were asked for. */
  rows: { readonly turn: Turn; readonly client: DatabaseClient } | null;
  readonly spent: Spent;
  ended: boolean;
}

export function createSession(
  parts: Pick<Session, 'workspace' | 'terminal' | 'prompts' | 'pager' | 'edit' | 'report'>,
): Session {
  return {
    ...parts,
    turns: [],
    format: null,
    rows: null,
    spent: { questions: 0, usage: null, dollars: null, budgets: [], steps: new Map() },
    ended: false,
  };
}

/** The last answer. Throws a SqlqError `usage` where there is none. */
export function lastTurn(session: Session): Turn {
  const turn = session.turns.at(-1);
  if (turn !== undefined) {
    return turn;
  }
  throw new SqlqError('usage', 'There is no answer yet.', { hint: 'Ask something first.' });
}

export interface Question {
  readonly text: string;
  /** The answer that it may build on. */
  readonly basis: Turn | null;
  readonly rejected?: readonly string[];
  readonly attempts?: readonly Attempt[];
}

/** Answers a question and makes the answer the last one. */
export async function answer(session: Session, question: Question, signal: AbortSignal): Promise<void> {
  const { text, basis, rejected = [], attempts = [] } = question;
  session.spent.questions += 1;
  const context = await session.workspace.askContext(signal);
  await reported(session, async (report) => {
    const answered = await ask(
      {
        ...context,
        ...inSession(session, report, signal, context),
        edit: session.edit,
        turn: {
          ...context.turn,
          previous: previousOf(basis, context.generation.sendRows),
          rejected,
          attempts,
        },
      },
      text,
    );
    const { statement, assumptions, reasoning = '', columns, kept, rows } = answered;
    session.turns.push({
      question: text,
      sql: statement.sql,
      tellableSql: tellableSql({ ...context, report }, answered),
      assumptions,
      reasoning,
      plan: statement.plan,
      columns: columns.length > 0 ? columns : statement.plan.columns,
      kept,
      rows,
      basis,
      rejected,
      holdsStoredValues: context.generation.readsValues || isFromHere(report),
    });
  });
}

/** Runs SQL of the user's own and makes it the last answer; `question` is what it answers, where it answers one. */
export async function runByHand(
  session: Session,
  sql: string,
  question: string | null,
  signal: AbortSignal,
): Promise<void> {
  await reported(session, async (report) => {
    const context = session.workspace.runContext(signal);
    const ran = await runSql({ ...context, ...inSession(session, report, signal, context) }, sql);
    const before = question === null ? undefined : session.turns.at(-1);
    session.turns.push({
      question,
      sql: ran.sql,
      tellableSql: ran.sql,
      assumptions: [],
      reasoning: '',
      plan: ran.plan,
      columns: ran.columns.length > 0 ? ran.columns : ran.plan.columns,
      kept: ran.kept,
      rows: ran.rows,
      basis: session.turns.at(-1) ?? null,
      rejected: [],
      // What is edited holds what it held.
      holdsStoredValues:
        before !== undefined && (before.holdsStoredValues || before.tellableSql !== before.sql),
    });
  });
}

/** Runs SQL without making it an answer, such as over the last rows or to a file. */
export async function runAside(
  session: Session,
  sql: string,
  change: Partial<Pick<RunContext, 'database' | 'access' | 'maxRowsScanned' | 'maxCost' | 'doubts'>> & {
    readonly delivery?: Partial<Delivery>;
  },
  signal: AbortSignal,
): Promise<void> {
  await reported(session, async (report) => {
    const context = session.workspace.runContext(signal);
    const inside = inSession(session, report, signal, context);
    const { delivery, ...others } = change;
    await runSql(
      { ...context, ...inside, ...others, delivery: { ...inside.delivery, keep: 0, ...delivery } },
      sql,
    );
  });
}

/** What a session sets in the context of a run. */
function inSession(
  session: Session,
  report: Report,
  signal: AbortSignal,
  { delivery, pager }: RunContext,
): Pick<RunContext, 'report' | 'signal' | 'prompts' | 'pager' | 'delivery'> {
  return {
    report,
    signal,
    prompts: session.prompts(signal),
    pager: session.pager(pager),
    delivery: { ...delivery, format: session.format ?? delivery.format, keep: mostKept },
  };
}

/** Does a step with a report of its own, and adds up what it took. */
async function reported(session: Session, work: (report: Report) => Promise<void>): Promise<void> {
  const report = createReport();
  const { spent } = session;
  try {
    await work(report);
  } finally {
    session.terminal.progress.stop();
    const { tokens, dollars, budgets } = report.data;
    spent.usage = addUsage(spent.usage, tokens);
    spent.dollars = dollars === null ? spent.dollars : (spent.dollars ?? 0) + dollars;
    spent.budgets = budgets.length > 0 ? budgets : spent.budgets;
    for (const { name, milliseconds } of report.data.steps) {
      spent.steps.set(name, (spent.steps.get(name) ?? 0) + milliseconds);
    }
    Object.assign(session.report.data, report.data);
  }
}
