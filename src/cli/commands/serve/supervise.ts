import type { Worker } from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExitCode, exitCodes } from '../../../errors.ts';
import type { CommandContext } from '../../context.ts';
import type { Setup } from '../../run/setup.ts';
import { usualDrain, usualHost } from './address.ts';
import type { ServeOptions } from './options.ts';
import { createMeasuring } from './worker-measuring.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** A worker that can't begin is tried again after a while, which doubles each time up to the longest. */
const shortestPause = 500;
const longestPause = 30_000;

/** What a worker may need besides what its requests do, to end by itself. */
const farewellMilliseconds = 10_000;

/** How a worker ended that had not begun to serve. */
class NotBegun extends Error {
  readonly code: number;

  constructor(code: number) {
    super('a worker ended before it served');
    this.code = code;
  }
}

/**
 * Serves by several processes behind one port: this program, started anew. One that dies is replaced. SIGHUP replaces all, one
 * by one, so that there is always somebody; SIGINT and SIGTERM let each come to its end. The exit code is that of a worker
 * which could not begin at the start, and said why.
 */
export async function supervise(
  workers: number,
  { terminal }: Pick<Setup, 'terminal'>,
  { onSignals, typed }: Pick<CommandContext, 'onSignals' | 'typed'>,
  { drain = usualDrain, host, port }: ServeOptions,
): Promise<ExitCode> {
  const { note } = terminal;
  const warn = (text: string): void => terminal.warn(terminal.style('yellow', text));
  const hint = `${workers} workers answer. Ctrl-C ends the server; SIGHUP replaces them.`;
  const token = randomBytes(24).toString('base64url');
  const over = Promise.withResolvers<void>();
  const measuring = createMeasuring(tell);
  /** Those that there are, and those of them that serve. */
  const all = new Set<Worker>();
  const serving = new Set<Worker>();
  /** Those that are meant to end. */
  const leaving = new Set<Worker>();
  let isEnding = false;
  let isAnnounced = false;
  let replacing: Promise<void> = Promise.resolve();
  let filling: Promise<unknown> = Promise.resolve();
  // What the bundle imports can't be written to.
  const cluster = process.getBuiltinModule('node:cluster');
  // All of them take connections from one queue. Handed out by this process, one that is on its way to a worker that dies
  // would wait for ever.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  // A worker that is alone when it dies lets a port go that was any: the next one would get another.
  const own = port === 0 ? ['--port', String(await freePort(host))] : [];
  cluster.setupPrimary({ args: [...typed, ...own] });

  /** Starts one more; resolves once it serves. Rejects with how it ended where it does not come to that. */
  const start = (): Promise<Worker> =>
    new Promise((resolve, reject) => {
      const worker = cluster.fork();
      all.add(worker);
      tell(worker, { kind: 'begin', token });
      worker.on('message', (message: FromWorker) => {
        switch (message.kind) {
          case 'serving':
            serving.add(worker);
            if (!isAnnounced) {
              isAnnounced = true;
              terminal.show(message.line);
            }
            resolve(worker);
            return;
          case 'measure-all':
            measuring.ask(worker, message.id, [...serving]);
            return;
          case 'measured':
            measuring.told(message.id, message.measured);
        }
      });
      worker.once('exit', (code, signal) => {
        const isMeant = leaving.delete(worker) || isEnding;
        all.delete(worker);
        if (!serving.delete(worker)) {
          reject(new NotBegun(code));
        } else if (!isMeant) {
          warn(`A worker ended (${signal ?? `status ${code}`}); another takes its place.`);
          fillOne();
        }
      });
    });

  /** Starts one that is missing, again and again where it does not come to serve. */
  const fill = async (): Promise<void> => {
    for (let pause = shortestPause; !isEnding; pause = Math.min(pause * 2, longestPause)) {
      try {
        await start();
        return;
      } catch {
        await sleep(pause, null, { ref: false });
      }
    }
  };

  const fillOne = (): void => {
    filling = Promise.all([filling, fill()]);
  };

  const end = async (worker: Worker): Promise<void> => {
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    leaving.add(worker);
    tell(worker, { kind: 'signal', name: 'SIGTERM' });
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), drain + farewellMilliseconds);
    await gone;
    clearTimeout(timer);
  };

  const replaceAll = async (): Promise<void> => {
    await Promise.race([filling, over.promise]);
    note('Replacing the workers one by one.');
    for (const old of [...serving]) {
      if (isEnding) {
        return;
      }
      if (!serving.has(old)) {
        continue;
      }
      try {
        await start();
      } catch {
        warn('A new worker could not begin: the others go on as they are.');
        return;
      }
      await end(old);
    }
    note('All workers are new.');
  };

  const close = onSignals((name) => {
    if (name === 'SIGHUP') {
      replacing = replacing.then(replaceAll);
      return;
    }
    if (isEnding) {
      for (const worker of all) {
        tell(worker, { kind: 'signal', name });
      }
    }
    isEnding = true;
    over.resolve();
  });
  try {
    // The first one says what is wrong with the settings, and makes what all of them share.
    const first = start();
    first.catch(() => {});
    await Promise.race([first, over.promise]);
    for (let more = workers - 1; more > 0; more -= 1) {
      fillOne();
    }
    void filling.then(() => {
      if (!isEnding) {
        note(terminal.style('dim', hint));
      }
    });
    await over.promise;
    note('Ending: what runs comes to its end first.');
    return exitCodes.answered;
  } catch (error) {
    if (error instanceof NotBegun) {
      const known = Object.values(exitCodes).find((code) => code === error.code);
      return known === undefined || known === exitCodes.answered ? exitCodes.failed : known;
    }
    throw error;
  } finally {
    isEnding = true;
    await Promise.all([...all].map(end));
    await replacing;
    close();
  }
}

/** A port of an address that nobody listens at now. */
async function freePort(host: string | undefined): Promise<number> {
  const server = createServer();
  server.listen(0, host ?? usualHost);
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) {
    worker.send(message, () => {});
  }
}
