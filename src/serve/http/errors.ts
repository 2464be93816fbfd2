import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { messageOf, SqlqError } from '../../errors.ts';
import type { ApiErrorCode, ErrorReply } from '../api/error.ts';
import { HttpError } from '../http-error.ts';
import { StateLostError } from '../state/state.ts';
import { hintInRequests, inRequests } from './own-words.ts';

/** The status of each error. 499 is nginx's, for a caller that has gone. */
export const statuses: Readonly<Record<ApiErrorCode, number>> = {
  usage: 400,
  refused: 422,
  unanswerable: 422,
  failed: 502,
  limit: 504,
  cancelled: 499,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  busy: 503,
};

/** An error as a caller hears it. */
export interface ToldError {
  readonly status: number;
  readonly code: ApiErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly retryAfter: number | null;
  /** It is a bug of ours, of which the caller hears nothing more. */
  readonly isBug: boolean;
}

/** What a caller is told of whatever was thrown. */
export function toldOf(thrown: unknown): ToldError {
  if (thrown instanceof HttpError) {
    const { code, message, hint, retryAfter } = thrown;
    return { status: statuses[code], code, message, hint, retryAfter, isBug: false };
  }
  if (thrown instanceof SqlqError) {
    const { code } = thrown;
    const message = inRequests(thrown.message);
    const hint = hintInRequests(thrown.hint);
    return { status: statuses[code], code, message, hint, retryAfter: null, isBug: false };
  }
  if (thrown instanceof StateLostError) {
    const message = 'The shared state (Redis) can not be reached now, and this needs it.';
    return { status: 503, code: 'busy', message, hint: null, retryAfter: 5, isBug: false };
  }
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const [first] = thrown.validation;
    const context = 'validationContext' in thrown ? String(thrown.validationContext) : 'body';
    const where = `${context}${(first?.instancePath ?? '').replaceAll('/', '.')}`;
    return usage(
      // No colon stands behind the name: what comes after "password:" would be taken for one.
      `The request is not as it should be: ${where} is wrong (${first?.message ?? 'it has another shape'}).`,
    );
  }
  return toldOfFramework(thrown);
}

/** Of what Fastify refuses before a route sees it. */
function toldOfFramework(thrown: unknown): ToldError {
  const status = isFastifyError(thrown) ? (thrown.statusCode ?? 500) : 500;
  if (status === 413) {
    const message = 'The body is larger than is taken.';
    return { status, code: 'too-large', message, hint: null, retryAfter: null, isBug: false };
  }
  if (status === 429) {
    const message = messageOf(thrown);
    return { status, code: 'too-many', message, hint: null, retryAfter: null, isBug: false };
  }
  if (status >= 400 && status < 500) {
    return { ...usage(messageOf(thrown)), status };
  }
  const message = 'This is a bug in sqlq; its log says more.';
  return { status: 500, code: 'failed', message, hint: null, retryAfter: null, isBug: true };
}

function usage(message: string): ToldError {
  return { status: 400, code: 'usage', message, hint: null, retryAfter: null, isBug: false };
}

function isFastifyError(thrown: unknown): thrown is FastifyError {
  return thrown instanceof Error && 'code' in thrown && 'statusCode' in thrown;
}

/** Answers a request with an error. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  told: ToldError,
  redact: (text: string) => string,
): FastifyReply {
  if (told.retryAfter !== null) {
    reply.header('retry-after', String(told.retryAfter));
  }
  if (told.status === 401) {
    reply.header('www-authenticate', 'Bearer realm="sqlq"');
  }
  return reply.code(told.status).send(errorReply(request, told, redact));
}

/** The body of an error. */
export function errorReply(
  { id }: FastifyRequest,
  { code, message, hint }: ToldError,
  redact: (text: string) => string,
): ErrorReply {
  return {
    error: { code, message: redact(message), hint: hint === null ? null : redact(hint), requestId: id },
  };
}
