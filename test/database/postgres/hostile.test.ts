import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { hostileCases, hostileSchemaText } from '../../support/hostile.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { stateOf } from '../../support/postgres-state.ts';
import { beginWrite, planOf, query, queryCsv, verdictOf } from '../../support/statements.ts';

const canary = join(tmpdir(), 'sqlq-canary', 'pg');
const never = new AbortController().signal;

const cases = hostileCases('postgres');

describe('hostile SQL', () => {
  const database = uniquePostgresName('hostile');
  const owner = uniquePostgresName('hostile_owner');
  const reader = uniquePostgresName('hostile_reader');
  let server: ServerTarget;
  let target: ServerTarget;
  let watcher: Client;
  const notifications: string[] = [];

  beforeAll(async () => {
    server = postgresTarget(inject('postgresUrl') ?? '');
    target = { ...server, database };
    const script = hostileSchemaText('postgres').replaceAll('app_owner', owner).replaceAll('app_ro', reader);
    await mkdir(canary, { recursive: true });
    await runPostgres(server, [
      `CREATE DATABASE ${database}`,
      `CREATE ROLE ${owner} LOGIN PASSWORD 'owner'`,
      `CREATE ROLE ${reader} LOGIN PASSWORD 'reader'`,
    ]);
    await runPostgres(target, [
      script,
      'CREATE EXTENSION dblink',
      'CREATE EXTENSION tablefunc',
      'CREATE EXTENSION postgres_fdw',
      "CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1')",
      'CREATE VIEW hidden_delete AS SELECT sd_delete() AS gone',
      'CREATE FUNCTION lying(text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN nextval($1); END $$',
      `CREATE FUNCTION built(text) RETURNS text LANGUAGE plpgsql STABLE AS
         $$ DECLARE r text; BEGIN EXECUTE 'SELECT ' || $1 INTO r; RETURN r; END $$`,
      'CREATE FUNCTION step(int, int) RETURNS int LANGUAGE plpgsql VOLATILE AS $$ BEGIN DELETE FROM orders; RETURN 1; END $$',
      'CREATE AGGREGATE deleting(int) (sfunc = step, stype = int)',
      'CREATE OPERATOR ### (FUNCTION = step, LEFTARG = int, RIGHTARG = int)',
      'CREATE DOMAIN trapped AS text CHECK (add_audit(VALUE) > 0)',
      'CREATE FUNCTION takes_trapped(x trapped) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$',
      'CREATE AGGREGATE ordered(int ORDER BY int) (sfunc = step, stype = int, finalfunc = step)',
      `GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO ${reader}`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader}, ${owner}`,
    ]);
    watcher = await connectTo(target);
    watcher.on('notification', ({ channel }) => notifications.push(channel));
    await watcher.query('LISTEN x; LISTEN y; LISTEN canary');
  });
  afterAll(async () => {
    await watcher?.end();
    await runPostgres(server, [
      `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`,
      `DROP ROLE IF EXISTS ${owner}`,
      `DROP ROLE IF EXISTS ${reader}`,
    ]);
    await rm(canary, { recursive: true, force: true });
  });

  describe.each(['reader', 'owner', 'superuser'] as const)('as %s', (who) => {
    let opened: Database;

    beforeAll(async () => {
      const roles = {
        reader: { user: reader, password: 'reader' },
        owner: { user: owner, password: 'owner' },
        superuser: {},
      };
      opened = await postgres.open(
        { ...target, ...roles[who] },
        { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
        never,
      );
    });
    afterAll(() => opened?.close());

    const run = async (sql: string): Promise<number> => {
      const { batches } = await query(opened, sql, { signal: never });
      let rows = 0;
      for await (const batch of batches) {
        rows += batch.length;
      }
      return rows;
    };

    const planned = (sql: string) => planOf(opened, sql, never);
    const changed = (sql: string) => beginWrite(opened, sql, never);

    it.each(cases.filter((item) => item.expect === 'block'))('refuses $id: $sql', async ({ sql }) => {
      const before = await stateOf(watcher);
      expect((await verdictOf(opened, sql, never)).kind).not.toBe('read');
      for (const attempt of [run, planned, changed]) {
        await expect(attempt(sql)).rejects.toMatchObject({ code: 'refused' });
      }
      expect(await queryCsv(opened, sql, { signal: never }).catch(({ code }) => code)).toBe('refused');
      expect(await stateOf(watcher)).toEqual(before);
      expect(await readdir(canary)).toEqual([]);
      expect(notifications).toEqual([]);
    });

    it.each(cases.filter((item) => item.expect === 'allow'))('allows $id: $sql', async ({ sql }) => {
      expect(await verdictOf(opened, sql, never)).toEqual({ kind: 'read', reason: null });
      await planOf(opened, sql, never);
      await run(sql);
    });

    it.each([
      'SELECT * FROM hidden_delete',
      "SELECT lying('ticket_seq')",
      "SELECT built('1')",
      'SELECT deleting(id) FROM customers',
      'SELECT 1 ### 2',
      "SELECT 'x'::trapped",
      "SELECT trapped('x')",
      "SELECT ('x'::text).trapped",
      "SELECT takes_trapped('x')",
      'SELECT ordered(1) WITHIN GROUP (ORDER BY id) FROM customers',
      'SELECT * FROM pg_db_role_setting',
      'SELECT srvoptions FROM pg_foreign_server',
      'SELECT * FROM pg_foreign_server',
      "SELECT CAST('x' AS trapped)",
      "SELECT x.add_audit FROM (SELECT 'a'::text AS t) x",
      'SELECT * FROM crosstab($$SELECT 1,2,3$$) AS t(a int, b int)',
      'SELECT * FROM customers TABLESAMPLE sd_delete(1)',
      'EXPLAIN ANALYZE SELECT sd_delete()',
      'EXPLAIN (ANALYZE) DELETE FROM orders',
      'EXPLAIN ANALYZE EXECUTE p',
      'EXPLAIN ANALYZE CREATE TABLE made AS SELECT 1',
      'SELECT U&"sd\\005fdelete"()',
      'SELECT "sd_delete"()',
      'SELECT public . sd_delete ( )',
      'SELECT 1 WHERE sd_delete() = 1',
      'VALUES (sd_delete())',
      'SELECT CASE WHEN true THEN (SELECT sd_delete()) END',
      'SELECT * FROM (VALUES (1)) v ORDER BY sd_delete()',
      'SELECT 1 LIMIT sd_delete()',
      'SELECT count(*) FILTER (WHERE sd_delete() > 0) FROM customers',
      'SELECT sum(1) OVER (ORDER BY sd_delete()) FROM customers',
      'SELECT * FROM customers c JOIN LATERAL sd_delete() d ON true',
      'SELECT ARRAY[sd_delete()], ROW(sd_delete()), sd_delete()::text',
      "SELECT * FROM json_table('[1]', '$[*]' COLUMNS (a int PATH '$' DEFAULT sd_delete() ON EMPTY))",
      'SELECT xmlforest(sd_delete() AS x)',
      'WITH RECURSIVE t AS (SELECT 1 UNION ALL SELECT sd_delete()) SELECT * FROM t',
      "SELECT set_config('transaction_read_only', 'off', false)",
      "SELECT current_setting('primary_conninfo')",
      "SELECT current_setting(concat('data', '_directory'))",
      "SELECT ('data_directory'::text).current_setting",
      'SHOW ALL',
      'SHOW data_directory',
      'SELECT pg_stat_get_activity(NULL)',
      'SELECT query FROM pg_stat_activity',
      'SELECT a FROM pg_stat_activity a',
      'SELECT * FROM pg_stat_activity',
      'SELECT rolpassword FROM pg_authid',
      'SELECT * FROM information_schema.user_mapping_options',
      'SELECT * FROM pg_statistic',
      'SELECT * FROM pg_hba_file_rules',
      'SELECT $1',
      'SELECT 1 FROM customers WHERE CURRENT OF c',
      'SELECT txid_current()',
      "SELECT table_to_xml('pg_authid', true, false, '')",
      'SELECT nextval($$ticket_seq$$)',
      'MERGE INTO orders USING customers c ON c.id = customer_id WHEN MATCHED THEN DELETE',
      'NOTIFY canary',
      "SELECT pg_notify('canary', '')",
      "COMMIT PREPARED 'x'",
      'SELECT 1; SELECT 2',
      'ALTER SYSTEM SET work_mem = 1',
    ])('refuses also %s', async (sql) => {
      const before = await stateOf(watcher);
      expect((await verdictOf(opened, sql, never)).kind).not.toBe('read');
      await expect(run(sql)).rejects.toMatchObject({ code: 'refused' });
      expect(await stateOf(watcher)).toEqual(before);
      expect(notifications).toEqual([]);
    });

    it('shows settings of roles where they hold no secret', async () => {
      const sql = 'SELECT * FROM pg_roles';
      await watcher.query(`ALTER ROLE ${owner} SET work_mem = '5MB'`);
      expect(await verdictOf(opened, sql, never)).toEqual({ kind: 'read', reason: null });
      await run(sql);
      await watcher.query(`ALTER ROLE ${owner} SET app.token = 'secret'`);
      expect((await verdictOf(opened, sql, never)).kind).toBe('forbidden');
      expect((await verdictOf(opened, 'SELECT rolconfig FROM pg_roles', never)).kind).toBe('forbidden');
      expect((await verdictOf(opened, 'SELECT useconfig FROM pg_user', never)).kind).toBe('forbidden');
      await watcher.query(`ALTER ROLE ${owner} RESET ALL`);
    });

    it.each([
      'WITH pg_authid AS (SELECT 1 AS a) SELECT a FROM pg_authid',
      'SELECT q.nextval, q.random FROM (SELECT 1 AS nextval, 2 AS random) q',
      'SELECT c.name, c.id FROM customers c',
      "SELECT string_agg(name, ', ' ORDER BY name) FROM customers",
      "SELECT date_trunc('month', created_at), count(*) FROM customers GROUP BY 1",
      "SELECT meta->'tags'->>0, meta @> '{}'::jsonb, jsonb_path_query_first(meta, '$.tags[0]') FROM customers",
      'SELECT * FROM information_schema.columns LIMIT 1',
      'SELECT rolname FROM pg_roles LIMIT 1',
      "SELECT setting FROM pg_settings WHERE name = 'work_mem'",
      'SELECT count(*) FROM pg_stat_activity',
      'SELECT pid, state, usename FROM pg_stat_activity',
      'SELECT * FROM customers TABLESAMPLE BERNOULLI (50) REPEATABLE (1)',
      "SELECT generate_series('2024-01-01'::date, '2024-01-05'::date, interval '1 day')::date",
      "SELECT to_tsvector('english', name) @@ to_tsquery('ada') FROM customers",
      'SELECT version(), current_user, current_database(), pg_backend_pid() > 0',
      'SELECT unnest(ARRAY[1,2]), row_number() OVER (), lag(id) OVER (ORDER BY id) FROM customers',
      'SELECT ticket_seq.last_value FROM ticket_seq',
      'SELECT row_to_json(c) FROM customers c',
      'SELECT * FROM jsonb_to_recordset(\'[{"a":1}]\') AS x(a int)',
      'SELECT normal_rand(1, 0, 1) IS NOT NULL',
      'SELECT orders.* FROM orders NATURAL JOIN (SELECT 1 AS id) x',
    ])('allows also %s', async (sql) => {
      expect(await verdictOf(opened, sql, never)).toEqual({ kind: 'read', reason: null });
      await run(sql);
    });
  });
});
