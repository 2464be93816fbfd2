import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { messageOf, SqlqError } from '../errors.ts';
import { type Streams, windowSize } from './streams.ts';
import { movesCursor } from './unicode.ts';
import { widthOf } from './wrap.ts';

/** Shows a text that the window may be too small for. */
export interface Pager {
  /** Prints a file that fits the window, and hands any other to the user's pager until they leave it. */
  show(file: string): Promise<void>;
}

export interface PagerOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Keeps Ctrl-C for the pager, until the function that is given back is called. */
  readonly onInterrupt: (interrupt: () => void) => () => void;
  readonly print: (text: string) => Promise<void>;
}

/** Long lines stay whole, colours pass, what fits is printed, and nothing is wiped at the end. */
const usual = 'if command -v less >/dev/null 2>&1; then exec less -SRFX; else exec cat; fi';
/** What a shell ends with where a command is no program, or none that may run. */
const notStarted: ReadonlySet<number> = new Set([126, 127]);
/** A file above this size is longer than any window. */
const largest = 1 << 20;

/**
 * The pager of a terminal, `$PAGER` or less; null where there is none to page on, or the user wants none. A terminal
 * without a window, as `script` and `docker exec -t` make them, may have nobody at it to leave a pager.
 */
export function createPager(streams: Streams, options: PagerOptions): Pager | null {
  const { environment } = options;
  const { PAGER: named, CI: continuous } = environment;
  if (streams.stdin.isTTY !== true || streams.stdout.isTTY !== true || !movesCursor(environment)) {
    return null;
  }
  if (streams.stdout.hasWindow !== true) {
    return null;
  }
  if ((continuous ?? '') !== '' || named === '' || named === 'cat') {
    return null;
  }
  return {
    async show(file) {
      const text = (await stat(file)).size > largest ? null : await readFile(file, 'utf8');
      if (text !== null && fits(text, streams.stdout)) {
        return options.print(text);
      }
      const release = options.onInterrupt(() => {});
      try {
        if (await page(named ?? usual, file, environment)) {
          return;
        }
      } finally {
        release();
      }
      // The shell has said that it found no such program.
      for await (const part of createReadStream(file, 'utf8')) {
        await options.print(String(part));
      }
    },
  };
}

/** Whether all lines of a text stand in a window, with the prompt that follows them. One that was lost holds any. */
function fits(text: string, { columns, rows, hasWindow }: Streams['stdout']): boolean {
  if (hasWindow !== true) {
    return true;
  }
  const lines = text.split('\n');
  const wide = windowSize('columns', columns);
  return lines.length < windowSize('rows', rows) && lines.every((line) => widthOf(line) <= wide);
}

/** Hands a file to a pager until it ends; false where a shell can't start it. */
async function page(
  command: string,
  file: string,
  environment: PagerOptions['environment'],
): Promise<boolean> {
  const source = await open(file, 'r');
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const child = spawn(command, {
        shell: true,
        stdio: [source.fd, 'inherit', 'inherit'],
        env: { ...environment },
      });
      child.once('error', (error) =>
        reject(
          new SqlqError('failed', `The pager "${command}" can't be started: ${messageOf(error)}.`, {
            hint: 'Set PAGER to another, or leave it out with --no-pager.',
            cause: error,
          }),
        ),
      );
      child.once('exit', (code) => resolve(code === null || !notStarted.has(code)));
    });
  } finally {
    await source.close();
  }
}
