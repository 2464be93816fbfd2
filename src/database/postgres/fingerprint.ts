import type { Session } from './session.ts';
import { inCatalog } from './transaction/catalog.ts';

/**
 * A digest of the catalog: every change of a table, column, constraint, type, comment or privilege writes a new
 * version of a row there. Reads row versions, not contents.
 */
const schemaQuery = `
SELECT md5(concat_ws(' ', current_user, $1::text, ${[
  'pg_class WHERE oid >= 16384',
  'pg_attribute WHERE attrelid >= 16384',
  'pg_constraint WHERE oid >= 16384',
  'pg_enum',
  'pg_type WHERE oid >= 16384',
  'pg_description WHERE objoid >= 16384',
  'pg_attrdef',
  'pg_namespace',
  'pg_inherits',
]
  .map(
    (source) =>
      `(SELECT concat(count(*), '/', sum(hashtextextended(concat(xmin, ctid), 0)::numeric)) FROM ${source})`,
  )
  .join(', ')})) AS fingerprint`;

/** A short text that changes when the schema does. ANALYZE and VACUUM change it as well, which costs one reading. */
export function fingerprint(session: Session): Promise<string> {
  return inCatalog(session, async (searchPath) => {
    const { rows } = await session.client.query<{ fingerprint: string }>(schemaQuery, [
      JSON.stringify(searchPath),
    ]);
    return rows[0]?.fingerprint ?? '';
  });
}

/** A short text that changes when rows may have: the server's counters of changed rows in this database. */
export function dataFingerprint(session: Session): Promise<string | null> {
  return inCatalog(session, async () => {
    const { rows } = await session.client.query<{ counters: string | null }>(
      `SELECT concat_ws('/', tup_inserted, tup_updated, tup_deleted, stats_reset) AS counters
         FROM pg_stat_database WHERE datname = current_database()`,
    );
    return rows[0]?.counters ?? null;
  });
}
