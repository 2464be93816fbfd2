import type { ErrorCode } from '../errors.ts';
import type { ApiErrorCode } from './api/error.ts';

/** The codes that HTTP has besides those of a run. */
export type HttpErrorCode = Exclude<ApiErrorCode, ErrorCode>;

/** Why a request is refused that no terminal would make; its message is for whoever made it. */
export class HttpError extends Error {
  readonly code: HttpErrorCode;
  readonly hint: string | null;
  /** In how many seconds another try has a chance, for `Retry-After`; null where that can't be said. */
  readonly retryAfter: number | null;

  constructor(
    code: HttpErrorCode,
    message: string,
    { hint = null, retryAfter = null }: { hint?: string | null; retryAfter?: number | null } = {},
  ) {
    super(message);
    this.name = 'HttpError';
    this.code = code;
    this.hint = hint;
    this.retryAfter = retryAfter;
  }
}

/** What somebody else's and what is not there are answered with, alike. */
export function notFound(what: string): HttpError {
  return new HttpError('not-found', `There is no such ${what}.`);
}
