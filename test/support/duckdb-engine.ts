import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdb } from '../../src/database/duckdb/connect.ts';
import { loadDriver } from '../../src/database/duckdb/driver.ts';
import type { ContractEngine } from '../database/contract.ts';

/** Runs statements in a DuckDB file, which is made where it is not there. */
export async function runDuckdb(path: string, statements: readonly string[]): Promise<void> {
  const driver = await loadDriver();
  const database = await driver.open(path);
  const connection = await driver.connect(database);
  try {
    for (const statement of statements) {
      await driver.query(connection, statement);
    }
  } finally {
    driver.disconnect_sync(connection);
    driver.close_sync(database);
  }
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
