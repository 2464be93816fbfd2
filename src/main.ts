import { fstatSync, type Stats } from 'node:fs';
import manifest from '../package.json' with { type: 'json' };
import { normalizeArguments } from './cli/arguments.ts';
import type { CommandContext, EndingSignal } from './cli/context.ts';
import { commandsFor, createProgram, opensDatabase, parserExitCode } from './cli/program.ts';
import { createEarlyProcess, type EarlyProcess } from './cli/run/database-process.ts';
import { homeFolder } from './config/home-folder.ts';
import { type ExitCode, exitCodes, SqlqError, writeFailure } from './errors.ts';
import { createFileGuard } from './files/file-guard.ts';
import { processStreams, type Streams } from './terminal/streams.ts';

/** Signals that end a run, with the exit code that shells expect of each: 128 and the signal's number. */
const endings = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const satisfies Record<EndingSignal, number>;

/** A statement is ended at its server within this many milliseconds, and a change rolled back. */
const longestEnding = 12_000;

/** A run that has said all ends within this many milliseconds, or waits for what will not come. */
const shortestEnding = 1000;

/**
 * Runs the program; resolves with the exit code. Here alone errors become text and a code. `databaseProcess` may have been
 * started before this file was loaded.
 */
export async function main(
  argv: readonly string[],
  databaseProcess: EarlyProcess = createEarlyProcess(process.env),
): Promise<number> {
  const controller = new AbortController();
  let ending: number | null = null;
  let signalled: keyof typeof endings | null = null;
  let interrupt: (() => void) | null = null;
  let takeSignal: ((name: EndingSignal) => void) | null = null;
  const stop = (name: EndingSignal): void => {
    // A server ends by itself, once it has done what it is at.
    if (takeSignal !== null) {
      takeSignal(name);
      return;
    }
    // A session lives on when one of its steps is stopped.
    if (name === 'SIGINT' && interrupt !== null) {
      interrupt();
      return;
    }
    // Whoever asks twice, or has waited until nothing can need more time, is not asked for patience.
    if (ending !== null) {
      process.exit(ending);
    }
    ending = endings[name];
    signalled = name;
    setTimeout(die, longestEnding, name).unref();
    controller.abort(new SqlqError('cancelled', name === 'SIGINT' ? 'Cancelled.' : `Stopped by ${name}.`));
  };
  /** Ends by the signal itself: Node waits at an exit for what it reads, and a pipe that nobody writes to has no end. */
  const die = (name: keyof typeof endings): void => {
    process.off(name, stop);
    process.kill(process.pid, name);
  };
  let lost: Error | null = null;
  const streams = processStreams((error) => {
    lost ??= error;
  });
  for (const name of Object.keys(endings) as (keyof typeof endings)[]) {
    process.on(name, stop);
  }

  const secrets = new Set<string>();
  let exitCode: ExitCode = exitCodes.answered;
  const context: CommandContext = {
    streams,
    environment: process.env,
    workingDirectory: workingDirectory(),
    homeFolder: homeFolder(),
    now: () => new Date(),
    programFor: (words) => createProgram(manifest.version, words, context, commandsFor(words)),
    databaseProcess,
    signal: controller.signal,
    secrets,
    command: '',
    typed: argv,
    files: createFileGuard(fileOf(1)),
    onInterrupt: (handle) => {
      const before = interrupt;
      interrupt = handle;
      return () => {
        interrupt = before;
      };
    },
    onSignals: (handle) => {
      takeSignal = handle;
      return () => {
        takeSignal = null;
      };
    },
    finish: (code) => {
      exitCode = code;
    },
  };
  try {
    // Without a command, a person gets a session, and a script the help.
    const alone = argv.length === 0 && streams.stdin.isTTY === true && streams.stderr.isTTY === true;
    const given = alone ? ['repl'] : normalizeArguments(argv, context.workingDirectory);
    if (opensDatabase(given)) {
      await databaseProcess.start(given);
    }
    const program = context.programFor(given);
    try {
      if (given.length === 0) {
        program.help();
      }
      await program.parseAsync([...given], { from: 'user' });
    } catch (thrown) {
      const code = parserExitCode(thrown);
      if (code === null) {
        throw thrown;
      }
      exitCode = code;
    }
    // A file or a device refuses at once, and its stream says so in the next turn.
    await new Promise(setImmediate);
    if (lost !== null) {
      throw writeFailure(lost, 'standard output');
    }
    return ending ?? exitCode;
  } catch (thrown) {
    // Whoever was cancelled and has more to say, as that the server still works, says it himself.
    const isCancelled = thrown instanceof SqlqError && thrown.code === 'cancelled';
    const { reason } = controller.signal;
    const error = ending !== null && !isCancelled && reason instanceof SqlqError ? reason : thrown;
    const code = await report(error, streams, {
      secrets,
      verbose: argv.includes('--verbose') || argv.includes('-v'),
    });
    return ending ?? code;
  } finally {
    databaseProcess.dismiss();
    for (const name of Object.keys(endings) as (keyof typeof endings)[]) {
      process.off(name, stop);
    }
    if (signalled !== null) {
      setTimeout(die, shortestEnding, signalled).unref();
    }
  }
}

/** The text of an error for the user, without secrets and safe to show, and the exit code that it stands for. */
async function report(
  thrown: unknown,
  streams: Streams,
  options: { readonly secrets: ReadonlySet<string>; readonly verbose: boolean },
): Promise<ExitCode> {
  const { errorText } = await import('./cli/error-text.ts');
  streams.stderr.write(errorText(thrown, options));
  return exitCodes[thrown instanceof SqlqError ? thrown.code : 'failed'];
}

/** The file that a descriptor writes to; null where that is no file. */
function fileOf(descriptor: number): Stats | null {
  try {
    const found = fstatSync(descriptor);
    return found.isFile() ? found : null;
  } catch {
    // A closed descriptor is nobody's file.
    return null;
  }
}

/** The folder that the program is in; empty where somebody has deleted it meanwhile. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}
