import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, OpenOptions } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import { freePort } from '../../support/free-port.ts';
import { connectTo, postgresTarget, runPostgres } from '../../support/postgres-engine.ts';
import { beginWrite, query } from '../../support/statements.ts';

const never = new AbortController().signal;
const program = resolve(import.meta.dirname, '../../../node_modules/.bin/pglite-server');

/** PostgreSQL in WebAssembly: it takes start-up options and ignores them, and has one backend for all connections. */
describe('PGlite', () => {
  let server: ChildProcess;
  let target: ReturnType<typeof postgresTarget>;

  async function opened<T>(
    options: Partial<OpenOptions>,
    work: (database: Database) => Promise<T>,
  ): Promise<T> {
    const database = await postgres.open(
      target,
      { access: 'read', timeoutMilliseconds: 7_000, hide: [], ...options },
      never,
    );
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  async function rows(database: Database, sql: string): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    for await (const batch of (await query(database, sql, { signal: never })).batches) {
      found.push(...batch);
    }
    return found;
  }

  beforeAll(async () => {
    const port = await freePort();
    target = postgresTarget(`postgres://postgres:postgres@127.0.0.1:${port}`);
    server = spawn(process.execPath, [program, '-p', String(port), '-m', '10'], { stdio: 'ignore' });
    const deadline = Date.now() + 50_000;
    for (;;) {
      try {
        await (await connectTo(target)).end();
        break;
      } catch (error) {
        if (server.exitCode !== null || Date.now() > deadline) {
          throw error;
        }
        await sleep(100);
      }
    }
    await runPostgres(target, ['CREATE TABLE things (id integer)', 'INSERT INTO things VALUES (1)']);
  });
  afterAll(() => server?.kill('SIGKILL'));

  it('has limits and read-only in force, and keeps nothing of them for the next client', async () => {
    for (let run = 0; run < 2; run += 1) {
      await opened({}, async (database) => {
        expect(await rows(database, 'SHOW transaction_read_only')).toEqual([['on']]);
        expect(await rows(database, 'SHOW statement_timeout')).toEqual([['7s']]);
        expect(await rows(database, 'SELECT id FROM things')).toEqual([[1]]);
        const schema = await database.introspect({ schemas: [], include: [], exclude: [] }, never);
        expect(schema.tables.map(({ name }) => name)).toEqual(['things']);
      });
      const other = await connectTo(target);
      const { rows: shown } = await other.query(
        "SELECT current_setting('statement_timeout') AS timeout, current_setting('transaction_read_only') AS reads",
      );
      expect(shown).toEqual([{ timeout: '0', reads: 'off' }]);
      await other.end();
    }
  });

  it('takes a change back', async () => {
    await opened({ access: 'write' }, async (database) => {
      await (await beginWrite(database, 'INSERT INTO things VALUES (2)', never)).rollback();
      expect(await rows(database, 'SELECT id FROM things')).toEqual([[1]]);
    });
  });
});
