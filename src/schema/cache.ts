import { createHash } from 'node:crypto';
import type { Schema } from './schema.ts';

/** Small texts by key, kept between runs; a store may lose any of them at any time. */
export interface TextStore {
  read(key: string): Promise<string | null>;
  write(key: string, text: string): Promise<void>;
}

interface CachedSchema {
  readonly format: number;
  readonly fingerprint: string;
  readonly schema: Schema;
}

/** Raised when the type `Schema` changes, so that what an older version wrote is read anew. */
const format = 1;

/**
 * The schema from the store where its fingerprint still is the database's, else read anew and stored. `identity` is
 * everything that decides what is read: the database, the role, the filter, the hidden columns.
 */
export async function cachedSchema(
  store: TextStore,
  identity: readonly unknown[],
  source: { fingerprint(): Promise<string>; introspect(): Promise<Schema> },
  refresh: boolean,
): Promise<{ readonly schema: Schema; readonly fingerprint: string; readonly cached: boolean }> {
  const key = `schema-${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32)}`;
  // What was kept is read while the database is asked whether it still holds.
  const [fingerprint, found] = await Promise.all([
    source.fingerprint(),
    refresh ? null : store.read(key).then(parseCached),
  ]);
  if (found?.fingerprint === fingerprint) {
    return { schema: found.schema, fingerprint, cached: true };
  }
  const schema = await source.introspect();
  await store.write(key, JSON.stringify({ format, fingerprint, schema } satisfies CachedSchema));
  return { schema, fingerprint, cached: false };
}

/** The store is written by this program alone and readable by its user alone, so its shape is trusted once it is ours. */
function parseCached(text: string | null): CachedSchema | null {
  if (text === null) {
    return null;
  }
  try {
    const value: Partial<CachedSchema> | null = JSON.parse(text);
    const { format: written, fingerprint, schema } = value ?? {};
    return written === format && fingerprint !== undefined && Array.isArray(schema?.tables)
      ? { format, fingerprint, schema }
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}
