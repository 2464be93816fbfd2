import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Caller } from './caller.ts';

/** What of a request says who makes it. */
export interface Credentials {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** The address that it comes from, as far as it is known to be true. */
  readonly ip: string;
}

/** How callers are known. */
export interface Login {
  /** Who makes a request; null for nobody. Never rejects for credentials that are wrong. */
  authenticate(request: Credentials): Promise<Caller | null>;
  /**
   * What callers who were let in may by now, in their order; null for whom it would let in no more. That it is asked counts for
   * no use of what they have signed in by.
   */
  recall(callers: readonly Caller[]): Promise<readonly (Caller | null)[]>;
  /** Adds the routes by which people sign in. */
  register(app: FastifyInstance): Promise<void>;
  close(): Promise<void>;
}
