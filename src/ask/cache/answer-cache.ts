import { createHash } from 'node:crypto';
import type { ModelRequest } from '../../model/model.ts';
import type { ModelServer } from '../../model/server.ts';
import type { TextStore } from '../../schema/cache.ts';
import type { Schema } from '../../schema/schema.ts';

/** SQL that a model gave to exactly this request before, and when. */
export interface CachedAnswer {
  readonly sql: string;
  readonly assumptions: readonly string[];
  readonly at: Date;
}

/** Answers of a served model that passed the guard and the database's check, by the request that they answer. */
export interface AnswerCache {
  find(request: ModelRequest): Promise<CachedAnswer | null>;
  /** Keeps an answer; only SQL that was admitted and checked may come here. */
  keep(request: ModelRequest, answer: Omit<CachedAnswer, 'at'>): Promise<void>;
}

/**
 * A cache in a store. The key is a hash of all that decides a reply: the server, the model and its parameters, the whole
 * prompt with the day that stands in it, the schema, and the answer before. Whoever changes any of them asks anew.
 */
export function createAnswerCache(store: TextStore, server: ModelServer, now: () => Date): AnswerCache {
  const { provider, baseUrl, model, sampling, maxTokens, structuredOutput } = server;
  const keyOf = ({ question, messages, schema, previous = null, rejected = [] }: ModelRequest): string =>
    createHash('sha256')
      .update(JSON.stringify([provider, baseUrl, model, sampling, maxTokens, structuredOutput]))
      .update(JSON.stringify([question, messages, previous, rejected]))
      .update(shapeOf(schema))
      .digest('hex');
  return {
    async find(request) {
      const text = await store.read(keyOf(request));
      return text === null ? null : parseCached(text);
    },
    keep: (request, { sql, assumptions }) =>
      store.write(keyOf(request), JSON.stringify({ sql, assumptions, at: now().toISOString() })),
  };
}

/** The schema without what moves with every row. */
function shapeOf(schema: Schema): string {
  return JSON.stringify(schema, (key, value: unknown) => (key === 'rowEstimate' ? undefined : value));
}

/** The store is written by this program alone; a text that is cut is none. */
function parseCached(text: string): CachedAnswer | null {
  try {
    const { sql, assumptions, at }: { sql: string; assumptions: string[]; at: string } = JSON.parse(text);
    return typeof sql === 'string' && Array.isArray(assumptions)
      ? { sql, assumptions, at: new Date(at) }
      : null;
  } catch {
    return null;
  }
}
