import type { ApiErrorCode, ErrorReply } from '../../serve/api/error.ts';

/** `lost`: no reply came, or it broke off. */
export type FailureCode = ApiErrorCode | 'lost';

/** Why a request brought nothing. The message is empty where no reply came: the page has its own words for that. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly hint: string | null;
  /** Seconds after which the server asks to try again; null where it does not. */
  readonly retryAfter: number | null;
  readonly requestId: string | null;

  constructor(
    code: FailureCode,
    message: string,
    said: { hint?: string | null; retryAfter?: number | null; requestId?: string | null } = {},
  ) {
    super(message);
    this.code = code;
    this.hint = said.hint ?? null;
    this.retryAfter = said.retryAfter ?? null;
    this.requestId = said.requestId ?? null;
  }
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: object;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** A password goes along: a 401 says that it is wrong, and not that the session has ended. */
  readonly isSigningIn?: boolean;
}

/** The server as the page sees it: its own origin, by the session's cookie. */
export interface Client {
  /** The reply, once its status says that it went well. Throws `Failure`. */
  open(path: string, options?: RequestOptions): Promise<Response>;
  /** The reply's JSON, in the shape that the route has. Throws `Failure`. */
  json<Reply>(path: string, options?: RequestOptions): Promise<Reply>;
  /** Goes along with what changes something; null while nobody is signed in. */
  csrf: string | null;
}

/** What the client tells the page besides its replies. */
export interface ClientEvents {
  signedOut(): void;
  lost(): void;
  reached(): void;
}

export function createClient(events: ClientEvents): Client {
  const client: Client = {
    csrf: null,
    async open(path, { method = 'GET', body, accept = 'application/json', signal, isSigningIn } = {}) {
      const response = await fetch(path, {
        method,
        headers: {
          accept,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(client.csrf === null || method === 'GET' ? {} : { 'x-csrf-token': client.csrf }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
        cache: 'no-store',
      }).catch((error: unknown) => {
        const failure = failureOf(error);
        if (failure.code === 'lost') {
          events.lost();
        }
        throw failure;
      });
      events.reached();
      if (!response.ok) {
        const failure = await said(response);
        if (failure.code === 'unauthorized' && isSigningIn !== true) {
          events.signedOut();
        }
        throw failure;
      }
      return response;
    },
    async json(path, options) {
      const response = await client.open(path, options);
      return await response.json().catch((error: unknown) => {
        throw failureOf(error);
      });
    },
  };
  return client;
}

/** What a request that brought no reply, or half of one, failed of. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) {
    return error;
  }
  const isCancelled = error instanceof DOMException && error.name === 'AbortError';
  return new Failure(isCancelled ? 'cancelled' : 'lost', '');
}

/** The error in a reply's body. What stands between may answer with a page of its own, or nothing. */
async function said(response: Response): Promise<Failure> {
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  const also = { retryAfter: Number.isNaN(retryAfter) ? null : retryAfter };
  const reply: Partial<ErrorReply> | null = await response.json().catch(() => null);
  if (reply?.error === undefined) {
    return new Failure(response.status === 401 ? 'unauthorized' : 'lost', `HTTP ${response.status}`, also);
  }
  const { code, message, hint, requestId } = reply.error;
  return new Failure(code, message, { ...also, hint, requestId });
}
