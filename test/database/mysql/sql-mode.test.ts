import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Row } from '../../../src/database/database.ts';
import { mysql } from '../../../src/database/mysql/connect.ts';
import { dialect } from '../../../src/database/mysql/dialect.ts';
import { startMariadb } from '../../support/mariadb-server.ts';
import { mysqlServers, mysqlTarget, runAsOwner } from '../../support/mysql-engine.ts';
import { startMysql } from '../../support/mysql-server.ts';
import type { TestServer } from '../../support/postgres-server.ts';
import { query, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;

/** Servers of their own: their default is what this is about. */
for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: a server's own sql_mode`, () => {
    let server: TestServer | null = null;
    let database: Database | null = null;

    beforeAll(async () => {
      server = product === 'MariaDB' ? await startMariadb() : await startMysql();
      await runAsOwner(mysqlTarget(server?.url ?? ''), [
        'CREATE DATABASE modes',
        'CREATE TABLE modes.item (id INT, `Item Name` VARCHAR(20), path VARCHAR(40), first VARCHAR(10), ssn VARCHAR(9))',
        "INSERT INTO modes.item VALUES (1, 'Hammer', 'C:\\\\dir\\\\new', 'Ada', 'secret')",
        "CREATE USER reader@'%' IDENTIFIED BY 'pw'",
        "GRANT SELECT, EXECUTE, SHOW VIEW ON modes.* TO reader@'%'",
        ...['modes', 'mysql'].map((name) => `GRANT SELECT ON ${name}.* TO reader@'%'`),
      ]);
    }, 120_000);
    afterAll(async () => {
      await database?.close();
      await server?.stop();
    });

    /** The server begins every session in this mode. */
    async function begin(mode: string, hide: readonly string[] = []): Promise<Database> {
      const own = mysqlTarget(server?.url ?? '');
      await runAsOwner(own, [`SET GLOBAL sql_mode = '${mode}'`]);
      await database?.close();
      database = await mysql.open(
        { ...own, user: 'reader', password: 'pw', database: 'modes' },
        { access: 'read', timeoutMilliseconds: 10_000, hide },
        never,
      );
      return database;
    }
    async function rowsOf(sql: string, parameters: Parameters<typeof query>[3] = []): Promise<Row[]> {
      if (database === null) {
        throw new Error('not open');
      }
      const rows: Row[] = [];
      const result = await query(database, sql, { signal: never }, parameters);
      for await (const batch of result.batches) {
        rows.push(...batch);
      }
      return rows;
    }
    /** What the server's own client gets in this mode. */
    async function clientRows(mode: string, sql: string): Promise<unknown> {
      const own = mysqlTarget(server?.url ?? '');
      const connection = await createConnection({
        host: own.host,
        port: own.port,
        user: own.user,
        password: own.password ?? '',
        database: 'modes',
        rowsAsArray: true,
      });
      await connection.query(`SET sql_mode = '${mode}', collation_connection = 'utf8mb4_unicode_ci'`);
      const [rows] = await connection.query(sql);
      connection.destroy();
      return rows;
    }

    it.each([
      ['ANSI_QUOTES', 'SELECT "Item Name" FROM item', 'Hammer'],
      ['ANSI', `SELECT first || ' ' || 'Lovelace' FROM item`, 'Ada Lovelace'],
      ['PIPES_AS_CONCAT', `SELECT 'a' || "b"`, 'ab'],
      ['NO_BACKSLASH_ESCAPES', String.raw`SELECT first FROM item WHERE path = 'C:\dir\new'`, 'Ada'],
      ['NO_BACKSLASH_ESCAPES', String.raw`SELECT 'it''s \' AS a`, "it's \\"],
      [
        'ANSI,NO_BACKSLASH_ESCAPES',
        String.raw`SELECT "path" FROM item WHERE "path" = 'C:\dir\new'`,
        'C:\\dir\\new',
      ],
      ['IGNORE_SPACE', 'SELECT COUNT (*) FROM item', 1],
      ['', `SELECT "Item Name" FROM item`, 'Item Name'],
      ['', String.raw`SELECT 'a\'b'`, "a'b"],
    ])('%s: %s', async (mode, sql, value) => {
      await begin(mode);
      expect(await rowsOf(sql)).toEqual([[value]]);
      expect(await clientRows(mode, sql)).toEqual([[value]]);
    });

    it('binds values apart from the text in each', async () => {
      for (const mode of ['', 'NO_BACKSLASH_ESCAPES', 'ANSI,NO_BACKSLASH_ESCAPES']) {
        for (const value of ['C:\\dir\\new', "\\' OR 1 -- ", '"', "'"]) {
          await begin(mode);
          expect(await rowsOf('SELECT :p AS a, id FROM item', [{ name: 'p', value, type: 'text' }])).toEqual([
            [value, 1],
          ]);
        }
      }
    });

    it.each(['', 'NO_BACKSLASH_ESCAPES', 'ANSI,NO_BACKSLASH_ESCAPES'])(
      'a text that is written as a literal is that text, here and in other clients: %s',
      async (mode) => {
        await begin(mode);
        for (const text of ['C:\\dir\\new', "it's", "\\' OR 1 -- ", '\\\\', '', 'ä\\n']) {
          const literal = dialect.writeText(text);
          expect(await rowsOf(`SELECT ${literal} AS a`)).toEqual([[text]]);
          expect(await clientRows(mode, `SELECT ${literal} AS a`)).toEqual([[text]]);
          const compared = `SELECT COUNT(*) FROM item WHERE path = ${literal}`;
          expect(await rowsOf(compared)).toEqual([[text === 'C:\\dir\\new' ? 1 : 0]]);
          expect(await clientRows(mode, `SELECT ${literal} COLLATE utf8mb4_bin = ${literal}`)).toEqual([[1]]);
        }
      },
    );

    it.each([
      ['ANSI_QUOTES', 'SELECT "ssn" FROM item', /hidden/],
      ['ANSI_QUOTES', 'SELECT "x".* FROM item "x"', /hidden/],
      ['ANSI_QUOTES', 'SELECT 1 FROM "mysql"."user"', /belongs to the server/],
      ['ANSI_QUOTES', `SELECT 1 FROM item "'", mysql.user "'"`, /belongs to the server/],
      ['ANSI_QUOTES', `SELECT 'a"', ssn AS "b'" FROM item`, /hidden/],
      ['NO_BACKSLASH_ESCAPES', String.raw`SELECT 'a\', ssn, 'b' FROM item`, /hidden/],
      ['NO_BACKSLASH_ESCAPES', String.raw`SELECT 'a\' FROM mysql.user -- '`, /belongs to the server/],
      ['NO_BACKSLASH_ESCAPES', String.raw`SELECT "a\", load_file("/etc/passwd"), "b"`, /reads a file/],
      ['', String.raw`SELECT 'a\'', ssn, 'b' FROM item`, /hidden/],
      ['IGNORE_SPACE', 'SELECT load_file (0x2f)', /reads a file/],
    ])('%s: refuses %s', async (mode, sql, reason) => {
      const opened = await begin(mode, ['*.ssn']);
      expect(await verdictOf(opened, sql, never)).toMatchObject({
        kind: 'forbidden',
        reason: expect.stringMatching(reason),
      });
    });

    it('reads a stored function by the mode that it was made with', async () => {
      const own = { ...mysqlTarget(server?.url ?? ''), database: 'modes' };
      await runAsOwner(own, [
        `SET sql_mode = 'NO_BACKSLASH_ESCAPES'`,
        // Read with escapes, the call is part of the text.
        String.raw`CREATE FUNCTION slow(a INT) RETURNS VARCHAR(20) DETERMINISTIC NO SQL RETURN CONCAT('\', SLEEP(a), '\')`,
        String.raw`CREATE FUNCTION plain(a INT) RETURNS VARCHAR(20) DETERMINISTIC NO SQL RETURN CONCAT('\', a)`,
      ]);
      const admin = await mysql.open(own, { access: 'read', timeoutMilliseconds: 10_000, hide: [] }, never);
      const verdict = await verdictOf(admin, 'SELECT slow(1)', never);
      const plain = await verdictOf(admin, 'SELECT plain(1)', never);
      await admin.close();
      expect(verdict).toMatchObject({ kind: 'forbidden', reason: expect.stringMatching(/SLEEP/) });
      expect(plain).toEqual({ kind: 'read', reason: null });
    });

    it('keeps introspection, fingerprints and values as they are in all of them', async () => {
      const seen = new Set<string>();
      for (const mode of ['', 'ANSI', 'NO_BACKSLASH_ESCAPES', 'ANSI,NO_BACKSLASH_ESCAPES']) {
        const opened = await begin(mode);
        const schema = await opened.introspect({ schemas: [], include: [], exclude: [] }, never);
        expect(schema.tables.map((table) => table.name)).toEqual(['item']);
        const values = await opened.distinctValues(
          [{ schema: 'modes', table: 'item', column: 'path' }],
          5,
          never,
        );
        expect(values).toEqual([['C:\\dir\\new']]);
        seen.add(await opened.fingerprint(never));
      }
      expect(seen.size).toBe(1);
    });

    if (product === 'MariaDB') {
      it('reads names between brackets, and refuses ORACLE', async () => {
        const opened = await begin('MSSQL', ['*.ssn']);
        expect(await rowsOf('SELECT [Item Name] FROM item [a b]')).toEqual([['Hammer']]);
        expect((await verdictOf(opened, 'SELECT [ssn] FROM item', never)).reason).toMatch(/hidden/);
        await expect(begin('ORACLE')).rejects.toMatchObject({
          code: 'refused',
          message: expect.stringContaining('ORACLE'),
        });
        await runAsOwner(mysqlTarget(server?.url ?? ''), ["SET GLOBAL sql_mode = ''"]);
        database = null;
      });
    }
  });
}
