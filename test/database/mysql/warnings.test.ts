import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, ServerWarning } from '../../../src/database/database.ts';
import { mysql } from '../../../src/database/mysql/connect.ts';
import { mysqlServers, mysqlTarget, runAsOwner, uniqueName } from '../../support/mysql-engine.ts';
import { planOf, query, queryCsv } from '../../support/statements.ts';

const never = new AbortController().signal;

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: what the server warns of`, () => {
    const server = mysqlTarget(url ?? 'mysql://u:p@localhost:1');
    const name = uniqueName('warnings');
    let database: Database;
    beforeAll(async () => {
      await runAsOwner(server, [
        `CREATE DATABASE ${name}`,
        `CREATE TABLE ${name}.person (id INT, name VARCHAR(20), code CHAR(3), kind ENUM('a'), n INT)`,
        `INSERT INTO ${name}.person VALUES (1, 'Ada', '7', 'a', 0), (2, 'Zoe', '8', 'a', 1), (3, 'Bob', 'x', 'a', 0)`,
      ]);
      database = await mysql.open(
        { ...server, database: name },
        { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
        never,
      );
    });
    afterAll(async () => {
      await database?.close();
      await runAsOwner(server, [`DROP DATABASE ${name}`]);
    });

    async function warningsOf(sql: string): Promise<readonly ServerWarning[]> {
      const result = await query(database, sql, { signal: never });
      let rows = 0;
      for await (const batch of result.batches) {
        rows += batch.length;
      }
      expect(rows).toBeGreaterThan(0);
      return result.warnings?.() ?? [];
    }

    it('comes with the rows, the like counted together', async () => {
      expect(await warningsOf('SELECT id FROM person WHERE name = 0')).toEqual([
        {
          code: '1292',
          message: expect.stringMatching(/Truncated incorrect (?:DOUBLE|DECIMAL) value: 'Ada'/),
          count: 3,
        },
      ]);
      expect(await warningsOf('SELECT n / 0 FROM person WHERE id = 1')).toEqual([
        { code: '1365', message: expect.stringMatching(/Division by 0/), count: 1 },
      ]);
      expect(await warningsOf('SELECT id FROM person')).toEqual([]);
    });

    it('comes with CSV that is copied from the network', async () => {
      const result = await queryCsv(database, 'SELECT id FROM person WHERE name = 0', { signal: never });
      for await (const chunk of result?.chunks ?? []) {
        expect(chunk.rows).toBe(3);
      }
      expect(result?.warnings?.()).toMatchObject([{ code: '1292', count: 3 }]);
    });

    it.each([
      ["SELECT name || ' ' || code FROM person", /\|\| means OR.*CONCAT/],
      ['SELECT id FROM person WHERE name = 0', /^name is a text and is compared with a number/],
      ['SELECT id FROM person p WHERE p.code <> 12 AND p.id = 1', /^p\.code is a text/],
      ['SELECT p.id FROM person p JOIN person q ON q.id = p.id WHERE `q`.`name` > 5', /^q\.name is a text/],
    ])('is foreseen: %s', async (sql, warning) => {
      expect((await planOf(database, sql, never)).warnings).toEqual([expect.stringMatching(warning)]);
    });

    it.each([
      'SELECT id FROM person WHERE n = 0 OR id > 2',
      "SELECT id FROM person WHERE code = '7' || id = 3",
      "SELECT id FROM person WHERE name LIKE 'A%' || 'x' = name",
      'SELECT id FROM person WHERE kind = 1',
      'SELECT id FROM person WHERE LENGTH(name) = 3 AND name + 1 = 1',
      "SELECT COUNT(*) AS name FROM person WHERE name > '5' HAVING COUNT(*) = 3",
      'SELECT name FROM (SELECT 1 AS name) x WHERE name = 1',
    ])('is not foreseen where all is well: %s', async (sql) => {
      expect((await planOf(database, sql, never)).warnings).toEqual([]);
    });
  });
}
