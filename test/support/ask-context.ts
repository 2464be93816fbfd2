import { Readable, Writable } from 'node:stream';
import type { AskContext, Outcome, Recalled } from '../../src/ask/context.ts';
import { createReport } from '../../src/ask/report.ts';
import { noStore } from '../../src/config/folders.ts';
import type { Plan, Verdict } from '../../src/database/database.ts';
import type { DatabaseClient } from '../../src/database/process/client.ts';
import { type Examination, wireError } from '../../src/database/process/protocol.ts';
import { SqlqError } from '../../src/errors.ts';
import type { FileGuard } from '../../src/files/file-guard.ts';
import type { Answer } from '../../src/model/answer.ts';
import type { Model, ModelRequest } from '../../src/model/model.ts';
import type { Schema } from '../../src/schema/schema.ts';
import type { Prompts } from '../../src/terminal/prompt.ts';
import { createTerminal } from '../../src/terminal/terminal.ts';
import { type Fake, fake, inTurn } from './fake.ts';
import { column, schema, table } from './schema.ts';

/** What a question meets in a test of its logic; what is left out throws where it is asked for. */
export interface Scripted {
  /** What the model says, one after the other; an error is thrown. */
  readonly answers?: readonly (Answer | Error)[];
  /** SQL that the guard does not admit, and why. */
  readonly refused?: Readonly<Record<string, string>>;
  /** SQL that the database can't plan, and its error. */
  readonly broken?: Readonly<Record<string, string>>;
  /** SQL that fails when it runs, and its error. */
  readonly failing?: Readonly<Record<string, SqlqError>>;
  readonly plan?: Partial<Plan>;
  readonly schema?: Schema;
  readonly recalled?: Partial<Recalled>;
  /** What the user chooses in menus, by the beginning of the label, and types. */
  readonly chooses?: readonly string[];
  readonly types?: readonly string[];
  readonly confirms?: readonly boolean[];
  readonly interactive?: boolean;
  readonly context?: Partial<AskContext>;
  readonly generation?: Partial<AskContext['generation']>;
  readonly turn?: Partial<AskContext['turn']>;
}

/** A context of fakes, and what they saw. */
export interface FakeContext {
  readonly context: AskContext;
  readonly model: Fake<Model>;
  readonly database: Fake<DatabaseClient>;
  /** The requests that the model was asked. */
  requests(): readonly ModelRequest[];
  readonly outcomes: readonly Outcome[];
  stdout(): string;
  stderr(): string;
}

const shop = schema([table('customers', [column('id', 'integer'), column('name')])], {
  dialect: { engine: 'sqlite', product: 'SQLite', version: '3.50.0' },
});

/** An answer that is SQL. */
export function sql(text: string, assumptions: readonly string[] = []): Answer {
  return { kind: 'sql', sql: text, reasoning: `because of ${text}`, assumptions };
}

/** Makes the context of a question whose model and database are fakes. */
export function fakeContext(scripted: Scripted = {}): FakeContext {
  const nextAnswer = inTurn('the model', scripted.answers ?? []);
  const model = fake<Model>('the model', {
    provider: 'fake',
    name: 'fake-model',
    async answer() {
      const answer = nextAnswer();
      if (answer instanceof Error) {
        throw answer;
      }
      return { answer, structuredOutput: 'text', usage: null, sent: [], warnings: [] };
    },
  });
  const database = fake<DatabaseClient>('the database', {
    engine: 'sqlite',
    async examine({ sql: text }): Promise<Examination> {
      const reason = scripted.refused?.[text];
      if (reason !== undefined) {
        return { verdict: { kind: 'forbidden', reason }, plan: null, problem: null };
      }
      const verdict: Verdict = { kind: 'read', reason: null };
      const message = scripted.broken?.[text];
      if (message !== undefined) {
        return { verdict, plan: null, problem: wireError(new SqlqError('failed', message)) };
      }
      const none = { columns: [], tables: [], rows: null, rowsScanned: null, cost: null, text: '' };
      return { verdict, plan: { ...none, ...scripted.plan }, problem: null };
    },
    async run(text) {
      const error = scripted.failing?.[text];
      if (error !== undefined) {
        throw error;
      }
      const columns = [{ name: 'n', kind: 'number', type: 'integer' } as const];
      return { columns, rows: 1, truncated: false, closed: false, data: [[60]] };
    },
  });
  const nextChoice = inTurn('the menu', scripted.chooses ?? []);
  const prompts = fake<Prompts>('the prompts', {
    async select(_message, options) {
      const wanted = nextChoice();
      const option = options.find(({ label }) => label.startsWith(wanted));
      if (option === undefined) {
        throw new Error(`no choice begins with ${wanted}: ${options.map(({ label }) => label).join(', ')}`);
      }
      return option.value;
    },
    input: async () => nextText(),
    confirm: async () => nextConfirm(),
  });
  const nextText = inTurn('the input', scripted.types ?? []);
  const nextConfirm = inTurn('the confirmation', scripted.confirms ?? []);
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      write: (chunk, _encoding, done) => {
        written[name] += String(chunk);
        done();
      },
    });
  const streams = { stdin: Readable.from([]), stdout: stream('stdout'), stderr: stream('stderr') };
  const terminal = createTerminal(streams, { color: false, environment: {}, quiet: false, verbose: false });
  const outcomes: Outcome[] = [];
  const context: AskContext = {
    database: database.value,
    place: 'shop',
    terminal: { ...terminal, interactive: scripted.interactive ?? false },
    prompts: prompts.value,
    files: fake<FileGuard>('the file guard', {}).value,
    pager: null,
    report: createReport(),
    access: 'read',
    yes: !(scripted.interactive ?? false),
    dryRun: false,
    maxRowsScanned: null,
    maxCost: null,
    delivery: { format: 'csv', output: null, limit: null, csvSafe: false, collect: true },
    doubts: null,
    signal: new AbortController().signal,
    generation: {
      model: model.value,
      describe: { comments: true, defaults: false },
      schemaBudget: 10_000,
      lookSteps: null,
      repairs: 2,
      sendValues: false,
      sendRows: false,
      readsValues: false,
      secondModel: null,
      readings: noStore,
      salt: 'salt',
      answers: null,
      ...scripted.generation,
    },
    knowledge: {
      readSchema: async () => scripted.schema ?? shop,
      readValues: () => Promise.reject(new Error('no values were scripted')),
      knownValues: null,
      readProfiles: null,
      recall: async () => ({ examples: [], notes: [], documents: [], attempts: [], ...scripted.recalled }),
      searchDocuments: null,
      remember: async (outcome) => outcomes.push(outcome),
    },
    turn: { now: new Date(2026, 0, 2), previous: null, rejected: [], attempts: [], ...scripted.turn },
    edit: () => Promise.reject(new Error('no edit was scripted')),
    ...scripted.context,
  };
  return {
    context,
    model,
    database,
    requests: () => model.of('answer').map(([request]) => request as ModelRequest),
    outcomes,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
  };
}
