import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { mysql } from '../../../src/database/mysql/connect.ts';
import { hostileCases } from '../../support/hostile.ts';
import { mysqlServers, mysqlTarget, runAsOwner, uniqueName } from '../../support/mysql-engine.ts';
import { beginWrite, query } from '../../support/statements.ts';

const cases = hostileCases('runaway').filter(({ engine }) => engine === 'mysql');
const never = new AbortController().signal;

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: runaways`, () => {
    const server = mysqlTarget(url ?? 'mysql://u:p@localhost:1');
    const database = uniqueName('runaway');
    beforeAll(() =>
      runAsOwner(server, [`CREATE DATABASE ${database}`, `CREATE TABLE ${database}.t (a INT)`]),
    );
    afterAll(() => runAsOwner(server, [`DROP DATABASE ${database}`]));

    const open = (timeoutMilliseconds: number): Promise<Database> =>
      mysql.open({ ...server, database }, { access: 'read', timeoutMilliseconds, hide: [] }, never);

    async function drain(
      opened: Database,
      sql: string,
      signal: AbortSignal,
      milliseconds: number | null = null,
    ): Promise<unknown> {
      try {
        const result = await query(opened, sql, { signal, milliseconds });
        for await (const batch of result.batches) {
          expect(batch.length).toBeGreaterThan(0);
        }
        return 'finished';
      } catch (error) {
        return error;
      }
    }

    /** Waits until the server has this connection, at work on a SELECT, or has it no more. */
    async function until(session: string | null, state: 'selecting' | 'gone'): Promise<void> {
      const { host, port, user, password } = server;
      const admin = await createConnection({ host, port, user, password: password ?? '' });
      const which = `ID = ?${state === 'selecting' ? " AND INFO LIKE 'SELECT%'" : ''}`;
      const found = async (): Promise<number> => {
        const [rows] = await admin.query(`SELECT 1 FROM information_schema.processlist WHERE ${which}`, [
          session,
        ]);
        return Array.isArray(rows) ? rows.length : Number.NaN;
      };
      try {
        await expect.poll(found, { timeout: 30_000, interval: 100 }).toBe(state === 'gone' ? 0 : 1);
      } finally {
        await admin.end();
      }
    }

    // MySQL 9.6 took MD5 out.
    const known = cases.map((each) =>
      product === 'MySQL'
        ? { ...each, sql: each.sql.replace(/\bMD5\((.*?)\)(?= FROM)/, 'SHA2($1, 256)') }
        : each,
    );
    it.each(known)('$id ends when the signal says so, at the server too', async ({ sql }) => {
      const opened = await open(60_000);
      const { session } = opened;
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(new Error('enough')), 500);
      const outcome = await drain(opened, sql, controller.signal);
      clearTimeout(timer);
      if (outcome !== 'finished') {
        expect(outcome).toMatchObject({
          message: expect.stringMatching(/enough|cut the result|stopped the statement/),
        });
      }
      await opened.close();
      await until(session, 'gone');
      // Nothing that it held is left: the table can be locked.
      await runAsOwner({ ...server, database }, ['LOCK TABLES t WRITE', 'UNLOCK TABLES']);
    });

    it('ends by the limit that the server was told', async () => {
      const opened = await open(700);
      const outcome = await drain(
        opened,
        'SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c',
        never,
      );
      expect(outcome).toMatchObject({
        name: 'SqlqError',
        code: 'limit',
        hint: expect.stringContaining('--timeout'),
      });
      expect(await drain(opened, 'SELECT 1', never)).toBe('finished');
      await opened.close();
    });

    it("ends by a query's own shorter limit, and has the longer one again", async () => {
      const opened = await open(60_000);
      const variable = product === 'MariaDB' ? 'max_statement_time' : 'max_execution_time';
      const start = performance.now();
      const endless =
        'SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c';
      expect(await drain(opened, endless, never, 300)).toMatchObject({ code: 'limit' });
      expect(performance.now() - start).toBeLessThan(10_000);
      for (const milliseconds of [300, 90_000]) {
        const inForce: unknown[] = [];
        const { batches } = await query(opened, `SELECT @@${variable}`, { signal: never, milliseconds });
        for await (const batch of batches) {
          inForce.push(...batch.flat());
        }
        const shown = Math.min(milliseconds, 60_000) / (product === 'MariaDB' ? 1000 : 1);
        expect(inForce.map(Number)).toEqual([shown]);
      }
      await opened.close();
    });

    it('leaves nothing running when the connection just goes away', async () => {
      const opened = await open(60_000);
      const { session } = opened;
      const running = drain(
        opened,
        'SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c',
        never,
      );
      await until(session, 'selecting');
      if (session === null) {
        throw new Error('no session');
      }
      await mysql.cancelSession({ ...server, database }, session);
      expect(await running).toMatchObject({ name: 'SqlqError' });
      await until(session, 'gone');
      // The session is no more: that is what was wanted.
      await mysql.cancelSession({ ...server, database }, session);
      await opened.close();
    });

    it('says that a statement may go on where there is no second connection to end it', async () => {
      const single = uniqueName('single');
      await runAsOwner(server, [
        `CREATE USER ${single}@'%' IDENTIFIED BY 'pw' WITH MAX_USER_CONNECTIONS 1`,
        `GRANT SELECT ON ${database}.* TO ${single}@'%'`,
      ]);
      const own = { ...server, user: single, password: 'pw', database };
      const opened = await mysql.open(own, { access: 'read', timeoutMilliseconds: 60_000, hide: [] }, never);
      await expect(mysql.cancelSession(own, opened.session ?? '')).rejects.toMatchObject({
        message: expect.stringMatching(/may go on at the server, as connection \d+: .*too many connections/),
      });
      expect(await mysql.leftRunning?.(own, opened.session ?? '')).toMatch(
        /may go on at the server, as connection \d+: .*nor to ask.*too many connections/,
      );
      const session = opened.session ?? '';
      await opened.close();
      await until(session, 'gone');
      expect(await mysql.leftRunning?.(own, session)).toBeNull();
      await runAsOwner(server, [`DROP USER ${single}@'%'`]);
    });

    it('says that a statement goes on whose one call the server does not interrupt', async () => {
      const { host, port, user, password } = server;
      const deaf = await createConnection({ host, port, user, password: password ?? '' });
      const [rows] = await deaf.query({ sql: 'SELECT CONNECTION_ID()', rowsAsArray: true });
      const session = String(Array.isArray(rows) && Array.isArray(rows[0]) ? rows[0][0] : '');
      const call = "LENGTH(SHA2(REPEAT('x', 16000000), 512))";
      const running = deaf
        .query(`SELECT ${Array.from({ length: 80 }, () => call).join(' + ')}`)
        .catch((error: unknown) => error);
      await until(session, 'selecting');
      await mysql.cancelSession(server, session);
      expect(await mysql.leftRunning?.(server, session)).toMatch(
        new RegExp(`still works on it.*as connection ${session};`),
      );
      await running;
      await until(session, 'gone');
      expect(await mysql.leftRunning?.(server, session)).toBeNull();
      deaf.destroy();
    });

    it('says which tables of a list are dropped where the rest can not be', async () => {
      const options = { access: 'ddl', timeoutMilliseconds: 10_000, hide: [] } as const;
      const opened = await mysql.open({ ...server, database }, options, never);
      await runAsOwner({ ...server, database }, [
        'CREATE TABLE one (a INT)',
        'CREATE TABLE parent (a INT PRIMARY KEY)',
        'CREATE TABLE child (a INT REFERENCES parent (a), FOREIGN KEY (a) REFERENCES parent (a))',
      ]);
      const failure = await beginWrite(opened, 'DROP TABLE one, parent', never).catch(
        (error: unknown) => error,
      );
      // MySQL drops all of them or none.
      expect(failure).toMatchObject({
        hint: product === 'MariaDB' ? expect.stringMatching(/^one is dropped all the same/) : null,
      });
      await opened.close();
      await runAsOwner({ ...server, database }, ['DROP TABLE IF EXISTS one, child, parent']);
    });

    it('tells where the server cut a result', async () => {
      const opened = await open(10_000);
      expect(
        await drain(
          opened,
          'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT MAX(n) FROM t',
          never,
        ),
      ).toMatchObject({
        code: 'limit',
        message: expect.stringMatching(/cut the result|stopped the statement: Recursive/),
      });
      expect(await drain(opened, "SELECT REPEAT('x', 600000000)", never)).toMatchObject({ code: 'limit' });
      await opened.close();
    });
  });
}
