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

/** An answer that may be kept, and where it lies. */
export interface Cacheable extends Omit<CachedAnswer, 'at'> {
  readonly key: string;
}

/** Answers of a served model whose SQL ran to its end, by the request that they answer. */
export interface AnswerCache {
  /** Where the answer to a request lies. */
  keyOf(request: ModelRequest): string;
  find(request: ModelRequest): Promise<CachedAnswer | null>;
  /** Keeps an answer; only SQL whose rows have come may come here. */
  keep(answer: Cacheable): Promise<void>;
  /** Drops the answer to a request, whose SQL has failed since. */
  forget(request: ModelRequest): Promise<void>;
}

/**
 * A cache in a store. The key is a hash of all that decides a reply: the server, the model and its parameters, the whole
 * prompt but for facts of the rows, with the day that stands in it, the schema, and the answer before. Whoever changes any of them asks anew.
 */
export function createAnswerCache(store: TextStore, server: ModelServer, now: () => Date): AnswerCache {
  const { provider, baseUrl, model, sampling, maxTokens, structuredOutput } = server;
  const keyOf = ({
    question,
    messages,
    lastingMessages = messages,
    schema,
    previous = null,
    rejected = [],
  }: ModelRequest): string =>
    createHash('sha256')
      .update(JSON.stringify([provider, baseUrl, model, sampling, maxTokens, structuredOutput]))
      .update(JSON.stringify([question, lastingMessages, previous, rejected]))
      .update(shapeOf(schema))
      .digest('hex');
  return {
    keyOf,
    async find(request) {
      const text = await store.read(keyOf(request));
      return text === null ? null : parseCached(text);
    },
    keep: (answer) => keepCached(store, answer, now()),
    // A store has no way to delete; a text that is empty is no answer.
    forget: (request) => store.write(keyOf(request), ''),
  };
}

/** Keeps an answer whose rows have come. */
export async function keepCached(
  store: TextStore,
  { key, sql, assumptions }: Cacheable,
  now: Date,
): Promise<void> {
  await store.write(key, JSON.stringify({ sql, assumptions, at: now.toISOString() }));
}

/** What was made of schemas; a service has the same one for many questions. */
const shapes = new WeakMap<Schema, string>();

/** A hash of the schema without what moves with every row. */
export function shapeOf(schema: Schema): string {
  const text = (): string =>
    JSON.stringify(schema, (key, value: unknown) => (key === 'rowEstimate' ? undefined : value));
  const shape = shapes.get(schema) ?? createHash('sha256').update(text()).digest('hex');
  shapes.set(schema, shape);
  return shape;
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
