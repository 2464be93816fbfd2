import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import type { FileGuard } from '../files/file-guard.ts';
import type { Streams } from '../terminal/streams.ts';
import type { EarlyProcess } from './run/database-process.ts';

/** The signals that end a run. */
export type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What main hands to every command: the real streams, environment and folder, and the signal that ends the run. */
export interface CommandContext {
  readonly streams: Streams;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly homeFolder: string;
  readonly now: () => Date;
  /** Aborts with a SqlqError as its reason when the user or the system ends the run. */
  readonly signal: AbortSignal;
  readonly databaseProcess: EarlyProcess;
  /** The program as these words would be parsed by it. */
  readonly programFor: (words: readonly string[]) => Command;
  /** Hands Ctrl-C to a session instead of ending the run with it, until the function that is given back is called. */
  readonly onInterrupt: (interrupt: () => void) => () => void;
  /** Hands the signals that end a run to a server, which ends by itself, until the function that is given back is called. */
  readonly onSignals: (handle: (name: EndingSignal) => void) => () => void;
  /** The command that runs, by its path: `history run`. */
  command: string;
  /** The arguments that the program was called with, the command's name among them. */
  readonly typed: readonly string[];
  /** Takes a command's exit code. */
  readonly finish: (exitCode: ExitCode) => void;
  /** Secrets as they become known; whatever is shown goes without them. */
  readonly secrets: Set<string>;
  /** What this run reads is never what it writes. */
  readonly files: FileGuard;
}
