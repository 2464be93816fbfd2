import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { emptyEnvironment, programFile } from './program.ts';

/** The program in a terminal that nobody sees. */
export interface PseudoTerminal {
  /** What a person would see now, without trailing blanks. */
  screen(): string;
  /** Everything that was ever written, control sequences included. */
  raw(): string;
  /** Waits until the screen or what scrolled off it holds a text; fails with the screen where it does not. */
  waitFor(text: string | RegExp, milliseconds?: number): Promise<void>;
  type(text: string): void;
  readonly pid: number;
  readonly exited: Promise<number>;
}

export const keys = {
  enter: '\r',
  down: '\u001b[B',
  up: '\u001b[A',
  controlC: '\u0003',
  controlD: '\u0004',
} as const;

/** Where a terminal has said nothing for so long after a program's end, all was read. */
const quietMs = 100;

/** Starts the program in a pseudo-terminal. `command` replaces it, for pipelines: it is given to a shell. */
export function startInTerminal(
  argv: readonly string[],
  options: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly folder?: string;
    readonly columns?: number;
    readonly rows?: number;
    readonly command?: string;
  } = {},
): PseudoTerminal {
  const columns = options.columns ?? 100;
  const rows = options.rows ?? 40;
  const child = spawn(
    options.command === undefined ? process.execPath : '/bin/sh',
    options.command === undefined ? [programFile, ...argv] : ['-c', options.command],
    {
      cols: columns,
      rows,
      name: 'xterm-256color',
      cwd: options.folder ?? mkdtempSync(join(tmpdir(), 'sqlq-folder-')),
      env: {
        ...emptyEnvironment(),
        TERM: 'xterm-256color',
        SQLQ_NODE: process.execPath,
        SQLQ_PROGRAM: programFile,
        ...options.environment,
      },
    },
  );
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
  let written = '';
  child.onData((data) => {
    written += data;
    terminal.write(data);
  });
  /** What was written last is read from the terminal a moment after the end, and drawn a moment after that. */
  const drawn = async (): Promise<void> => {
    for (let before = -1; before !== written.length; ) {
      before = written.length;
      await sleep(quietMs);
    }
    await new Promise<void>((resolve) => terminal.write('', resolve));
  };
  const exited = new Promise<number>((resolve) =>
    child.onExit(({ exitCode }) => void drawn().then(() => resolve(exitCode))),
  );
  const screen = (): string => {
    const buffer = terminal.buffer.active;
    const lines = Array.from(
      { length: buffer.length },
      (_, index) => buffer.getLine(index)?.translateToString(true) ?? '',
    );
    return lines.join('\n').trimEnd();
  };
  return {
    screen,
    raw: () => written,
    async waitFor(text, milliseconds = 15_000) {
      const deadline = Date.now() + milliseconds;
      const found = (): boolean => (typeof text === 'string' ? screen().includes(text) : text.test(screen()));
      while (!found()) {
        if (Date.now() > deadline) {
          throw new Error(`"${text}" did not appear. The screen:\n${screen()}`);
        }
        await sleep(20);
      }
    },
    type: (text) => child.write(text),
    pid: child.pid,
    exited,
  };
}
