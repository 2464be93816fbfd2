import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database, Row } from '../../../src/database/database.ts';
import { openDatabase } from '../../../src/database/process/client.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { trino } from '../../../src/database/trino/connect.ts';
import { dialect } from '../../../src/database/trino/dialect.ts';
import { harmlessFunctions } from '../../../src/database/trino/guard/functions.ts';
import { findDoubts } from '../../../src/doubts/find-doubts.ts';
import { hostileCases, hostileSchemaText } from '../../support/hostile.ts';
import { postgresTarget, runPostgres } from '../../support/postgres-engine.ts';
import type { TestServer } from '../../support/postgres-server.ts';
import { runProgram } from '../../support/program.ts';
import { planOf, query, verdictOf } from '../../support/statements.ts';
import { trinoEngine, trinoTarget, uniqueSchema } from '../../support/trino-engine.ts';
import { canStartTrino, findArchive, findJava, runOnTrino, startTrino } from '../../support/trino-server.ts';
import { describeContract } from '../contract.ts';

const never = new AbortController().signal;

/** A server that has just started, or shares its machine, is slow to compile its first queries. */
const slow = 120_000;

it('runs on a real Trino exactly where one can be had', () => {
  const has = process.env['SQLQ_TEST_TRINO'] !== undefined || (findArchive() !== null && findJava() !== null);
  expect(canStartTrino()).toBe(has);
});

if (canStartTrino()) {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTrino();
  }, 240_000);
  afterAll(() => server?.stop());

  const owner = (statements: readonly string[], schema = '') =>
    runOnTrino(server.url, statements, schema === '' ? {} : { catalog: 'memory', schema });
  const opened = (
    changes: Partial<ServerTarget>,
    hide: readonly string[] = [],
    timeoutMilliseconds = 60_000,
  ) => trino.open(trinoTarget(server.url, changes), { access: 'read', timeoutMilliseconds, hide }, never);
  const rowsOf = async (database: Database, sql: string): Promise<readonly Row[]> => {
    const rows: Row[] = [];
    for await (const batch of (await query(database, sql, { signal: never })).batches) {
      rows.push(...batch);
    }
    return rows;
  };
  /** Queries that the server runs for somebody else than the owner. */
  const running = async (): Promise<readonly unknown[]> =>
    (
      await owner([
        `SELECT query FROM system.runtime.queries WHERE "user" = 'reader' AND state NOT IN ('FINISHED', 'FAILED') AND query NOT LIKE 'START%' AND query <> 'ROLLBACK'`,
      ])
    ).flat();

  describeContract(trinoEngine(() => server.url));

  describe('hostile statements', () => {
    const schema = uniqueSchema('hostile');
    let database: Database;
    let before: unknown;
    const snapshot = async (): Promise<unknown> => ({
      catalogs: await owner(['SHOW CATALOGS']),
      schemas: await owner(['SHOW SCHEMAS FROM memory']),
      tables: await owner([
        'SELECT table_schema, table_name, column_name, comment FROM memory.information_schema.columns ORDER BY 1, 2, 3',
      ]),
      customers: await owner(['SELECT * FROM customers ORDER BY id'], schema),
      orders: await owner(['SELECT * FROM orders ORDER BY id'], schema),
      functions: await owner(['SHOW FUNCTIONS FROM memory.default']),
    });

    beforeAll(async () => {
      const statements = hostileSchemaText('trino')
        .replace(/^--.*$/gmu, '')
        .split(';\n');
      await owner([`CREATE SCHEMA memory.${schema}`, ...statements], schema);
      database = await opened({ database: `memory/${schema}` });
      before = await snapshot();
    });
    afterAll(async () => {
      await database?.close();
      await owner([`DROP SCHEMA memory.${schema} CASCADE`]);
    });

    it.each(hostileCases('trino'))('$id $expect: $why', async ({ sql, expect: wanted }) => {
      if (wanted === 'allow') {
        await rowsOf(database, sql);
      } else {
        expect((await verdictOf(database, sql, never)).kind).not.toBe('read');
        await expect(query(database, sql, { signal: never })).rejects.toMatchObject({ code: 'refused' });
      }
    });

    it('leave the world as it was', async () => {
      expect(await snapshot()).toEqual(before);
    });

    it('would change nothing if the guard let them through: the transaction itself refuses', async () => {
      const { SqlqError } = await import('../../../src/errors.ts');
      const { openSession } = await import('../../../src/database/trino/session.ts');
      const target = trinoTarget(server.url, { database: `memory/${schema}` });
      const session = await openSession(
        target,
        { access: 'read', timeoutMilliseconds: 30_000, hide: [] },
        never,
      );
      for (const sql of [
        'INSERT INTO customers (id) VALUES (9)',
        'CREATE TABLE made AS SELECT 1 AS a',
        'DROP TABLE customers',
        "COMMENT ON TABLE customers IS 'x'",
        'EXPLAIN ANALYZE INSERT INTO customers (id) VALUES (9)',
      ]) {
        const failure = await session.rows(sql, never).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(SqlqError);
        expect(failure).toMatchObject({ engineCode: 'READ_ONLY_VIOLATION' });
      }
      await session.close();
      expect(await snapshot()).toEqual(before);
    });

    it('has no function on the list of harmless ones that this version does not know, but those of a plugin', async () => {
      const known = new Set((await owner(['SHOW FUNCTIONS'])).map(([name]) => String(name)));
      const forms = new Set(['coalesce', 'nullif', 'if', 'try', 'format']);
      const plugin =
        /^(?:st_|bing_tile|geometry_|to_geometry|to_spherical|simplify_geo|line_locate|convex_hull|great_circle|from_geojson|to_geojson)/u;
      const unknown = [...harmlessFunctions].filter(
        (name) => !known.has(name) && !forms.has(name) && !plugin.test(name),
      );
      expect(unknown).toEqual([]);
    });
  });

  describe('a join of several catalogs', { timeout: slow }, () => {
    const schema = uniqueSchema('join');
    const postgresUrl = inject('postgresUrl');
    const catalog = `pg_${process.pid}`;
    const table = `sqlq_trino_${process.pid}`;
    let database: Database;

    beforeAll(async () => {
      await owner(
        [
          `CREATE SCHEMA memory.${schema}`,
          'CREATE TABLE rating (nation VARCHAR, stars INTEGER)',
          "INSERT INTO rating VALUES ('FRANCE', 5), ('CHINA', 3), ('PERU', 4)",
        ],
        schema,
      );
      if (postgresUrl !== null) {
        const { hostname, port, username, password } = new URL(postgresUrl);
        await runPostgres(postgresTarget(postgresUrl), [
          `CREATE TABLE ${table} (nation VARCHAR(20), stars INTEGER)`,
          `INSERT INTO ${table} VALUES ('FRANCE', 9)`,
        ]);
        await owner([
          `CREATE CATALOG ${catalog} USING postgresql WITH ("connection-url" = 'jdbc:postgresql://${hostname}:${port}/postgres', "connection-user" = '${decodeURIComponent(username)}', "connection-password" = '${decodeURIComponent(password)}')`,
        ]);
      }
      database = await opened({});
    });
    afterAll(async () => {
      await database?.close();
      await owner([`DROP SCHEMA memory.${schema} CASCADE`]);
      if (postgresUrl !== null) {
        await owner([`DROP CATALOG ${catalog}`]);
        await runPostgres(postgresTarget(postgresUrl), [`DROP TABLE ${table}`]);
      }
    });

    it('is one statement', async () => {
      const sql = `SELECT r.name, max(t.stars) AS stars FROM tpch.tiny.nation n JOIN tpch.tiny.region r ON r.regionkey = n.regionkey JOIN memory.${schema}.rating t ON t.nation = n.name GROUP BY r.name ORDER BY stars DESC`;
      expect((await planOf(database, sql, never)).tables).toEqual([
        'tpch.tiny.nation',
        'tpch.tiny.region',
        `memory.${schema}.rating`,
      ]);
      expect(await rowsOf(database, sql)).toEqual([
        ['EUROPE', 5],
        ['AMERICA', 4],
        ['ASIA', 3],
      ]);
    });

    it('has all their tables in one schema, with rows that are known without a count', async () => {
      const filter = { schemas: ['tpch.tiny', `memory.${schema}`], include: [], exclude: [] };
      const { tables, searchPath } = await database.introspect(filter, never);
      expect(searchPath).toEqual([]);
      expect(tables.map((table) => `${table.schema}.${table.name}`)).toEqual(
        expect.arrayContaining([`memory.${schema}.rating`, 'tpch.tiny.nation', 'tpch.tiny.orders']),
      );
      // A server that is busy may tell it too late, and is asked again.
      const estimate = async () =>
        (await database.introspect(filter, never)).tables.find(({ name }) => name === 'orders')?.rowEstimate;
      await expect.poll(estimate, { timeout: 60_000 }).toBe(15_000);
    });

    if (postgresUrl !== null) {
      it('takes tables of PostgreSQL by the connector, and no SQL of its own to it', async () => {
        const rows = await rowsOf(
          database,
          `SELECT p.stars, t.stars, n.name FROM ${catalog}.public.${table} p JOIN tpch.tiny.nation n ON n.name = p.nation JOIN memory.${schema}.rating t ON t.nation = n.name`,
        );
        expect(rows).toEqual([[9, 5, 'FRANCE']]);
        const raw = `SELECT * FROM TABLE(${catalog}.system.query(query => 'SELECT 1 AS a'))`;
        expect(await owner([raw])).toEqual([[1]]);
        expect((await verdictOf(database, raw, never)).kind).toBe('forbidden');
      });
    }
  });

  describe('limits', { timeout: slow }, () => {
    const endless =
      'SELECT count(*) FROM tpch.sf100.lineitem a, tpch.sf100.lineitem b WHERE a.comment < b.comment';

    it('end a statement at the server when its time is over', async () => {
      const database = await opened({}, [], 2_000);
      await expect(rowsOf(database, endless)).rejects.toMatchObject({ code: 'limit' });
      await expect.poll(running, { timeout: 10_000 }).toEqual([]);
      await database.close();
    });

    it('end one that nobody reads any more', async () => {
      const database = await opened({});
      const result = await query(database, 'SELECT * FROM tpch.sf10.lineitem', { signal: never });
      for await (const batch of result.batches) {
        expect(batch.length).toBeGreaterThan(0);
        break;
      }
      await expect.poll(running, { timeout: 10_000 }).toEqual([]);
      await database.close();
    });

    it('hold the memory of a long result flat', async () => {
      const database = await opened({});
      const result = await query(database, 'SELECT orderkey, comment FROM tpch.sf1.orders LIMIT 200000', {
        signal: never,
      });
      let [rows, most] = [0, 0];
      const start = process.memoryUsage.rss();
      for await (const batch of result.batches) {
        rows += batch.length;
        most = Math.max(most, process.memoryUsage.rss());
      }
      expect(rows).toBe(200_000);
      expect(most - start).toBeLessThan(400 << 20);
      await database.close();
    });
  });

  describe('dates', () => {
    it('are written as the dialect says', async () => {
      const database = await opened({});
      const moment = "TIMESTAMP '2024-03-09 13:14:15'";
      const parts = ['year', 'quarter', 'month', 'week', 'day', 'weekday', 'weekday number'] as const;
      const written = [
        ...parts.map((part) => dialect.writeDatePart(part, moment)),
        dialect.writeDatePart('weekday number', "DATE '2024-03-10'"),
        dialect.writeStoredDate('day first', "'09.03.2024'"),
        dialect.writeStoredDate('seconds', '1709989200'),
        dialect.writeStoredDate('milliseconds', '1709989200000'),
        `${moment} > ${dialect.writeDate('2024-03-09')} AND ${moment} < ${dialect.writeDate('2024-03-09T14:00:00')}`,
        dialect.writeLike("'Straße'", 'LIKE', "'STR%'"),
      ];
      expect(await rowsOf(database, `SELECT ${written.join(', ')}`)).toEqual([
        [
          '2024',
          '2024-Q1',
          '2024-03',
          '2024-W10',
          '2024-03-09',
          'Saturday',
          6,
          0,
          '2024-03-09 00:00:00.000',
          '2024-03-09 13:00:00.000',
          '2024-03-09 13:00:00.000',
          true,
          true,
        ],
      ]);
      await database.close();
    });
  });

  describe('a question', { timeout: slow }, () => {
    const url = (): string => server.url.replace(/^http/u, 'trino').replace('//', '//reader@');

    it('is answered offline, over links that no key declares', async () => {
      const { code, stdout, stderr } = await runProgram([
        'ask',
        '--db',
        `${url()}/tpch/tiny`,
        '--profile',
        'offline',
        '--yes',
        '--format',
        'csv',
        'how many nations are there per region?',
      ]);
      expect(stderr).toContain('nation.regionkey = region.regionkey');
      expect(stdout.trim().split('\n').slice(1).sort()).toEqual([
        'AFRICA,5',
        'AMERICA,5',
        'ASIA,5',
        'EUROPE,5',
        'MIDDLE EAST,5',
      ]);
      expect(code).toBe(0);
    });

    it('is doubted where no row has a value that is asked for', async () => {
      const database = openDatabase(trinoTarget(server.url, { database: 'tpch/tiny' }), {
        access: 'read',
        timeoutMilliseconds: 60_000,
        hide: [],
        memoryLimit: 2 ** 30,
        environment: process.env,
      });
      const schema = await database.introspect({ schemas: [], include: [], exclude: [] }, never);
      for (const [sql, near] of [
        ["SELECT count(*) FROM customer WHERE mktsegment = 'Building'", 'BUILDING'],
        [
          "SELECT c.name FROM tpch.tiny.customer c JOIN tpch.tiny.nation n ON n.nationkey = c.nationkey WHERE n.name = 'Germany'",
          'GERMANY',
        ],
      ] as const) {
        await database.plan({ sql }, never);
        const { doubts } = await findDoubts({
          sql,
          schema,
          database,
          now: new Date('2026-01-01'),
          timeoutMs: 60_000,
          signal: never,
        });
        expect(JSON.stringify(doubts)).toContain(near);
      }
      await database.close();
    });
  });
}
