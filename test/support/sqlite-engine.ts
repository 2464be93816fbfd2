import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { sqlite } from '../../src/database/sqlite/connect.ts';
import type { ContractEngine } from '../database/contract.ts';

/** SQLite, as the suite of all adapters wants it: a file in a folder of its own. */
export const sqliteEngine: ContractEngine = {
  name: 'SQLite',
  adapter: sqlite,
  async create(statements) {
    const folder = await mkdtemp(join(tmpdir(), 'sqlq-sqlite-'));
    const path = join(folder, 'contract.sqlite');
    const execute = (sql: readonly string[]): void => {
      const database = new SQLite(path);
      for (const statement of sql) {
        database.exec(statement);
      }
      database.close();
    };
    execute(statements);
    return {
      target: { engine: 'sqlite', path },
      execute: async (sql) => execute([sql]),
      destroy: () => rm(folder, { recursive: true, force: true }),
    };
  },
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  schema: () => 'main',
  commented: [
    `CREATE TABLE commented ( -- All our notes
       id INTEGER NOT NULL PRIMARY KEY,
       note TEXT -- Written by hand
     )`,
  ],
  exact: [
    { expression: '9007199254740993', value: 9007199254740993n },
    { expression: '-9223372036854775807 - 1', value: -9223372036854775808n },
    { expression: '9007199254740991', value: 9007199254740991 },
    { expression: '0.1 + 0.2', value: 0.30000000000000004 },
    { expression: '5e-324', value: 5e-324 },
    { expression: '1e999', value: Infinity },
    { expression: "x'00ff1b'", value: Buffer.from([0, 255, 27]) },
    { expression: "'a' || char(0) || 'b'", value: 'a\0b' },
  ],
  endless: null,
};
