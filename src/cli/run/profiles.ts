import { readProfiles } from '../../ask/cache/profiles.ts';
import type { SendKind } from '../../config/settings/send.ts';
import type { Profiles } from '../../schema/profile/column-profile.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import type { OpenedDatabase } from './database.ts';
import type { Setup } from './setup.ts';

/** Nobody waits longer than this for what is so of the rows; what is missing then comes with the next question. */
const timeoutMs = 1_500;
/** Where rows change all the time, their form does not. */
const longestAgeMs = 10 * 60_000;

/** What tells of the rows of tables what `send` allows; null where that is nothing. */
export function profileReader(
  { cache: store }: Setup,
  { client, identity }: OpenedDatabase,
  send: readonly SendKind[],
  signal: AbortSignal,
): ((schema: Schema, tables: readonly Table[]) => Promise<Profiles>) | null {
  const samples = send.includes('samples');
  if (!samples && !send.includes('profiles')) {
    return null;
  }
  return async (schema, tables) => {
    const source = { database: client, schema, store, identity, timeoutMs, longestAgeMs, samples, signal };
    const found = await readProfiles(source, tables);
    return send.includes('profiles') ? found : { ...found, profileOf: () => null };
  };
}
