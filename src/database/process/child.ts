import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { SqlqError } from '../../errors.ts';
import type { Database } from '../database.ts';
import { adapterOf, dialectOf } from '../engines.ts';
import { likelyEngine } from '../likely-engine.ts';
import type { Target } from '../target.ts';
import { endLook, look, type OpenLook } from './look.ts';
import { type Child, type Input, type Operation, perform } from './operations.ts';
import { type GoAhead, type Reply, type Request, type Watch, wireError } from './protocol.ts';
import { runStatement } from './run.ts';
import { keepWatch } from './watch.ts';

/**
 * The process that talks to the database. It is told everything over the channel to its parent, does one thing at a
 * time, and can be killed at any moment: what it holds is one connection.
 */
let opened: { readonly database: Database; readonly target: Target } | null = null;
let goAhead: (() => void) | null = null;
/** The end of the pipe that the parent made for rows, after the three streams and the channel; taken at its first use. */
let rowsPipe: Socket | null = null;
const leaving = new AbortController();
const openLook: OpenLook = { snapshot: null };
let lingering: NodeJS.Timeout | undefined;
let keepCode: () => void = () => {};

/** How long a snapshot stays open for the next look; it holds locks of the database. */
const lingerMs = 100;

const child: Child = {
  signal: leaving.signal,
  pending: { write: null },
  database() {
    if (opened === null) {
      throw new Error('the database is not open');
    }
    return opened.database;
  },
  async prepare(place) {
    const engine = likelyEngine(place);
    // Where its driver is missing, whoever opens it hears of that.
    await (engine === null ? null : adapterOf(engine).catch(() => {}));
  },
  async open(target, options, watch) {
    const adapter = await adapterOf(target.engine);
    const database = await adapter.open(
      target,
      { ...options, memoryLimit: watch.memoryLimit },
      leaving.signal,
    );
    opened = { database, target };
    startWatch(watch, dialectOf(target.engine).blocksThread);
    return database;
  },
  async close() {
    await opened?.database.close();
    opened = null;
    // The parent ends this process as soon as it hears that all is closed; nothing is done at the exit then.
    keepCode();
  },
  async cancelSession(target, session) {
    await (await adapterOf(target.engine)).cancelSession(target, session);
  },
  async leftRunning(target, session) {
    return (await (await adapterOf(target.engine)).leftRunning?.(target, session)) ?? null;
  },
  run(request) {
    const start = performance.now();
    let told = start;
    const events = {
      onRows(rows: number): void {
        const now = performance.now();
        if (now - told < 100) {
          return;
        }
        told = now;
        send({ progress: { rows, milliseconds: now - start } });
      },
      beforePrint: () =>
        new Promise<void>((resolve) => {
          goAhead = resolve;
          send({ aboutToPrint: true });
        }),
      onStreamed: (bytes: number) => send({ streamed: bytes }),
      rowsPipe(): Socket {
        rowsPipe ??= new Socket({ fd: 4, readable: false, writable: true });
        return rowsPipe;
      },
    };
    return runStatement(child.database(), request, events, leaving.signal);
  },
  look: (request) => look(child.database(), openLook, request, (found) => send({ found }), leaving.signal),
};

/** Watches this process. A driver that blocks the thread needs that done on another; the rest are spared its cost. */
function startWatch(watch: Watch, driverBlocks: boolean): void {
  if (!driverBlocks) {
    // `disconnect` tells that the parent is gone, and leaves time to end the statement at the server.
    keepWatch({ ...watch, parent: null }).unref();
    return;
  }
  const file = import.meta.url.endsWith('.ts') ? './watchdog.ts' : './watchdog.cjs';
  new Worker(new URL(file, import.meta.url), { workerData: watch }).unref();
}

function send(reply: Reply): void {
  // The parent may be gone; `disconnect` deals with that.
  if (process.connected) {
    process.send?.(reply, undefined, undefined, () => {});
  }
}

async function answer(request: Request<Operation, Input<Operation>>): Promise<void> {
  clearTimeout(lingering);
  try {
    if (request.name !== 'look') {
      await endLook(openLook);
    }
    send({ id: request.id, value: await perform(child, request.name, request.input) });
  } catch (error) {
    send({ id: request.id, error: wireError(error) });
  }
  if (openLook.snapshot === null) {
    await opened?.database.settle?.();
  } else {
    // Nobody may come back: a user is asked, or reads.
    lingering = setTimeout(() => {
      last = last.then(() => endLook(openLook));
    }, lingerMs);
  }
  if (request.name === 'close') {
    process.disconnect?.();
  }
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

/** A connection does one thing at a time: what one statement sets for its transaction must not reach another. */
let last: Promise<void> = Promise.resolve();
/** Does what the parent asks for, until it is gone or done; `keep` keeps what this process has compiled for the next one. */
export function answerParent(keep: () => void): void {
  keepCode = keep;
  // A terminal's Ctrl-C reaches every process of its group; the parent decides what it means.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {});
  }
  process.on('disconnect', () => void leave());
  process.on('message', (message: Request<Operation, Input<Operation>> | GoAhead) => {
    if ('goAhead' in message) {
      goAhead?.();
    } else {
      last = last.then(() => answer(message));
    }
  });
}
