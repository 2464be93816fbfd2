import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../../src/database/database.ts';
import { duckdb } from '../../src/database/duckdb/connect.ts';
import { type Connection, openInstance } from '../../src/database/duckdb/session.ts';
import type { ContractEngine } from '../database/contract.ts';

/** Does something with a DuckDB file, which is made where it is not there. */
async function within<Done>(path: string, use: (connection: Connection) => Promise<Done>): Promise<Done> {
  const instance = await openInstance({ path, access: 'READ_WRITE' });
  const connection = await instance.connect();
  try {
    return await use(connection);
  } finally {
    connection.close();
    instance.close();
  }
}

/** Runs statements in a DuckDB file. */
export function runDuckdb(path: string, statements: readonly string[]): Promise<void> {
  return within(path, async ({ driver, handle }) => {
    for (const statement of statements) {
      await driver.query(handle, statement);
    }
  });
}

/** The rows of a statement in a DuckDB file. */
export function rowsOfDuckdb(path: string, sql: string): Promise<readonly Row[]> {
  return within(path, ({ rows }) => rows(sql));
}

/** A new DuckDB file in a folder of its own, in which these statements were run. */
export async function createDuckdb(
  statements: readonly string[],
): Promise<{ readonly path: string; destroy(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-duckdb-'));
  const path = join(folder, 'made.duckdb');
  await runDuckdb(path, statements);
  return { path, destroy: () => rm(folder, { recursive: true, force: true }) };
}

/** DuckDB, as the suite of all adapters wants it. */
export const duckdbEngine: ContractEngine = {
  name: 'DuckDB',
  adapter: duckdb,
  async create(statements) {
    const { path, destroy } = await createDuckdb(statements);
    return {
      target: { engine: 'duckdb', path },
      execute: (sql) => runDuckdb(path, [sql]),
      destroy,
    };
  },
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  schema: () => 'main',
  commented: [
    'CREATE TABLE commented (id INTEGER NOT NULL PRIMARY KEY, note VARCHAR)',
    "COMMENT ON TABLE commented IS 'All our notes'",
    "COMMENT ON COLUMN commented.note IS 'Written by hand'",
  ],
  exact: [
    { expression: '9007199254740993', value: 9007199254740993n },
    { expression: '(-9223372036854775808)::BIGINT', value: -9223372036854775808n },
    {
      expression: '170141183460469231731687303715884105727::HUGEINT',
      value: 170141183460469231731687303715884105727n,
    },
    { expression: '9007199254740991', value: 9007199254740991 },
    { expression: '0.1 + 0.2', value: '0.3' },
    { expression: '0.1::DOUBLE + 0.2::DOUBLE', value: 0.30000000000000004 },
    { expression: '5e-324::DOUBLE', value: 5e-324 },
    { expression: "'inf'::DOUBLE", value: Infinity },
    { expression: "'\\x00\\xFF\\x1B'::BLOB", value: Uint8Array.from([0, 255, 27]) },
    { expression: "'a' || chr(0) || 'b'", value: 'a\0b' },
    { expression: '12.30::DECIMAL(38,2)', value: '12.30' },
    { expression: 'NULL', value: null },
  ],
  endless: null,
};
