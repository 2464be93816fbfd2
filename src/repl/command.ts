import type { Session } from './session.ts';
import type { Choice } from './workspace.ts';

/** A command of the session: a word after a dot, and what may follow it. */
export interface Command {
  readonly name: string;
  /** What follows the name, for the help; empty where nothing does. */
  readonly argument: string;
  readonly summary: string;
  /** What its argument is completed to. */
  readonly completes?: 'tables' | 'formats' | Choice;
  run(session: Session, argument: string, signal: AbortSignal): Promise<void>;
}
