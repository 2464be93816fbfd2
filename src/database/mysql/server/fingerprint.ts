import { errorNumber } from '../errors.ts';
import { within } from '../guard/catalog.ts';
import type { Session } from '../session.ts';

/** ER_CONNECT_TO_FOREIGN_DATA_SOURCE */
const unreachable = 1429;

/** Changes with every table, column, type, default, key and comment of the databases, and what the role sees. */
export async function fingerprint(session: Session, databases: readonly string[]): Promise<string> {
  const digest = (columns: string): string =>
    `COUNT(*), COALESCE(BIT_XOR(CRC32(CONCAT_WS(_utf8mb4 X'1F', ${columns}))), 0), COALESCE(SUM(CRC32(CONCAT_WS(_utf8mb4 X'1F', ${columns}))), 0)`;
  const columns = await session.rows(
    `SELECT ${digest("TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COALESCE(COLUMN_DEFAULT, '-'), COLUMN_KEY, EXTRA, COLUMN_COMMENT, COALESCE(GENERATION_EXPRESSION, '')")} FROM information_schema.COLUMNS WHERE TABLE_SCHEMA ${within(databases)}`,
  );
  const keys = await session
    .rows(
      `SELECT ${digest("TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, ORDINAL_POSITION, COALESCE(REFERENCED_TABLE_SCHEMA, ''), COALESCE(REFERENCED_TABLE_NAME, ''), COALESCE(REFERENCED_COLUMN_NAME, '')")} FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA ${within(databases)}`,
      // Where a table on another server can't be reached, its keys can't be told; columns and tables still are.
    )
    .catch((error: unknown) => {
      if (errorNumber(error) === unreachable) {
        return [];
      }
      throw error;
    });
  const tables = await session.rows(
    `SELECT ${digest("TABLE_NAME, TABLE_TYPE, TABLE_COMMENT, COALESCE(ENGINE, '')")} FROM information_schema.TABLES WHERE TABLE_SCHEMA ${within(databases)}`,
  );
  return [session.dialect.version, session.role, columns[0], keys[0], tables[0]].flat().join('|');
}

/**
 * Changes when rows may have; null within two seconds of a change, because the server keeps whole seconds. InnoDB
 * knows the time of a table's last change since the server started, other engines that of its file.
 */
export async function dataFingerprint(
  session: Session,
  databases: readonly string[],
): Promise<string | null> {
  // Each of the servers behind a gate has times of its own.
  if (session.isGate) {
    return null;
  }
  const [row = []] = await session.rows(
    `SELECT COALESCE(MAX(UPDATE_TIME) > NOW() - INTERVAL 2 SECOND, 0), COUNT(*), COALESCE(SUM(CRC32(CONCAT(TABLE_SCHEMA, TABLE_NAME, COALESCE(UPDATE_TIME, '')))), 0), MAX(UPDATE_TIME) FROM information_schema.TABLES WHERE TABLE_SCHEMA ${within(databases)} AND TABLE_TYPE <> 'VIEW'`,
  );
  return row[0] === '1' ? null : row.slice(1).join('|');
}
