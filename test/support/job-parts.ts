import { join } from 'node:path';
import { type DatabaseClient, openDatabase } from '../../src/database/process/client.ts';
import type { Target } from '../../src/database/target.ts';
import type { ServedDatabase } from '../../src/mcp/workspace.ts';
import type { ApiAnswer } from '../../src/serve/api/answer.ts';
import type { Audit } from '../../src/serve/audit/audit.ts';
import type { Caller } from '../../src/serve/caller.ts';
import { createDrain } from '../../src/serve/http/drain.ts';
import type { Login } from '../../src/serve/login.ts';
import { unobserved } from '../../src/serve/observe.ts';
import type { Parts } from '../../src/serve/parts.ts';
import { type ClientPool, createClientPool } from '../../src/serve/pool/client-pool.ts';
import type { Conversations } from '../../src/serve/question/conversations.ts';
import { createAnswers, type Made, newId } from '../../src/serve/question/kept.ts';
import { answerIn, type KeptAnswer } from '../../src/serve/question/kept-answer.ts';
import { createPurse } from '../../src/serve/question/purse.ts';
import { createStanding } from '../../src/serve/standing.ts';
import { openState } from '../../src/serve/state/open.ts';
import type { SharedState } from '../../src/serve/state/state.ts';
import type { Workspace } from '../../src/serve/workspace.ts';
import { createSilentTerminal } from '../../src/terminal/silent.ts';
import { fakeContext } from './ask-context.ts';
import { fake } from './fake.ts';

/** Somebody who may ask and run. */
export function callerNamed(id: string, changes: Partial<Caller> = {}): Caller {
  return {
    id,
    name: id,
    roles: new Set(['ask', 'run']),
    databases: null,
    profiles: null,
    hide: [],
    rowLimit: null,
    dollars: null,
    by: 'access-token',
    signIn: null,
    ...changes,
  };
}

/** What jobs work with: a real database in a pool of processes, and a state that instances share; nothing else. */
export interface JobParts {
  readonly parts: Parts;
  readonly state: SharedState;
  readonly pool: ClientPool;
  /** Keeps an answer of somebody's. */
  answer(caller: Caller, sql: string): Promise<KeptAnswer>;
  /** Ends all at once, as a server does that can wait no longer. */
  readonly ending: AbortController;
  close(): Promise<void>;
}

export async function jobParts(target: Target, folder: string): Promise<JobParts> {
  const state = await openState(null, join(folder, 'state.db'));
  const pool = createClientPool({
    name: 'shop',
    engine: target.engine,
    open: (): DatabaseClient =>
      openDatabase(target, {
        access: 'read',
        timeoutMilliseconds: 120_000,
        hide: [],
        memoryLimit: 2 ** 30,
        environment: process.env,
        streams: { mostMilliseconds: 120_000 },
      }),
    size: 3,
    mostWaiting: 10,
    idleMilliseconds: 60_000,
    writeMilliseconds: 60_000,
  });
  const ending = new AbortController();
  const answers = createAnswers(state);
  const workspace = fake<Workspace>('the workspace', {
    databases: ['shop'],
    access: 'read',
    limit: null,
    open: async (_name, caller) =>
      fake<ServedDatabase>('the database', {
        client: pool.clientFor(caller.id),
        name: 'shop',
        runContext: (call) => ({
          ...fakeContext().context,
          ...call,
          yes: true,
          database: pool.clientFor(caller.id),
        }),
      }).value,
    noteRun: async () => {},
    redact: (text) => text.replaceAll('secret', '•••'),
    warn: (text) => {
      throw new Error(text);
    },
    silentTerminal: () =>
      createSilentTerminal({ stdin: process.stdin, stdout: process.stdout, stderr: process.stderr }, {}),
  });
  const parts: Parts = {
    workspace: workspace.value,
    login: fake<Login>('the login', {}).value,
    standing: createStanding({ recall: async (callers) => callers }),
    state,
    observe: unobserved,
    audit: fake<Audit>('the audit log', { record: async () => {} }).value,
    drain: createDrain(),
    answers,
    conversations: fake<Conversations>('the conversations', {}).value,
    purse: createPurse(state, () => new Date()),
    now: () => new Date(),
    readers: { idleMilliseconds: 60_000 },
    ending: ending.signal,
  };
  return {
    parts,
    state,
    pool,
    ending,
    answer: async (caller, sql) => answerIn(await answers.keep(caller, answerOf(sql), made)),
    async close() {
      await pool.close();
      await state.close();
    },
  };
}

function answerOf(sql: string): ApiAnswer {
  return {
    kind: 'answer',
    id: newId(),
    question: null,
    database: 'shop',
    conversation: newId(),
    time: new Date().toISOString(),
    sql,
    formatted: sql,
    statement: 'read',
    assumptions: [],
    doubts: [],
    notLooked: [],
    sources: [],
    warnings: [],
    plan: { columns: [], rows: null, cost: null, text: null },
    answeredBy: { profile: null, provider: null, model: null },
    tokens: null,
    dollars: null,
    cached: false,
    seconds: 0,
    runs: [],
    verdict: null,
  };
}

const made: Made = {
  profile: null,
  strict: false,
  meaning: '',
  previous: null,
  rejected: [],
  attempts: [],
  parameters: [],
  written: null,
  spelt: null,
  tellableSql: '',
  holdsStoredValues: false,
  history: null,
  cacheable: null,
};
