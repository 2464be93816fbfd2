/** Every way a run of sqlq can end, as the process's exit code. */
export const exitCodes = {
  answered: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  unanswerable: 4,
  limit: 5,
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The reason a run ended, named as in `exitCodes`. */
export type ErrorCode = Exclude<keyof typeof exitCodes, 'answered'>;

/**
 * An error that is meant for the user: `message` says what failed and with what, `hint` what to do next.
 * The program prints both and exits with `exitCodes[code]`; anything else that is thrown is a bug of ours.
 */
export class SqlqError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  /** The database's own code of it, such as an SQLSTATE; null where it has none. */
  readonly engineCode: string | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; engineCode?: string | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SqlqError';
    this.code = code;
    this.hint = options.hint ?? null;
    this.engineCode = options.engineCode ?? null;
  }
}

/** An error after which what is written is not whole; its text or its hint says so. */
export class WriteError extends SqlqError {}

/** The error of a place that takes no more of what is written to it. */
export function writeFailure(error: Error, place: string): WriteError {
  const isFull = 'code' in error && error.code === 'ENOSPC';
  const what = isFull ? 'the disk is full' : error.message;
  return new WriteError('failed', `Writing to ${place} failed: ${what}. What was written is not complete.`, {
    hint: isFull ? 'Free some space, or write to another place.' : 'Check where the output goes.',
    cause: error,
  });
}

/** The text of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A word of a command that a hint gives to be typed, as a POSIX shell takes it: in single quotes unless it is plain. */
export function shellWord(text: string): string {
  return /^[\w.:/@=%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
