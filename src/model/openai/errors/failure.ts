import { messageOf } from '../../../errors.ts';
import { formatParameters, type RequestBody } from '../request.ts';

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

/** What came with status 200 is no chat completion; the base URL may lead elsewhere. The message is what came. */
export class NotCompletionError extends Error {
  override readonly name = 'NotCompletionError';
}

/** A stream ended before the reply did. */
export class DroppedError extends Error {
  override readonly name = 'DroppedError';
}

/** A request's time was up; `tokens` had come by then. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly tokens: number;

  constructor(tokens: number) {
    super(`the deadline passed after ${tokens} tokens`);
    this.tokens = tokens;
  }
}

/** What a failure is about; decides whether to ask again, another way, or not at all. */
export type FailureKind =
  | 'key'
  | 'quota'
  | 'context'
  | 'rate limit'
  | 'address'
  | 'model'
  | 'content'
  | 'format'
  | 'parameter'
  | 'loading'
  | 'server'
  | 'request';

/** Names what a failure is about. `body` is the request that it answers. First match counts, so the order matters. */
export function kindOf(failure: Failure, body: RequestBody): FailureKind {
  const { status, codes, message } = failure;
  const invalid = status === 400 || status === 422;
  const says = (pattern: RegExp) => pattern.test(message) || pattern.test(codes);
  // LiteLLM seeks a key that is not its own in a database, also where it has none.
  if (status === 401 || says(/API_KEY_INVALID|invalid_api_key|authentication_error|no_db_connection/)) {
    return 'key';
  }
  // Gemini words its rate limit as OpenAI words a spent quota; only the former has a wait.
  const isSpent = failure.waitMilliseconds === null && says(/exceeded your current quota/i);
  if (status === 402 || isSpent || says(/insufficient_quota|credit balance is too low/i)) {
    return 'quota';
  }
  if (
    status === 413 ||
    says(
      /exceed_context_size|context_length_exceeded|context (length|size|window|limit)|prompt is too long|input token count/i,
    )
  ) {
    return 'context';
  }
  if (status === 403) {
    return 'key';
  }
  if (status === 429 || status === 529 || says(/rate_limit|overloaded_error|RESOURCE_EXHAUSTED/)) {
    return 'rate limit';
  }
  const isRedirect = status !== null && status >= 300 && status < 400;
  const isPage = failure.isHtml && (status === null || status < 500);
  if (isPage || isRedirect || status === 405 || says(/unexpected endpoint/i)) {
    return 'address';
  }
  if (
    says(
      /model_not_found|no models loaded|not a valid model|model.{0,200}(not found|not exist|does not exist)/i,
    )
  ) {
    return 'model';
  }
  // OpenRouter, where none of a model's makers takes what was asked for.
  if (status === 404 && says(/no endpoints found that (support|can handle)/i) && namesFormat(failure, body)) {
    return 'format';
  }
  if (status === 404) {
    return says(/NotFoundError|model/i) ? 'model' : 'address';
  }
  if (says(/content_filter|content management policy/)) {
    return 'content';
  }
  if (says(/loading model|unable to load|no runners? available|unavailable_error|model is loading/i)) {
    return 'loading';
  }
  if ((invalid || status === 500 || status === 501) && namesFormat(failure, body)) {
    return 'format';
  }
  if (invalid && refusedParameters(failure, body).length > 0) {
    return 'parameter';
  }
  return status === null || status >= 500 ? 'server' : 'request';
}

const formatWords =
  /response_format|json_schema|json_object|json schema|structured[ _]outputs?|grammar|tool_choice|\btools?\b|function.?call|responseSchema|responseMimeType|invalid format|json_validate_failed|tool_use_failed/i;

function namesFormat(failure: Failure, body: RequestBody): boolean {
  const asked = [...formatParameters].some((name) => name in body);
  return (
    asked &&
    (formatParameters.has(failure.parameter ?? '') || formatWords.test(`${failure.codes} ${failure.message}`))
  );
}

/** The parameters of a request that its failure names, those aside that no request can do without. */
export function refusedParameters(failure: Failure, body: RequestBody): readonly string[] {
  const optional = Object.keys(body).filter((name) => !required.has(name) && !formatParameters.has(name));
  return optional.filter((name) => {
    const names = new RegExp(`\\b(${name}${name === 'reasoning_effort' ? '|thinking' : ''})\\b`);
    return failure.parameter === name || names.test(failure.message);
  });
}

const required = new Set(['model', 'messages']);

/** Whether a connection broke that had been made. */
export function isDropped(error: unknown): boolean {
  return /ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_RES/.test(codeOf(error) ?? '');
}

/** The system's or Node's code below whatever `fetch` threw; null where there is none, which is no failure of a network. */
export function codeOf(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') {
      return current.code;
    }
    if (current instanceof AggregateError && current.errors.length > 0) {
      return codeOf(current.errors[0]);
    }
  }
  return error instanceof TypeError && error.message === 'fetch failed' ? messageOf(error.cause) : null;
}
