import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Access, Database } from '../../../../src/database/database.ts';
import { mysql } from '../../../../src/database/mysql/connect.ts';
import { mysqlServers, runAsOwner } from '../../../support/mysql-engine.ts';
import { createWorld, type World } from '../../../support/mysql-world.ts';
import { beginWrite, query, verdictOf } from '../../../support/statements.ts';
import { mariadbOnly } from './hostile-cases.ts';
import { reading, refused } from './statements.ts';

const never = new AbortController().signal;

const script = `
CREATE DATABASE guarded CHARACTER SET utf8mb4; USE guarded;
CREATE TABLE customers (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL, email VARCHAR(200), \`update\` INT,
  \`drop\` VARCHAR(10), delete_flag INT DEFAULT 0, created_at DATETIME, balance DECIMAL(20,4), meta JSON);
CREATE TABLE orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, customer_id INT, total DECIMAL(12,2), status VARCHAR(20), placed_at DATE);
CREATE TABLE employees (id INT PRIMARY KEY, name VARCHAR(50), manager_id INT);
CREATE TABLE \`insert\` (\`select\` INT, \`from\` VARCHAR(10));
CREATE TABLE audit_log (what TEXT);
CREATE TABLE legacy (a INT) ENGINE=MyISAM;
CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(50), ssn VARCHAR(20), tail VARCHAR(4) AS (RIGHT(ssn, 4)) VIRTUAL);
CREATE SEQUENCE seq;
CREATE VIEW active_customers AS SELECT id, name FROM customers WHERE delete_flag = 0;
CREATE VIEW user_names AS SELECT id, name FROM users;
CREATE VIEW user_secrets AS SELECT id, ssn AS harmless FROM users;
CREATE VIEW hashes AS SELECT User, Priv FROM mysql.global_priv;
INSERT INTO customers (name) VALUES ('Ada');
INSERT INTO users (id, name, ssn) VALUES (1, 'Ada', '078-05-1120');
DELIMITER //
CREATE FUNCTION add_audit(msg TEXT) RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO audit_log VALUES (msg); RETURN 1; END //
CREATE FUNCTION liar() RETURNS INT DETERMINISTIC NO SQL BEGIN INSERT INTO audit_log VALUES ('x'); RETURN 1; END //
CREATE FUNCTION net(x DECIMAL(20,4)) RETURNS DECIMAL(20,4) DETERMINISTIC NO SQL RETURN x * 0.8 //
CREATE FUNCTION silent(x INT) RETURNS INT RETURN x + 1 //
CREATE FUNCTION stepwise(x INT) RETURNS INT DETERMINISTIC BEGIN DECLARE y INT DEFAULT 0; IF x > 1 THEN SET y = ABS(x); END IF; RETURN y; END //
CREATE FUNCTION locking() RETURNS INT DETERMINISTIC NO SQL RETURN GET_LOCK('a', 0) //
CREATE FUNCTION indirect() RETURNS INT DETERMINISTIC NO SQL RETURN add_audit('x') //
CREATE FUNCTION vec_totext(x TEXT) RETURNS INT MODIFIES SQL DATA RETURN add_audit(x) //
CREATE FUNCTION borrowed() RETURNS INT DETERMINISTIC NO SQL RETURN vec_totext('x') //
CREATE FUNCTION \`count\`(x TEXT) RETURNS INT MODIFIES SQL DATA RETURN add_audit(x) //
CREATE FUNCTION ſum(x TEXT) RETURNS INT MODIFIES SQL DATA RETURN add_audit(x) //
CREATE VIEW writing_view AS SELECT add_audit('view') AS a //
CREATE VIEW nested_view AS SELECT * FROM writing_view //
DELIMITER ;`;

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: the guard`, () => {
    let world: World;
    const opened: Database[] = [];

    async function open(
      role: 'reader' | 'owner' | 'superuser',
      access: Access = 'read',
      hide: readonly string[] = [],
    ): Promise<Database> {
      const database = await mysql.open(
        world.roles[role],
        { access, timeoutMilliseconds: 10_000, hide },
        never,
      );
      opened.push(database);
      return database;
    }
    const kindOf = async (database: Database, sql: string): Promise<string> =>
      (await verdictOf(database, sql, never)).kind;
    const reasonOf = async (database: Database, sql: string): Promise<string | null> =>
      (await verdictOf(database, sql, never)).reason;

    beforeAll(async () => {
      world = await createWorld(url ?? '', script, 'guarded');
    });
    afterAll(async () => {
      for (const database of opened) {
        await database.close();
      }
      await world?.destroy();
    });

    describe('as superuser', () => {
      let database: Database;
      beforeAll(async () => {
        database = await open('superuser');
      });

      it.each(reading.filter((sql) => product === 'MariaDB' || !mariadbOnly.test(sql)))(
        'reads %j',
        async (sql) => {
          expect(await verdictOf(database, sql, never)).toEqual({ kind: 'read', reason: null });
        },
      );

      it.each(refused)('never reads %j', async (sql) => {
        const { kind, reason } = await verdictOf(database, sql, never);
        expect(kind).not.toBe('read');
        expect(reason).toMatch(/\S/);
      });

      it.each([
        ['SELECT liar()', /it says INSERT/],
        ['SELECT locking()', /it calls GET_LOCK/],
        ['SELECT indirect()', /it calls add_audit/],
        ["SELECT count ('x')", /changes data/],
        ["SELECT `count`('x')", /changes data/],
        // This version has no function of that name, a later one has.
        ["SELECT vec_totext('x')", /changes data/],
        ['SELECT borrowed()', /it calls vec_totext/],
        // To the server that is a name of its own, and no aggregate.
        ["SELECT ſum('x')", /changes data/],
        ['SELECT p.User FROM customers größe, mysql.global_priv p', /mysql\.global_priv belongs/],
        ['SELECT p.User FROM customers limıt, mysql.global_priv p', /limıt looks like LIMIT/],
        ['SELECT * FROM writing_view', /View writing_view: .*add_audit/],
        ['SELECT * FROM nested_view', /View nested_view: View writing_view/],
        ['SELECT * FROM hashes', /View hashes: mysql\.(?:global_priv|user)/],
        ['SELECT * FROM information_schema.TABLES; SELECT 1', /more than one statement/],
      ])('sees through %s', async (sql, reason) => {
        expect(await reasonOf(database, sql)).toMatch(reason);
      });

      it.each(['SELECT silent(1)', 'SELECT stepwise(2)', 'SELECT net(1), count(*) FROM customers'])(
        'trusts what it has read: %s',
        async (sql) => {
          expect(await kindOf(database, sql)).toBe('read');
        },
      );

      it.each([
        [
          'read',
          'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT MAX(n) FROM t',
        ],
        ['read', 'WITH processlist AS (SELECT 1 AS a) SELECT a FROM processlist'],
        ['read', 'WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) SELECT (SELECT MAX(x) FROM b) FROM a'],
        ['read', 'WITH a AS (SELECT 1 AS x) SELECT x FROM a UNION SELECT x FROM a'],
        ['forbidden', 'WITH processlist AS (SELECT * FROM processlist) SELECT * FROM processlist'],
        [
          'forbidden',
          'SELECT * FROM (WITH processlist AS (SELECT 1) SELECT * FROM processlist) x, processlist',
        ],
        [
          'forbidden',
          'SELECT * FROM processlist WHERE 1 IN (WITH processlist AS (SELECT 1) SELECT * FROM processlist)',
        ],
        ['forbidden', 'WITH processlist AS (SELECT 1) SELECT * FROM information_schema.processlist'],
        ['forbidden', 'WITH a AS (SELECT * FROM processlist), processlist AS (SELECT 1) SELECT * FROM a'],
        ['forbidden', 'WITH PROCESSLIST AS (SELECT 1) SELECT * FROM processlist'],
      ])('tells names of WITH from the tables of information_schema: %s %s', async (kind, sql) => {
        const inside = await mysql.open(
          { ...world.roles.superuser, database: 'information_schema' },
          { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
          never,
        );
        opened.push(inside);
        expect(await kindOf(inside, sql)).toBe(kind);
      });

      it('refuses what is nested past all use', async () => {
        for (const count of [200, 100_000]) {
          expect(await reasonOf(database, `SELECT ${'('.repeat(count)}1${')'.repeat(count)}`)).toMatch(
            /nested/,
          );
        }
      });

      it('reads no other database, by any name', async () => {
        const other = `${world.database}_other`;
        await runAsOwner(world.roles.superuser, [
          `CREATE DATABASE ${other}`,
          `CREATE TABLE ${other}.t (a INT)`,
        ]);
        try {
          for (const sql of [
            `SELECT * FROM ${other}.t`,
            `SELECT * FROM (${other}.t)`,
            `SELECT * FROM customers JOIN ${other} . t`,
            `SELECT * FROM customers, \`${other}\`.\`t\``,
            `SELECT * FROM customers LEFT JOIN (orders, ${other}.t) ON 1`,
            `WITH x AS (SELECT * FROM ${other}.t) SELECT * FROM x`,
            `SELECT (SELECT MAX(a) FROM ${other}.t)`,
            `DESCRIBE ${other}.t`,
            `SHOW COLUMNS FROM t FROM ${other}`,
            `SHOW TABLES FROM ${other}`,
          ]) {
            expect(await reasonOf(database, sql), sql).toContain(`${other} is another database`);
          }
          expect(await kindOf(database, `SELECT * FROM ${world.database}.customers`)).toBe('read');
          const wide = await mysql.open(
            world.roles.superuser,
            { access: 'read', timeoutMilliseconds: 10_000, hide: [], schemas: [other] },
            never,
          );
          opened.push(wide);
          expect(await kindOf(wide, `SELECT * FROM customers, ${other}.t`)).toBe('read');
          expect(await kindOf(wide, 'SELECT * FROM mysql.user')).toBe('forbidden');
        } finally {
          await runAsOwner(world.roles.superuser, [`DROP DATABASE ${other}`]);
        }
      });
    });

    it('takes the word of code that the role may not see, and the server still holds', async () => {
      const database = await open('reader');
      expect(await kindOf(database, 'SELECT net(1)')).toBe('read');
      expect(await reasonOf(database, 'SELECT silent(1)')).toMatch(/code is not visible/);
      const run = async (): Promise<void> => {
        const result = await query(database, 'SELECT liar()', { signal: never });
        for await (const batch of result.batches) {
          expect(batch).toBe('never');
        }
      };
      await expect(run()).rejects.toThrow(/READ ONLY/);
    });

    describe('hidden columns', () => {
      it.each([
        'SELECT tail FROM users',
        'SELECT * FROM users',
        'SELECT u.* FROM users AS u',
        'SELECT users.* FROM users, customers',
        'SELECT `ssn` FROM users',
        'SELECT ſsn FROM users',
        'SELECT id FROM users WHERE SSN LIKE "0%"',
        'SELECT größe.ssn FROM users größe',
        'SELECT GRÖSSE.* FROM users größe',
        'SELECT ＳSN FROM users',
        'SELECT śsn FROM users',
        'SELECT harmless FROM user_secrets',
        'SELECT * FROM user_secrets',
        'SELECT 1 FROM users NATURAL JOIN customers',
        'SELECT JSON_ARRAYAGG(ssn) FROM users',
        'SELECT (SELECT ssn FROM users LIMIT 1)',
        'WITH x(a, b, c, d) AS (SELECT * FROM users) SELECT c FROM x',
        'SELECT c FROM (SELECT 1 a, 2 b, 3 c, 4 d UNION SELECT * FROM users) x',
        '(SELECT * FROM users)',
        'SELECT * FROM (users)',
        'SELECT DISTINCT * FROM users',
        'SELECT 1, users.* FROM users',
        'TABLE users',
        'DESCRIBE users',
        'SHOW COLUMNS FROM users',
        'SHOW CREATE TABLE users',
        'EXPLAIN SELECT * FROM users',
        'SELECT EXISTS (SELECT * FROM users)',
        'SELECT id FROM users ORDER BY ssn',
        'SELECT COUNT(DISTINCT ssn) FROM users',
        'SELECT COLUMN_NAME FROM information_schema.COLUMNS',
        'SELECT VIEW_DEFINITION FROM information_schema.`views`',
        'WITH users AS (SELECT * FROM users) SELECT * FROM users',
        'WITH other AS (SELECT 1) SELECT * FROM users',
        'SELECT * FROM (WITH users AS (SELECT 1) SELECT * FROM users) x, users',
        'CREATE TABLE made AS TABLE users',
        'CREATE TABLE made (TABLE users)',
      ])('are refused: %s', async (sql) => {
        const database = await open('superuser', 'read', ['*.ssn']);
        expect(await reasonOf(database, sql)).toMatch(/hidden/);
      });

      it.each([
        'SELECT id, name FROM users',
        'SELECT COUNT(*) FROM users',
        'SELECT * FROM customers',
        'SELECT c.*, u.name FROM customers c JOIN users u ON u.id = c.id',
        'SELECT * FROM (SELECT id FROM users) x',
        'SELECT * FROM user_names',
        'SELECT 2 * id FROM users',
        'WITH users AS (SELECT id, name FROM users) SELECT * FROM users',
        'SELECT TABLE_NAME FROM information_schema.TABLES',
      ])('leave the rest to read: %s', async (sql) => {
        const database = await open('superuser', 'read', ['*.ssn']);
        expect(await verdictOf(database, sql, never)).toEqual({ kind: 'read', reason: null });
      });

      it('close a function whose code the role may not see', async () => {
        const database = await open('reader', 'read', ['*.ssn']);
        expect(await reasonOf(database, 'SELECT net(1)')).toMatch(/hidden column/);
      });

      it('close a view whose text the role may not see', async () => {
        const database = await open('reader', 'read', ['*.ssn']);
        expect(await reasonOf(database, 'SELECT id FROM user_names')).toMatch(/not visible/);
      });

      it('are told to no model: neither generated columns nor views of them', async () => {
        const database = await open('superuser', 'read', ['*.ssn']);
        const schema = await database.introspect({ schemas: [], include: [], exclude: [] }, never);
        expect(schema.tables.find(({ name }) => name === 'users')?.columns.map(({ name }) => name)).toEqual([
          'id',
          'name',
        ]);
        expect(schema.tables.map(({ name }) => name)).not.toContain('user_secrets');
        expect(JSON.stringify(schema)).not.toContain('ssn');
      });
    });

    describe('writing on purpose', () => {
      it.each([
        ['write', "INSERT INTO customers (name) VALUES ('x')"],
        [
          'write',
          "INSERT INTO customers (id, name) VALUES (1, 'x') ON DUPLICATE KEY UPDATE name = VALUES(name)",
        ],
        ['write', "INSERT INTO customers SET name = 'x'"],
        ['write', 'INSERT IGNORE INTO customers (name) SELECT name FROM employees'],
        ['write', "REPLACE INTO customers (id, name) VALUES (1, 'x')"],
        ['write', "UPDATE customers c JOIN orders o ON o.customer_id = c.id SET c.name = 'x' WHERE o.id = 1"],
        ['write', "UPDATE customers SET name = 'x', email = NULL WHERE id = 1 ORDER BY id LIMIT 1"],
        ['write', 'DELETE FROM orders WHERE id = 1'],
        ['write', 'DELETE o FROM orders o JOIN customers c ON c.id = o.customer_id'],
        ['write', 'DELETE FROM o USING orders o JOIN customers c ON c.id = o.customer_id'],
        ['write', 'DELETE FROM orders WHERE id = 1 RETURNING id'],
        [
          'ddl',
          'CREATE TABLE made (a INT PRIMARY KEY, b VARCHAR(10) DEFAULT "x", CHECK (a > 0)) ENGINE=InnoDB',
        ],
        ['ddl', 'CREATE TABLE made AS SELECT id FROM customers'],
        [
          'ddl',
          'CREATE TABLE made (a VARCHAR(90), b VARCHAR(90), c INT, KEY i (a (10), b(10)), UNIQUE (a), FULLTEXT (b), FULLTEXT KEY f (a), CONSTRAINT x UNIQUE KEY u (c, a(5)), FOREIGN KEY (c) REFERENCES customers (id))',
        ],
        [
          'ddl',
          'CREATE TABLE made (a INT, b INT AS (GREATEST(a, ABS(a))), CHECK (COALESCE(a, MOD(b, 2)) > 0))',
        ],
        [
          'ddl',
          'CREATE TABLE made (a INT, d DATE, PRIMARY KEY (a, d)) PARTITION BY RANGE (YEAR(d)) (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE)',
        ],
        ['ddl', 'ALTER TABLE customers ADD INDEX i (name(5), email (5)), ADD COLUMN (y INT, z DECIMAL(5,2))'],
        ['ddl', 'CREATE OR REPLACE VIEW seen AS SELECT id FROM customers'],
        ['ddl', 'CREATE UNIQUE INDEX i ON customers (name)'],
        ['ddl', 'ALTER TABLE customers ADD COLUMN z INT AFTER name'],
        ['ddl', 'DROP TABLE IF EXISTS made'],
        ['ddl', 'TRUNCATE TABLE orders'],
        ['ddl', 'RENAME TABLE orders TO orders2'],
      ])('tells %s: %s', async (kind, sql) => {
        expect(await kindOf(await open('owner'), sql)).toBe(kind);
      });

      it.each([
        "INSERT INTO customers (name) VALUES (LOAD_FILE('/etc/passwd'))",
        'INSERT INTO customers (name) SELECT authentication_string FROM mysql.user',
        'INSERT INTO mysql.user (User) VALUES (1)',
        'UPDATE mysql.user SET Priv = 1',
        'DELETE FROM mysql.global_priv',
        'DELETE o FROM orders o JOIN mysql.user u',
        "UPDATE customers SET name = (SELECT GET_LOCK('a', 0))",
        "INSERT DELAYED INTO customers (name) VALUES ('x')",
        'CREATE TABLE made (a INT) ENGINE=CONNECT',
        "CREATE TABLE made (a INT) DATA DIRECTORY='/tmp'",
        "CREATE TABLE made AS SELECT LOAD_FILE('/etc/passwd')",
        'CREATE TABLE made AS SELECT * FROM mysql.user',
        "CREATE TABLE made (a TEXT DEFAULT (CONCAT('', LOAD_FILE('/etc/passwd'))))",
        'CREATE TABLE made (a INT, b INT AS (GREATEST(a, SLEEP(5))))',
        'CREATE TABLE made (a INT, CHECK (a LIKE SLEEP(5)))',
        "CREATE TABLE made (a INT, CHECK (IF(1, GET_LOCK('a', 0), 1)))",
        "ALTER TABLE customers ADD COLUMN z TEXT DEFAULT (COALESCE(NULL, add_audit('x')))",
        'CREATE DEFINER=root@localhost VIEW seen AS SELECT 1',
        'CREATE VIEW seen AS SELECT * FROM mysql.user',
        'CREATE TABLE mysql.made (a INT)',
        'ALTER TABLE customers DISCARD TABLESPACE',
        'CREATE USER x',
        'CREATE PROCEDURE p() SELECT 1',
        'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM orders',
        'CREATE DATABASE x',
        'DROP DATABASE x',
        'ALTER USER x ACCOUNT LOCK',
      ])('is forbidden in every mode: %s', async (sql) => {
        expect(await kindOf(await open('superuser', 'ddl'), sql)).toBe('forbidden');
      });

      it('refuses to change what can not be rolled back', async () => {
        const database = await open('owner', 'write');
        await expect(beginWrite(database, 'INSERT INTO legacy VALUES (1)', never)).rejects.toMatchObject({
          code: 'refused',
          message: expect.stringContaining('MyISAM'),
        });
      });
    });
  });
}
