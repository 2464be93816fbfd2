import { flushCompileCache } from 'node:module';
import { Worker } from 'node:worker_threads';
import { messageOf, SqlqError } from '../../errors.ts';
import type { Admission } from '../admitted-statement.ts';
import type { Database, PendingWrite } from '../database.ts';
import { adapterOf, dialectOf } from '../engines.ts';
import { requireAdmitted, requireChange } from '../refusals.ts';
import type { Target } from '../target.ts';
import type {
  GoAhead,
  Operation,
  Operations,
  Reply,
  Request,
  Watch,
  WireError,
  WrittenStatement,
} from './protocol.ts';
import { runStatement } from './run.ts';
import { keepWatch } from './watch.ts';

/**
 * The process that talks to the database. It is told everything over the channel to its parent, does one thing at a
 * time, and can be killed at any moment: what it holds is one connection.
 */
let opened: { readonly database: Database; readonly target: Target } | null = null;
let pendingWrite: PendingWrite | null = null;
let goAhead: (() => void) | null = null;
const leaving = new AbortController();

type Handlers = {
  [Name in Operation]: (input: Operations[Name]['input']) => Promise<Operations[Name]['output']>;
};

const handlers: Handlers = {
  async open({ target, options, watch }) {
    const adapter = await adapterOf(target.engine);
    const database = await adapter.open(target, options, leaving.signal);
    opened = { database, target };
    guard(watch, dialectOf(target.engine).blocksThread);
    return { session: database.session };
  },
  facts: () => database().facts(leaving.signal),
  fingerprint: () => database().fingerprint(leaving.signal),
  dataFingerprint: () => database().dataFingerprint(leaving.signal),
  introspect: (filter) => database().introspect(filter, leaving.signal),
  admit: async (written) => (await admissionOf(written)).verdict,
  plan: async (written) => database().plan(requireAdmitted(await admissionOf(written)), leaving.signal),
  async run(request) {
    const start = performance.now();
    let told = start;
    return runStatement(
      database(),
      request,
      {
        onRows(rows) {
          const now = performance.now();
          if (now - told < 100) return;
          told = now;
          send({ progress: { rows, milliseconds: now - start } });
        },
        beforePrint: () =>
          new Promise((resolve) => {
            goAhead = resolve;
            send({ aboutToPrint: true });
          }),
      },
      leaving.signal,
    );
  },
  distinctValues: ({ columns, cap }) => database().distinctValues(columns, cap, leaving.signal),
  async beginWrite(written) {
    const statement = requireChange(await admissionOf(written));
    pendingWrite = await database().beginWrite(statement, leaving.signal);
    const { changes, committed, notes = [] } = pendingWrite;
    return { changes, committed, notes };
  },
  async commit() {
    await takePendingWrite().commit();
    return null;
  },
  async rollback() {
    await takePendingWrite().rollback();
    return null;
  },
  async close() {
    await opened?.database.close();
    opened = null;
    // The parent ends this process as soon as it hears that all is closed; nothing is written at the exit then.
    flushCompileCache();
    return null;
  },
  async cancelSession({ target, session }) {
    await (await adapterOf(target.engine)).cancelSession(target, session);
    return null;
  },
};

function admissionOf({ sql, parameters }: WrittenStatement): Promise<Admission> {
  return database().admit(sql, parameters, leaving.signal);
}

function database(): Database {
  if (opened === null) throw new Error('the database is not open');
  return opened.database;
}

/** Sets a guard on this process. A driver that blocks the thread needs one on another; the rest are spared its cost. */
function guard(watch: Watch, driverBlocks: boolean): void {
  if (!driverBlocks) {
    // `disconnect` tells that the parent is gone, and leaves time to end the statement at the server.
    keepWatch({ ...watch, parent: null }).unref();
    return;
  }
  const file = import.meta.url.endsWith('.ts') ? './watchdog.ts' : './watchdog.js';
  new Worker(new URL(file, import.meta.url), { workerData: watch }).unref();
}

function takePendingWrite(): PendingWrite {
  if (pendingWrite === null) throw new Error('no write is pending');
  const taken = pendingWrite;
  pendingWrite = null;
  return taken;
}

function send(reply: Reply): void {
  // The parent may be gone; `disconnect` deals with that.
  if (process.connected) process.send?.(reply, undefined, undefined, () => {});
}

async function answer(request: Request): Promise<void> {
  try {
    send({ id: request.id, value: await dispatch(request) });
  } catch (error) {
    send({ id: request.id, error: wireError(error) });
  }
  if (request.name === 'close' || request.name === 'cancelSession') process.disconnect?.();
}

function dispatch(request: Request): Promise<unknown> {
  switch (request.name) {
    case 'open':
      return handlers.open(request.input);
    case 'introspect':
      return handlers.introspect(request.input);
    case 'admit':
    case 'plan':
    case 'beginWrite':
      return handlers[request.name](request.input);
    case 'run':
      return handlers.run(request.input);
    case 'distinctValues':
      return handlers.distinctValues(request.input);
    case 'cancelSession':
      return handlers.cancelSession(request.input);
    default:
      return handlers[request.name](null);
  }
}

function wireError(error: unknown): WireError {
  if (error instanceof SqlqError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: 'failed', message: messageOf(error), hint: null };
}

/** The parent is gone, or done: ends what the server still runs for it, and itself. */
async function leave(): Promise<void> {
  leaving.abort(new SqlqError('cancelled', 'The program that asked has ended.'));
  const left = opened;
  if (left !== null && left.database.session !== null) {
    const adapter = await adapterOf(left.target.engine);
    await adapter.cancelSession(left.target, left.database.session).catch(() => {});
    await left.database.close().catch(() => {});
  }
  process.exit(0);
}

// A terminal's Ctrl-C reaches every process of its group; the parent decides what it means.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => void leave());
process.on('message', (message: Request | GoAhead) => {
  if ('goAhead' in message) goAhead?.();
  else void answer(message);
});
