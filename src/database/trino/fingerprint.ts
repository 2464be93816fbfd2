import { SqlqError } from '../../errors.ts';
import { catalogsInScope, informationSchema, schemaCondition } from './scope.ts';
import type { Session } from './session.ts';

/** Changes with every table, column, type and comment on a column in scope, and with who asks. */
export async function fingerprint(
  session: Session,
  schemas: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const parts = await Promise.all(
    catalogsInScope(session, schemas).map(async (catalog) => {
      const condition = schemaCondition(session, catalog, schemas);
      const rows = await session
        .rows(
          `SELECT count(*), to_hex(checksum(concat_ws(chr(31), table_schema, table_name, CAST(ordinal_position AS varchar), column_name, data_type, is_nullable, coalesce(comment, '')))) FROM ${informationSchema(catalog)}.columns WHERE ${condition}`,
          signal,
          'fresh',
        )
        .catch((error: unknown) => {
          if (error instanceof SqlqError && !signal.aborted && catalog !== session.home.catalog) {
            return [[error.engineCode]];
          }
          throw error;
        });
      return [catalog, ...(rows[0] ?? [])].join(' ');
    }),
  );
  return [session.dialect.version, session.role, ...parts].join('|');
}
