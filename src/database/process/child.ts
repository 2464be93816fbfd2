import { Worker } from 'node:worker_threads';
import { messageOf, SqlqError } from '../../errors.ts';
import type { Database, PendingWrite } from '../database.ts';
import { adapterOf } from '../open.ts';
import type { Target } from '../target.ts';
import type { GoAhead, Operation, Operations, Reply, Request, Watch, WireError } from './protocol.ts';
import type { WatchdogData } from './watchdog.ts';

/**
 * The process that talks to the database. It is told everything over the channel to its parent, does one thing at a
 * time, and can be killed at any moment: what it holds is one connection.
 */
let opened: { readonly database: Database; readonly target: Target; readonly watch: Watch } | null = null;
let pendingWrite: PendingWrite | null = null;
let watchdog: Worker | null = null;
let goAhead: (() => void) | null = null;
const leaving = new AbortController();

type Handlers = {
  [Name in Operation]: (input: Operations[Name]['input']) => Promise<Operations[Name]['output']>;
};

const handlers: Handlers = {
  async open({ target, options, watch }) {
    const adapter = await adapterOf(target);
    const database = await adapter.open(target, options, leaving.signal);
    opened = { database, target, watch };
    return { session: database.session };
  },
  facts: () => database().facts(leaving.signal),
  fingerprint: () => database().fingerprint(leaving.signal),
  dataFingerprint: () => database().dataFingerprint(leaving.signal),
  introspect: (filter) => watched().introspect(filter, leaving.signal),
  judge: (sql) => database().judge(sql, leaving.signal),
  check: (sql) => watched().check(sql, leaving.signal),
  async run(request) {
    const watchedDatabase = watched();
    const { runStatement } = await import('./run.ts');
    const start = performance.now();
    let told = start;
    return runStatement(
      watchedDatabase,
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
  distinctValues: ({ columns, cap }) => watched().distinctValues(columns, cap, leaving.signal),
  async beginWrite(sql) {
    pendingWrite = await watched().beginWrite(sql, leaving.signal);
    return { changes: pendingWrite.changes, committed: pendingWrite.committed };
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
    return null;
  },
  async cancelSession({ target, session }) {
    await (await adapterOf(target)).cancelSession(target, session);
    return null;
  },
};

function database(): Database {
  if (opened === null) throw new Error('the database is not open');
  return opened.database;
}

/** The database, with the watchdog on guard: whatever follows may run long or grow large. */
function watched(): Database {
  const found = database();
  if (watchdog === null && opened !== null) {
    const file = import.meta.url.endsWith('.ts') ? './watchdog.ts' : './watchdog.js';
    const workerData: WatchdogData = {
      ...opened.watch,
      graceMilliseconds: found.session === null ? 0 : 5000,
    };
    watchdog = new Worker(new URL(file, import.meta.url), { workerData });
    watchdog.unref();
  }
  return found;
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
    case 'judge':
    case 'check':
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
    const adapter = await adapterOf(left.target);
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
