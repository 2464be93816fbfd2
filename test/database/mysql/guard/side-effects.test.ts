import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/database/database.ts';
import { mysql } from '../../../../src/database/mysql/connect.ts';
import { mysqlServers, runAsOwner } from '../../../support/mysql-engine.ts';
import { createWorld, type World } from '../../../support/mysql-world.ts';
import { beginWrite, planOf } from '../../../support/statements.ts';

const never = new AbortController().signal;

const script = `
CREATE DATABASE effects CHARACTER SET utf8mb4; USE effects;
CREATE TABLE customer (id INT PRIMARY KEY, name VARCHAR(50));
CREATE TABLE purchase (id INT PRIMARY KEY, customer INT, FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE item (id INT PRIMARY KEY, purchase INT, FOREIGN KEY (purchase) REFERENCES purchase (id) ON DELETE CASCADE);
CREATE TABLE review (id INT PRIMARY KEY, customer INT, FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE SET NULL);
CREATE TABLE log (what VARCHAR(50));
CREATE TABLE alone (id INT PRIMARY KEY);
INSERT INTO customer VALUES (1, 'Ada'), (2, 'Zoe');
INSERT INTO purchase VALUES (1, 1), (2, 1);
INSERT INTO item VALUES (1, 1);
INSERT INTO review VALUES (1, 1);
INSERT INTO alone VALUES (1);
CREATE TRIGGER keep_purchase AFTER INSERT ON purchase FOR EACH ROW INSERT INTO log VALUES ('made');`;

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: what a write changes besides its rows`, () => {
    let world: World;
    let database: Database;
    beforeAll(async () => {
      world = await createWorld(url ?? '', script, 'effects');
      database = await mysql.open(
        world.roles.owner,
        { access: 'write', timeoutMilliseconds: 10_000, hide: [] },
        never,
      );
    });
    afterAll(async () => {
      await database?.close();
      await world?.destroy();
    });

    const purchasesGo =
      'Rows of purchase go with those of customer (ON DELETE CASCADE); they are not counted.';
    const reviewsChange =
      'Rows of review change with those of customer (ON DELETE SET NULL); they are not counted.';
    const itemsGo = 'Rows of item go with those of purchase (ON DELETE CASCADE); they are not counted.';
    const keysFollow =
      'Rows of purchase follow the keys of customer (ON UPDATE CASCADE); they are not counted.';
    const triggers = 'purchase has triggers (keep_purchase): what they changed is not counted.';

    it.each([
      ['DELETE FROM customer WHERE id = 1', [purchasesGo, reviewsChange, itemsGo]],
      ['UPDATE customer SET id = 3 WHERE id = 2', [keysFollow]],
      ["UPDATE customer SET name = 'Bob'", []],
      ["REPLACE INTO customer VALUES (1, 'Bob')", [purchasesGo, reviewsChange, itemsGo]],
      ["INSERT INTO customer VALUES (1, 'Bob') ON DUPLICATE KEY UPDATE name = 'Bob'", []],
      ['INSERT INTO purchase VALUES (9, 1)', [triggers]],
      ['UPDATE purchase SET customer = NULL', []],
      ['DELETE FROM item', []],
      ['UPDATE alone SET id = 2', []],
    ])('is told: %s', async (sql, notes) => {
      const pending = await beginWrite(database, sql, never);
      await pending.rollback();
      expect(pending.notes).toEqual(notes);
    });

    it('says what a rollback could not take back', async () => {
      await runAsOwner(world.roles.superuser, [
        'CREATE TABLE ledger (id INT PRIMARY KEY)',
        'CREATE TABLE kept (what VARCHAR(10)) ENGINE=MyISAM',
        "CREATE TRIGGER keep_ledger AFTER INSERT ON ledger FOR EACH ROW INSERT INTO kept VALUES ('made')",
      ]);
      const pending = await beginWrite(database, 'INSERT INTO ledger VALUES (1)', never);
      expect(await pending.rollback()).toEqual([expect.stringMatching(/trigger.*stays/)]);
      const other = await beginWrite(database, 'INSERT INTO alone VALUES (7)', never);
      expect(await other.rollback()).toEqual([]);
      await expect(beginWrite(database, 'INSERT INTO ledger VALUES (1), (1)', never)).rejects.toMatchObject({
        hint: expect.stringMatching(/stays/),
      });
    });

    it.each([
      [
        'DROP TABLE customer, alone',
        /^It removes customer \(about 2 rows\), alone \(about 1 row\)\. The server commits DROP/,
      ],
      ['TRUNCATE TABLE item', /^It removes all rows of item/],
      [
        'ALTER TABLE customer DROP COLUMN name, DROP PRIMARY KEY',
        /^It changes customer\. It drops name, the primary key\./,
      ],
      ['CREATE TABLE made (a INT)', /^The server commits CREATE by itself: it can not be taken back\.$/],
    ])('tells before what is done for good: %s', async (sql, words) => {
      await runAsOwner(world.roles.superuser, ['ANALYZE TABLE customer, alone']);
      const ddl = await mysql.open(
        world.roles.owner,
        { access: 'ddl', timeoutMilliseconds: 10_000, hide: [] },
        never,
      );
      expect((await planOf(ddl, sql, never)).commitsItself).toMatch(words);
      await ddl.close();
    });
  });
}
