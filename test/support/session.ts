import { createReport, type Report } from '../../src/ask/report.ts';
import type { DatabaseClient } from '../../src/database/process/client.ts';
import { createSession, type Session } from '../../src/repl/session.ts';
import type { Turn } from '../../src/repl/turn.ts';
import type { Workspace } from '../../src/repl/workspace.ts';
import { type FakeContext, fakeContext, type Scripted } from './ask-context.ts';
import { type Fake, fake } from './fake.ts';

/** A session over fakes, and what they saw. */
export interface FakeSession extends FakeContext {
  readonly session: Session;
  readonly workspace: Fake<Workspace>;
  readonly report: Report;
}

export interface ScriptedSession extends Scripted {
  /** What a workspace does besides answering; what is left out throws where it is asked for. */
  readonly workspace?: Partial<Workspace>;
  readonly edit?: (text: string) => Promise<string>;
}

/** Makes a session whose workspace, model and database are fakes. */
export function fakeSession(scripted: ScriptedSession = {}): FakeSession {
  const made = fakeContext(scripted);
  const { context } = made;
  const workspace = fakeWorkspace({
    name: 'shop',
    place: 'shop.sqlite',
    database: context.database,
    askContext: async () => context,
    runContext: () => context,
    readSchema: () => context.knowledge.readSchema(),
    ...scripted.workspace,
  });
  const report = createReport();
  const session = createSession({
    workspace: workspace.value,
    terminal: context.terminal,
    prompts: () => context.prompts,
    pager: (pager) => pager,
    edit: scripted.edit ?? (() => Promise.reject(new Error('no edit was scripted'))),
    report,
  });
  return { ...made, session, workspace, report };
}

export function fakeWorkspace(scripted: Partial<Workspace>): Fake<Workspace> {
  return fake<Workspace>('the workspace', scripted);
}

/** Rows at hand that remember whether they were closed. */
export function fakeRows(): Fake<DatabaseClient> {
  return fake<DatabaseClient>('the rows', {
    engine: 'sqlite',
    examine: async () => ({
      verdict: { kind: 'read', reason: null },
      plan: { columns: [], tables: ['last'], rows: null, rowsScanned: null, cost: null, text: '' },
      problem: null,
    }),
    run: async () => ({ columns: [], rows: 1, truncated: false, closed: false, data: [] }),
    close: async () => {},
  });
}

/** An answer as a session keeps it. */
export function turn(rest: Partial<Turn> = {}): Turn {
  return {
    question: 'how many customers',
    sql: 'SELECT count(*) FROM customers',
    assumptions: [],
    reasoning: '',
    plan: { columns: [], tables: ['customers'], rows: null, rowsScanned: null, cost: null, text: 'SCAN' },
    columns: [{ name: 'n', kind: 'number', type: 'integer' }],
    kept: [[60]],
    rows: 1,
    basis: null,
    rejected: [],
    tellableSql: rest.sql ?? 'SELECT count(*) FROM customers',
    holdsStoredValues: false,
    ...rest,
  };
}
