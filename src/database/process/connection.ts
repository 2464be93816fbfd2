import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { SqlqError } from '../../errors.ts';
import type { Row } from '../database.ts';
import type { Input, Operation, Output } from './operations.ts';
import { errorOf, memoryNotice, type Reply, type Request } from './protocol.ts';

export interface ConnectionEvents {
  onProgress(progress: { readonly rows: number; readonly milliseconds: number }): void;
  beforePrint(): void;
  /** The next probe of a look has given its rows; null where it could not. */
  onFound?(rows: readonly Row[] | null): void;
  /** A run that streams has written all of its bytes, so many. */
  onStreamed?(bytes: number): void;
}

/** A running child, and the requests that wait for it. */
export interface Connection {
  request<Name extends Operation>(
    name: Name,
    input: Input<Name>,
    events?: ConnectionEvents,
  ): Promise<Output<Name>>;
  /** Ends it at once, whatever it does; resolves when it is gone. */
  kill(): Promise<void>;
  /** Stops it where it stands, its connection to the server open; it is ended at the latest with this program. */
  freeze(): void;
  /** Ends it at once; nobody waits for that, not even the end of this program. */
  dismiss(): void;
  readonly alive: boolean;
  /** Where the rows of a run that streams come out; null where the process was started without. */
  readonly rows: Socket | null;
}

/** Variables that the child may see: none holds a secret, and all that it needs else comes over the channel. */
const passedOn = [
  'TZ',
  'LANG',
  'LC_ALL',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SystemRoot',
  'TMPDIR',
] as const;

/**
 * Starts the child of a database; nothing secret is in its arguments or its environment. With `streams` it gets a pipe for
 * rows besides.
 */
export function startConnection(
  environment: Readonly<Record<string, string | undefined>>,
  streams = false,
): Connection {
  const file = new URL(import.meta.url.endsWith('.ts') ? './start.ts' : './child.cjs', import.meta.url);
  const cache = getCompileCacheDir();
  const child = fork(file, [streams ? 'streaming' : 'database'], {
    env: {
      ...Object.fromEntries(
        passedOn.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
      ),
      // Where this process keeps its compiled code, the child finds its own.
      ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }),
    },
    // A smaller nursery: rows die young, and the default costs 40 MB more for no time less. A process of a server stands beside
    // others, and waits for its readers.
    execArgv: streams ? ['--max-semi-space-size=1', '--optimize-for-size'] : ['--max-semi-space-size=4'],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc', ...(streams ? (['pipe'] as const) : [])],
  });
  return connectionTo(child);
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly events: ConnectionEvents | undefined;
}

function connectionTo(child: ChildProcess): Connection {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let alive = true;
  let complaint = '';
  const [, , , , pipe] = child.stdio;
  const rows = pipe instanceof Socket ? pipe : null;
  rows?.unref();
  rows?.on('error', () => {});
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      alive = false;
      const error = endError(complaint, code, signal);
      for (const { reject } of waiting.values()) {
        reject(error);
      }
      waiting.clear();
      resolve();
    });
  });
  child.once('error', (error) => {
    for (const { reject } of waiting.values()) {
      reject(error);
    }
  });
  child.on('message', (reply: Reply) => {
    if ('progress' in reply) {
      for (const { events } of waiting.values()) {
        events?.onProgress(reply.progress);
      }
    } else if ('found' in reply) {
      for (const { events } of waiting.values()) {
        events?.onFound?.(reply.found);
      }
    } else if ('aboutToPrint' in reply) {
      for (const { events } of waiting.values()) {
        events?.beforePrint();
      }
      child.send({ goAhead: true }, () => {});
    } else if ('streamed' in reply) {
      for (const { events } of waiting.values()) {
        events?.onStreamed?.(reply.streamed);
      }
    } else {
      const call = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ('error' in reply) {
        call?.reject(errorOf(reply.error));
      } else {
        call?.resolve(reply.value);
      }
    }
  });
  return {
    rows,
    get alive() {
      return alive;
    },
    request<Name extends Operation>(name: Name, input: Input<Name>, events?: ConnectionEvents) {
      return new Promise<Output<Name>>((resolve, reject) => {
        if (!alive) {
          reject(endError(complaint, child.exitCode, child.signalCode));
          return;
        }
        lastId += 1;
        // The child is this same program: what it answers to a name is of that name's type.
        waiting.set(lastId, {
          resolve: (value) => resolve(value as Output<Name>),
          reject,
          events,
        });
        const request: Request<Name, Input<Name>> = { id: lastId, name, input };
        child.send(request, () => {});
      });
    },
    async kill() {
      child.kill('SIGKILL');
      // The end of a child is the end of all its pipes.
      rows?.destroy();
      await ended;
    },
    freeze() {
      // Where there is no such signal it goes on for the moment until it is killed.
      if (process.platform !== 'win32') {
        child.kill('SIGSTOP');
      }
      const onExit = (): void => {
        child.kill('SIGKILL');
      };
      process.once('exit', onExit);
      void ended.then(() => process.off('exit', onExit));
    },
    dismiss() {
      child.kill('SIGKILL');
      child.unref();
      child.channel?.unref();
      child.stderr?.destroy();
      rows?.destroy();
    },
  };
}

function endError(complaint: string, code: number | null, signal: NodeJS.Signals | null): SqlqError {
  if (
    complaint.includes(memoryNotice.trim()) ||
    /heap out of memory|Invalid string length|ERR_STRING_TOO_LONG/u.test(complaint)
  ) {
    return new SqlqError('limit', 'The query was ended: it took more memory than it may.', {
      hint: 'Ask for fewer or smaller values, or raise --memory-limit.',
    });
  }
  const how = signal === null ? `with status ${code}` : `by ${signal}`;
  const last = complaint.split('\n').find((line) => /error/iu.test(line));
  return new SqlqError(
    'failed',
    `The process that runs queries ended ${how}${last ? `: ${last.trim()}` : ''}.`,
    {
      hint: 'Try again; if it happens again, please report it.',
    },
  );
}
