import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { mysql } from '../../../src/database/mysql/connect.ts';
import { valuesOf } from '../../../src/database/mysql/introspect.ts';
import { estimate, type PlanStep } from '../../../src/database/mysql/plan.ts';
import type { Table } from '../../../src/schema/schema.ts';
import { mysqlServers, mysqlTarget, runAsOwner, uniqueName } from '../../support/mysql-engine.ts';

const never = new AbortController().signal;
const all = { schemas: [], include: [], exclude: [] };

describe('valuesOf', () => {
  it.each([
    ["enum('a','b')", ['a', 'b']],
    ["set('x,y','it''s','')", ['x,y', "it's", '']],
    ["ENUM('größe','名前')", ['größe', '名前']],
    ['varchar(10)', null],
  ])('reads %s', (type, values) => {
    expect(valuesOf(type)).toEqual(values);
  });
});

describe('estimate', () => {
  const step = (changes: Partial<PlanStep>): PlanStep => ({
    id: 1,
    kind: 'SIMPLE',
    table: 't',
    access: 'ALL',
    key: null,
    rows: 10,
    filtered: 100,
    extra: '',
    ...changes,
  });

  it.each<[string, readonly Partial<PlanStep>[], number | null, number | null]>([
    ['nothing to read', [{ table: null, rows: null }], null, null],
    ['one table', [{ rows: 100, filtered: 10 }], 10, 100],
    ['nested loops', [{ rows: 10 }, { rows: 5 }], 50, 60],
    ['filtered loops', [{ rows: 100, filtered: 10 }, { rows: 2 }], 20, 120],
    [
      'a union',
      [
        { kind: 'PRIMARY', rows: 3 },
        { id: 2, kind: 'UNION', rows: 4 },
        { id: null, rows: null },
      ],
      7,
      7,
    ],
    [
      'a derived table',
      [
        { kind: 'PRIMARY', table: '<derived2>', rows: 8 },
        { id: 2, kind: 'DERIVED', rows: 50 },
      ],
      8,
      50,
    ],
    [
      'a dependent subquery',
      [
        { kind: 'PRIMARY', rows: 10 },
        { id: 2, kind: 'DEPENDENT SUBQUERY', rows: 5 },
      ],
      10,
      60,
    ],
  ])('of %s', (_, steps, rows, rowsScanned) => {
    expect(estimate(steps.map(step))).toEqual({ rows, rowsScanned });
  });
});

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: introspecting MariaDB`, () => {
    const isMariadb = product === 'MariaDB';
    const server = mysqlTarget(url ?? 'mysql://u:p@localhost:1');
    const name = uniqueName('introspect');
    const other = uniqueName('introspect_other');
    const poor = uniqueName('poor');
    let database: Database;

    const open = (changes: object = {}): Promise<Database> =>
      mysql.open(
        { ...server, database: name, ...changes },
        { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
        never,
      );
    const table = async (from: Database, wanted: string): Promise<Table> => {
      const found = (await from.introspect(all, never)).tables.find((each) => each.name === wanted);
      if (found === undefined) {
        throw new Error(`${wanted} is missing`);
      }
      return found;
    };

    beforeAll(async () => {
      await runAsOwner(server, [
        `CREATE DATABASE ${name} CHARACTER SET utf8mb4`,
        `CREATE DATABASE ${other}`,
        `CREATE TABLE ${other}.country (code CHAR(2) PRIMARY KEY)`,
        `CREATE TABLE ${name}.person (
        id INT AUTO_INCREMENT PRIMARY KEY COMMENT 'the number', kind ENUM('a,b', 'it''s') NOT NULL DEFAULT 'a,b',
        tags SET('x', 'y'), first_name VARCHAR(20), last_name VARCHAR(20) DEFAULT 'Doe', country CHAR(2),
        full_name VARCHAR(50) AS (CONCAT(first_name, ' ', last_name)) VIRTUAL, data JSON,
        made TIMESTAMP DEFAULT CURRENT_TIMESTAMP, hidden_one INT INVISIBLE,
        UNIQUE KEY (first_name, last_name), CHECK (first_name <> last_name),
        FOREIGN KEY (country) REFERENCES ${other}.country (code)) COMMENT 'People'`,
        `CREATE TABLE ${name}.event (id INT, at_day DATE) PARTITION BY RANGE (YEAR(at_day))
        (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE)`,
        // History and sequences are MariaDB's own.
        `CREATE TABLE ${name}.versioned (id INT)${isMariadb ? ' WITH SYSTEM VERSIONING' : ''}`,
        ...(isMariadb ? [`CREATE SEQUENCE ${name}.numbers`] : []),
        `CREATE VIEW ${name}.people AS SELECT id, kind FROM ${name}.person`,
        `CREATE USER ${poor}@'%' IDENTIFIED BY 'pw'`,
        `GRANT SELECT (id, kind) ON ${name}.person TO ${poor}@'%'`,
      ]);
      database = await open();
    });
    afterAll(async () => {
      await database?.close();
      await runAsOwner(server, [`DROP DATABASE ${name}`, `DROP DATABASE ${other}`, `DROP USER ${poor}@'%'`]);
    });

    it('reads types, labels, defaults, generated columns and comments', async () => {
      const person = await table(database, 'person');
      expect(person.comment).toBe('People');
      const column = (wanted: string) => person.columns.find((each) => each.name === wanted);
      expect(column('id')).toMatchObject({
        type: isMariadb ? 'int(11)' : 'int',
        identity: true,
        comment: 'the number',
        nullable: false,
      });
      expect(column('kind')).toMatchObject({ values: ['a,b', "it's"], default: "'a,b'", nullable: false });
      expect(column('tags')?.values).toEqual(['x', 'y']);
      expect(column('last_name')?.default).toBe("'Doe'");
      expect(column('first_name')?.default).toBeNull();
      expect(column('full_name')?.generated).toMatch(/concat/i);
      expect(column('data')).toMatchObject({ type: 'json' });
      expect(column('made')?.default).toMatch(/current_timestamp/i);
      expect(person.uniqueKeys).toEqual([['first_name', 'last_name']]);
      expect(person.checks).toEqual([
        isMariadb ? '`first_name` <> `last_name`' : '(`first_name` <> `last_name`)',
      ]);
    });

    it('follows a foreign key into another database', async () => {
      expect((await table(database, 'person')).foreignKeys).toEqual([
        { columns: ['country'], references: { schema: other, table: 'country', columns: ['code'] } },
      ]);
    });

    it('tells partitions, history and views, and leaves sequences out', async () => {
      const schema = await database.introspect(all, never);
      expect(schema.tables.map((each) => `${each.name}: ${each.kind}`)).toEqual([
        'event: partitioned table',
        'people: view',
        'person: table',
        'versioned: table',
      ]);
      expect((await table(database, 'event')).traits).toEqual(['2 partitions by range(year(`at_day`))']);
      expect((await table(database, 'versioned')).traits).toEqual(
        isMariadb ? ['keeps its history: FOR SYSTEM_TIME'] : [],
      );
    });

    it('leaves out what the role may not read', async () => {
      const limited = await open({ user: poor, password: 'pw' });
      const schema = await limited.introspect(all, never);
      expect(schema.tables.map((each) => each.name)).toEqual(['person']);
      expect(schema.tables[0]?.columns.map((column) => column.name)).toEqual(['id', 'kind']);
      await limited.close();
    });

    it('sees every change of the schema in its fingerprint', async () => {
      const seen = new Set([await database.fingerprint(never)]);
      for (const change of [
        `ALTER TABLE ${name}.person MODIFY tags SET('x', 'y', 'z')`,
        `ALTER TABLE ${name}.person MODIFY first_name VARCHAR(20) COMMENT 'given'`,
        `ALTER TABLE ${name}.person COMMENT 'Persons'`,
        `ALTER TABLE ${name}.event ADD UNIQUE KEY once (id, at_day)`,
        `ALTER TABLE ${name}.person ALTER last_name SET DEFAULT 'Roe'`,
        `RENAME TABLE ${name}.versioned TO ${name}.kept`,
        `DROP VIEW ${name}.people`,
      ]) {
        await runAsOwner(server, [change]);
        const now = await database.fingerprint(never);
        expect(seen.has(now), change).toBe(false);
        seen.add(now);
      }
    });
  });
}
