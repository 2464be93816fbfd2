import type { Effective } from './load.ts';
import type { SendKind } from './settings/send.ts';

/**
 * What may be sent of one database to one provider. A flag or a variable is the user's last word; else what the database
 * and the profile say for themselves, both where both do; else the general setting.
 */
export function sendOf(
  { values, sources }: Pick<Effective, 'values' | 'sources'>,
  database: readonly SendKind[] | null,
  profile: readonly SendKind[] | null,
): readonly SendKind[] {
  if (/^(?:--|SQLQ_)/u.test(sources.send)) {
    return values.send;
  }
  if (database !== null && profile !== null) {
    return database.filter((kind) => profile.includes(kind));
  }
  return database ?? profile ?? values.send;
}
