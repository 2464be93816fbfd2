import { readValueIndex } from '../../ask/cache/value-index.ts';
import type { DatabaseClient } from '../../database/process/client.ts';
import type { ValueIndex } from '../../model/model.ts';
import { cachedSchema } from '../../schema/cache.ts';
import type { Schema } from '../../schema/schema.ts';
import { type OpenedDatabase, warnOfSchema } from './database.ts';
import { describedSchema } from './documents.ts';
import type { Setup } from './setup.ts';

/** Reads schema and values as a run does, and keeps them while the database says that they are the same. */
export function rememberingReaders(database: OpenedDatabase, setup: Setup, refresh: boolean) {
  const { client, filter, identity } = database;
  let schema: { readonly fingerprint: string; readonly value: Promise<Schema> } | null = null;
  let values: { readonly of: Schema; readonly data: string; readonly index: ValueIndex } | null = null;
  let refreshed = !refresh;
  const readAnew = async (client: DatabaseClient, fingerprint: string, signal: AbortSignal) => {
    const source = {
      fingerprint: async () => fingerprint,
      introspect: () => client.introspect(filter, signal),
    };
    const found = await cachedSchema(setup.cache, identity, source, !refreshed);
    refreshed = true;
    warnOfSchema(found.schema, setup);
    return describedSchema(setup, database, found.schema);
  };
  return {
    async readSchema(signal: AbortSignal): Promise<Schema> {
      const fingerprint = await client.fingerprint(signal);
      if (schema?.fingerprint === fingerprint) {
        return schema.value;
      }
      const value = readAnew(client, fingerprint, signal);
      const made = { fingerprint, value };
      schema = made;
      value.catch(() => {
        if (schema === made) {
          schema = null;
        }
      });
      return value;
    },
    async readValues(of: Schema, signal: AbortSignal): Promise<ValueIndex> {
      const data = await client.dataFingerprint(signal);
      if (values !== null && data !== null && values.of === of && values.data === data) {
        return values.index;
      }
      const index = await readValueIndex(client, of, setup.cache, identity, signal);
      values = data === null ? null : { of, data, index };
      return index;
    },
  };
}
