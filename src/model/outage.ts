import { type ErrorCode, SqlqError } from '../errors.ts';

/** Why a server gave no answer where another one might. */
export type OutageKind =
  /** No connection: nobody listens, no such name, a certificate or a proxy that refuses. */
  | 'unreachable'
  /** It took the connection, and says nothing any more. */
  | 'silent'
  /** It ended the connection in the middle. */
  | 'dropped'
  /** It is loading its model. */
  | 'loading'
  /** It has too much to do, or this user asks too often. */
  | 'busy'
  /** It failed at this request. */
  | 'server'
  /** It will not answer until somebody changes a setting: key, quota, address or model. */
  | 'refused';

/** An error of one server, which says nothing against asking another one the same. */
export class OutageError extends SqlqError {
  readonly kind: OutageKind;
  /** How long the server itself wants to be left alone; null where it does not say. */
  readonly waitMilliseconds: number | null;

  constructor(
    kind: OutageKind,
    message: string,
    hint: string,
    {
      code = 'failed',
      waitMilliseconds = null,
      cause,
    }: { code?: ErrorCode; waitMilliseconds?: number | null; cause?: unknown } = {},
  ) {
    super(code, message, { hint, cause });
    this.kind = kind;
    this.waitMilliseconds = waitMilliseconds;
  }
}
