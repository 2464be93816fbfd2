/** What a server said when it did not answer, in one shape for all makers, its secrets scrubbed. */
export interface Failure {
  /** Of the response; null where the error came in the middle of a stream. */
  readonly status: number | null;
  readonly message: string;
  /** The error's `type`, `code` and `status`, joined by blanks: makers disagree on which of them says what. */
  readonly codes: string;
  /** The parameter that it is about. */
  readonly parameter: string | null;
  readonly promptTokens: number | null;
  readonly contextSize: number | null;
  /** How long to wait before asking again. */
  readonly waitMilliseconds: number | null;
  readonly isHtml: boolean;
}

/** Carries a Failure to where it is worded for the user. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** What came with status 200 is no chat completion; the base URL may lead elsewhere. */
export class NotCompletionError extends Error {
  override readonly name = 'NotCompletionError';
}

/** A stream ended before the reply did. */
export class DroppedError extends Error {
  override readonly name = 'DroppedError';
}
