import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/database/database.ts';
import { mysql } from '../../../../src/database/mysql/connect.ts';
import { startMariadb } from '../../../support/mariadb-server.ts';
import { mysqlServers, mysqlTarget, runAsOwner } from '../../../support/mysql-engine.ts';
import { startMysql } from '../../../support/mysql-server.ts';
import type { TestServer } from '../../../support/postgres-server.ts';
import { verdictOf } from '../../../support/statements.ts';

const never = new AbortController().signal;
const everything = { schemas: [], include: [], exclude: [] };

/** Servers of their own, with secrets among their variables and tables. */
for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: secrets of the server`, () => {
    let server: TestServer | null = null;
    let database: Database;

    beforeAll(async () => {
      const password = '--report-password=canary-pw';
      server =
        product === 'MariaDB'
          ? await startMariadb([password, '--plugin-load-add=ha_federated'])
          : await startMysql([password, '--federated']);
      const admin = mysqlTarget(server?.url ?? '');
      await runAsOwner(admin, [
        'CREATE DATABASE kept',
        'CREATE TABLE kept.person (id INT, ssn VARCHAR(9), tail VARCHAR(4) AS (RIGHT(ssn, 4)) VIRTUAL, mark VARCHAR(5) AS (CONCAT(tail, "x")) STORED, UNIQUE (mark))',
        "INSERT INTO kept.person (id, ssn) VALUES (1, 'secret-s')",
        "CREATE TABLE kept.remote (id INT) ENGINE=FEDERATED COMMENT='password \"canary-pw\"' CONNECTION='mysql://u:canary-pw@127.0.0.1:1/d/t'",
      ]);
      database = await mysql.open(
        { ...admin, database: 'kept' },
        { access: 'read', timeoutMilliseconds: 10_000, hide: ['*.ssn'] },
        never,
      );
    }, 120_000);
    afterAll(async () => {
      await database?.close();
      await server?.stop();
    });

    it.each([
      'SELECT @@report_password',
      'SELECT @@global.REPORT_PASSWORD, 1',
      'SELECT CONCAT(@@init_connect)',
      'SHOW VARIABLES',
      "SHOW GLOBAL VARIABLES LIKE 'report%'",
      "SHOW VARIABLES WHERE Variable_name = 'report_password'",
      'SHOW TABLE STATUS',
      "SHOW TABLE STATUS LIKE 'remote'",
      'SHOW CREATE TABLE remote',
      'SELECT TABLE_COMMENT FROM information_schema.TABLES',
      'SELECT `table_comment` FROM information_schema.`tables` t',
      'SELECT * FROM information_schema.TABLES',
      'SELECT CREATE_OPTIONS FROM information_schema.TABLES',
      ...(product === 'MariaDB'
        ? [
            'SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_VARIABLES',
            'SELECT * FROM information_schema.SYSTEM_VARIABLES',
          ]
        : []),
    ])('are not shown: %s', async (sql) => {
      expect((await verdictOf(database, sql, never)).kind).toBe('forbidden');
    });

    it.each(['SELECT @@version, @@sql_mode', 'SELECT TABLE_NAME, TABLE_ROWS FROM information_schema.TABLES'])(
      'leave the rest to read: %s',
      async (sql) => {
        expect(await verdictOf(database, sql, never)).toEqual({ kind: 'read', reason: null });
      },
    );

    it('go to no model, nor what is made of a hidden column, however far', async () => {
      const schema = await database.introspect(everything, never);
      expect(await database.fingerprint(never)).toMatch(/\d/);
      expect(JSON.stringify(schema)).not.toMatch(/canary-pw|ssn|tail|mark/);
      expect(schema.tables.find(({ name }) => name === 'person')?.columns.map(({ name }) => name)).toEqual([
        'id',
      ]);
      const column = (name: string) => ({ schema: 'kept', table: 'person', column: name });
      expect(
        await database.distinctValues(
          [column('id'), column('tail'), column('mark'), column('ssn')],
          5,
          never,
        ),
      ).toEqual([['1'], null, null, null]);
      for (const sql of [
        'SELECT mark FROM person',
        'SELECT tail FROM person',
        'SELECT MAX(mark) FROM person',
      ]) {
        expect((await verdictOf(database, sql, never)).reason).toMatch(/hidden/);
      }
    });
  });
}
