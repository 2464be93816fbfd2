import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, ServerWarning } from '../../../src/database/database.ts';
import { mysql } from '../../../src/database/mysql/connect.ts';
import { startMariadb } from '../../support/mariadb-server.ts';
import { mysqlServers, mysqlTarget, runAsOwner } from '../../support/mysql-engine.ts';
import { startMysql } from '../../support/mysql-server.ts';
import type { TestServer } from '../../support/postgres-server.ts';
import { query, queryCsv } from '../../support/statements.ts';

const never = new AbortController().signal;
const endless =
  'SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c';

/** Servers of their own: their settings are what this is about. */
for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: an administrator's limits`, () => {
    const variable = product === 'MariaDB' ? 'max_statement_time' : 'max_execution_time';
    const second = product === 'MariaDB' ? 1 : 1000;
    let server: TestServer | null = null;
    let opened: Database | null = null;
    const own = () => mysqlTarget(server?.url ?? '');

    beforeAll(async () => {
      server = product === 'MariaDB' ? await startMariadb() : await startMysql();
      await runAsOwner(own(), [
        'CREATE DATABASE limits',
        'CREATE TABLE limits.t (a INT)',
        'INSERT INTO limits.t VALUES (1), (2), (3), (4), (5)',
        "CREATE USER reader@'%' IDENTIFIED BY 'pw'",
        "GRANT SELECT ON limits.* TO reader@'%'",
      ]);
    }, 120_000);
    afterAll(async () => {
      await opened?.close();
      await server?.stop();
    });

    async function open(timeoutMilliseconds: number): Promise<Database> {
      await opened?.close();
      opened = await mysql.open(
        { ...own(), user: 'reader', password: 'pw', database: 'limits' },
        { access: 'read', timeoutMilliseconds, hide: [] },
        never,
      );
      return opened;
    }
    async function run(database: Database, sql: string): Promise<readonly ServerWarning[]> {
      const result = await query(database, sql, { signal: never });
      for await (const batch of result.batches) {
        expect(batch.length).toBeGreaterThan(0);
      }
      return result.warnings?.() ?? [];
    }

    it('a shorter time limit holds, and is told as what it is', async () => {
      await runAsOwner(own(), [`SET GLOBAL ${variable} = ${second}`]);
      const start = performance.now();
      await expect(run(await open(20_000), endless)).rejects.toMatchObject({
        code: 'limit',
        message: "The server stopped the statement: it lets this account's run 1 s",
        hint: expect.stringContaining('administrator'),
      });
      expect(performance.now() - start).toBeLessThan(10_000);
      await runAsOwner(own(), [`SET GLOBAL ${variable} = ${60 * second}`]);
      await expect(run(await open(700), endless)).rejects.toMatchObject({
        code: 'limit',
        hint: expect.stringContaining('--timeout'),
      });
    });

    const onMariaDb = product === 'MariaDB' ? it : () => {};
    onMariaDb("an account's own holds too", async () => {
      await runAsOwner(own(), [
        'SET GLOBAL max_statement_time = 0',
        "ALTER USER reader@'%' WITH MAX_STATEMENT_TIME 1",
      ]);
      await expect(run(await open(20_000), endless)).rejects.toThrow("it lets this account's run 1 s");
      await runAsOwner(own(), ["ALTER USER reader@'%' WITH MAX_STATEMENT_TIME 0"]);
    });

    it('a limit of rows is lifted, which is said where there are more', async () => {
      await runAsOwner(own(), [`SET GLOBAL ${variable} = 0`, 'SET GLOBAL sql_select_limit = 3']);
      const database = await open(20_000);
      const lifted = [
        { code: '', message: expect.stringMatching(/sql_select_limit of 3 rows was lifted/), count: 1 },
      ];
      expect(await run(database, 'SELECT a FROM t')).toEqual(lifted);
      expect(await run(database, 'SELECT a FROM t WHERE a < 4')).toEqual([]);
      const csv = await queryCsv(database, 'SELECT a FROM t', { signal: never });
      for await (const chunk of csv?.chunks ?? []) {
        expect(chunk.rows).toBe(5);
      }
      expect(csv?.warnings?.()).toEqual(lifted);
      await runAsOwner(own(), ['SET GLOBAL sql_select_limit = DEFAULT']);
    });
  });
}
