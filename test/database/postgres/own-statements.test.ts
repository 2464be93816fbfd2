import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { beginWrite, planOf, query, queryCsv, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;
const everything = { schemas: [], include: [], exclude: [] };

/** The names of tables of the catalog that are read; in a schema of the path a table of that name comes first. */
const catalogs =
  `pg_aggregate pg_am pg_attrdef pg_attribute pg_cast pg_class pg_constraint pg_database pg_depend
  pg_description pg_enum pg_extension pg_foreign_data_wrapper pg_foreign_server pg_foreign_table pg_index pg_inherits
  pg_language pg_namespace pg_opclass pg_operator pg_partitioned_table pg_policy pg_proc pg_range pg_rewrite pg_roles
  pg_settings pg_stat_activity pg_stat_database pg_stat_ssl pg_stat_xact_all_tables pg_statistic_ext pg_trigger
  pg_type`.split(/\s+/);

/**
 * Everything that the server's own schema has, once more in \`public\`, which stands first in the path, with code that
 * leaves its name in a file: functions and operators of every signature that PL/pgSQL can have, aggregates, types, and
 * tables of the catalog's names, here and among temporary objects.
 */
const plant = (trace: string): readonly string[] => [
  'SET search_path = pg_catalog',
  `CREATE FUNCTION public.leave(what pg_catalog.text) RETURNS pg_catalog.void LANGUAGE plpgsql AS $$
   BEGIN EXECUTE pg_catalog.format('COPY (SELECT %L::pg_catalog.text) TO PROGRAM %L', what, 'cat >> ${trace}'); END $$`,
  `DO $do$
   DECLARE f record; made int := 0;
   BEGIN
     FOR f IN SELECT p.proname, p.prokind, pg_get_function_identity_arguments(p.oid) AS args, p.proargtypes,
                     (SELECT string_agg(format_type(t, NULL), ', ' ORDER BY n)
                        FROM unnest(p.proargtypes) WITH ORDINALITY AS a(t, n)) AS types,
                     format_type(p.prorettype, NULL) AS returns, p.proretset
                FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f', 'w', 'a')
     LOOP
       BEGIN
         IF f.prokind = 'f' THEN
           EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s %s LANGUAGE plpgsql AS %L', f.proname, f.types,
             CASE WHEN f.proretset THEN 'SETOF' ELSE '' END, f.returns,
             format('BEGIN PERFORM public.leave(%L); RETURN%s; END', f.proname, CASE WHEN f.proretset OR f.returns = 'void' THEN '' ELSE ' NULL' END));
         ELSIF f.prokind = 'a' THEN
           EXECUTE format('CREATE FUNCTION public.%I(pg_catalog.text%s) RETURNS pg_catalog.text LANGUAGE plpgsql AS %L',
             'step_' || f.proname, coalesce(', ' || f.types, ''), format('BEGIN PERFORM public.leave(%L); RETURN NULL; END', f.proname));
           EXECUTE format('CREATE AGGREGATE public.%I(%s) (sfunc = public.%I, stype = pg_catalog.text)', f.proname,
             coalesce(f.types, '*'), 'step_' || f.proname);
         END IF;
         made := made + 1;
       EXCEPTION WHEN OTHERS THEN NULL;
       END;
     END LOOP;
     FOR f IN SELECT o.oprname, format_type(o.oprleft, NULL) AS l, format_type(o.oprright, NULL) AS r,
                     format_type(o.oprresult, NULL) AS returns, o.oprleft, o.oid
                FROM pg_operator o WHERE o.oprnamespace = 'pg_catalog'::regnamespace
     LOOP
       BEGIN
         EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', 'operator_' || f.oid,
           CASE WHEN f.oprleft = 0 THEN f.r ELSE f.l || ', ' || f.r END, f.returns,
           format('BEGIN PERFORM public.leave(%L); RETURN NULL; END', 'the operator ' || f.oprname));
         EXECUTE format('CREATE OPERATOR public.%s (FUNCTION = public.%I%s, RIGHTARG = %s)', f.oprname,
           'operator_' || f.oid, CASE WHEN f.oprleft = 0 THEN '' ELSE ', LEFTARG = ' || f.l END, f.r);
         made := made + 1;
       EXCEPTION WHEN OTHERS THEN NULL;
       END;
     END LOOP;
     -- Better overloads than those that take anything, and operators between types that have none of their own.
     DECLARE a text; b text; n text;
     BEGIN
       FOREACH a IN ARRAY ARRAY['int8','int4','int2','text','name','oid','bool','xid','tid','json','timestamptz','"char"','regclass','float8'] LOOP
         FOREACH b IN ARRAY ARRAY['int8','int4','int2','text','name','oid','bool','xid','tid','json','timestamptz','"char"','regclass','float8'] LOOP
           FOREACH n IN ARRAY ARRAY['concat','concat_ws','json_build_array','json_build_object','jsonb_build_object','format'] LOOP
             BEGIN
               EXECUTE format('CREATE FUNCTION public.%I(pg_catalog.%s, pg_catalog.%s) RETURNS pg_catalog.text LANGUAGE plpgsql AS %L', n, a, b,
                 format('BEGIN PERFORM public.leave(%L); RETURN NULL; END', n));
               EXECUTE format('CREATE FUNCTION public.%I(pg_catalog.%s, pg_catalog.%s, pg_catalog.text) RETURNS pg_catalog.text LANGUAGE plpgsql AS %L', n, a, b,
                 format('BEGIN PERFORM public.leave(%L); RETURN NULL; END', n));
             EXCEPTION WHEN OTHERS THEN NULL;
             END;
           END LOOP;
           FOREACH n IN ARRAY ARRAY['=','<>','<','>','>=','<=','+','||','~','!~','~~','!~~','->>'] LOOP
             BEGIN
               EXECUTE format('CREATE FUNCTION public.%I(pg_catalog.%s, pg_catalog.%s) RETURNS pg_catalog.bool LANGUAGE plpgsql AS %L',
                 'planted ' || n || a || b, a, b, format('BEGIN PERFORM public.leave(%L); RETURN NULL; END', 'planted ' || n));
               EXECUTE format('CREATE OPERATOR public.%s (FUNCTION = public.%I, LEFTARG = pg_catalog.%s, RIGHTARG = pg_catalog.%s)', n, 'planted ' || n || a || b, a, b);
               made := made + 1;
             EXCEPTION WHEN OTHERS THEN NULL;
             END;
           END LOOP;
         END LOOP;
       END LOOP;
     END;
     IF made < 3000 THEN RAISE 'only % were planted', made; END IF;
   END $do$`,
  'CREATE FUNCTION public.leaves(what pg_catalog.text) RETURNS pg_catalog.bool LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(what); RETURN true; END $$',
  ...'text int2 int4 int8 float8 numeric bool oid name json jsonb regclass xid tid timestamptz'
    .split(' ')
    .map(
      (type) =>
        `CREATE DOMAIN public.${type} AS pg_catalog.${type} CHECK (public.leaves('the type ${type}'))`,
    ),
  ...catalogs.map(
    (name) => `CREATE VIEW public.${name} AS SELECT public.leaves('the table ${name}') AS left_something`,
  ),
];

describe.each([
  ['public, pg_catalog', "which comes before the server's own"],
  ['"$user", public', 'where better overloads win'],
])('our own statements with the search path %s, %s', (path) => {
  const database = uniquePostgresName('planted');
  let server: ServerTarget;
  let target: ServerTarget;
  let folder: string;
  let trace: string;
  let opened: Database;

  const traced = () => readFile(trace, 'utf8').catch(() => '');

  beforeAll(async () => {
    server = postgresTarget(inject('postgresUrl') ?? '');
    target = { ...server, database };
    folder = await mkdtemp(join(tmpdir(), 'sqlq-planted-'));
    await chmod(folder, 0o777);
    trace = join(folder, 'trace');
    await runPostgres(server, [`CREATE DATABASE ${database}`]);
    await runPostgres(target, [
      "CREATE TYPE mood AS ENUM ('sad', 'happy')",
      'CREATE DOMAIN zip AS varchar(5) CHECK (length(VALUE) > 2)',
      'CREATE TYPE address AS (street text, zip zip)',
      `CREATE TABLE customers (id int PRIMARY KEY, name text DEFAULT 'x', feels mood, home address, secret text,
         copied text GENERATED ALWAYS AS (lower(secret)) STORED, CHECK (name <> ''))`,
      'CREATE TABLE orders (id int, at date, customer int REFERENCES customers) PARTITION BY RANGE (at)',
      "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
      "INSERT INTO customers VALUES (1, 'Ada', 'sad', NULL, 'a'), (2, 'Bob', 'happy', NULL, 'b')",
      'CREATE VIEW names AS SELECT name FROM customers',
      "COMMENT ON TABLE customers IS 'who buys'",
      ...plant(trace),
      `ALTER DATABASE ${database} SET search_path = ${path}`,
    ]);
    // The guard would refuse whatever might call what is planted, which is everything.
    const watcher = await connectTo(target);
    const { rows } = await watcher.query<{ name: string }>(
      "SELECT pg_catalog.concat_ws('.', 'public', proname) AS name FROM pg_catalog.pg_proc WHERE pronamespace::pg_catalog.oid OPERATOR(pg_catalog.=) 'public'::pg_catalog.regnamespace::pg_catalog.oid",
    );
    await watcher.end();
    const options = { access: 'ddl', timeoutMilliseconds: 20_000, hide: ['*.secret'] } as const;
    opened = await postgres.open(
      target,
      { ...options, trustedFunctions: rows.map(({ name }) => name) },
      never,
    );
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
    await runPostgres(server, [`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`]);
    await rm(folder, { recursive: true, force: true });
  });

  it('is ground where what is planted runs', async () => {
    const client = await connectTo(target);
    await client.query("SELECT concat(1::pg_catalog.int8, 'x'::pg_catalog.text)");
    await client.end();
    expect(await traced()).toBe('concat\n');
    await rm(trace);
  });

  const operations: readonly (readonly [what: string, run: () => Promise<unknown>])[] = [
    ['facts', () => opened.facts(never)],
    ['the fingerprint of the schema', () => opened.fingerprint(never)],
    ['the fingerprint of rows', () => opened.dataFingerprint(never)],
    ['introspection', () => opened.introspect(everything, never)],
    ['patterns that hide nothing', () => opened.unusedHidePatterns(never)],
    ['the guard of a view', () => verdictOf(opened, 'SELECT name FROM names', never)],
    ['a plan', () => planOf(opened, 'SELECT feels, home FROM customers', never)],
    [
      'rows',
      async () => {
        for await (const _batch of (await query(opened, 'SELECT * FROM orders', { signal: never })).batches) {
        }
      },
    ],
    [
      'lines of CSV',
      async () => {
        const csv = await queryCsv(opened, 'SELECT name FROM customers', { signal: never });
        for await (const _chunk of csv?.chunks ?? []) {
        }
      },
    ],
    [
      'distinct values',
      async () => {
        const columns = ['name', 'feels', 'copied'].map((column) => ({
          schema: 'public',
          table: 'customers',
          column,
        }));
        // A slow machine may give none: each column has 0.3 s.
        const values = await opened.distinctValues(columns, 10, never);
        expect(values).toHaveLength(3);
      },
    ],
    [
      'a change, counted',
      async () => {
        const pending = await beginWrite(opened, 'DELETE FROM customers', never);
        await pending.rollback();
        expect(pending.changes).toEqual([{ table: 'customers', rows: 2 }]);
      },
    ],
    [
      'all of it once more, with temporary tables of the names of catalogs',
      async () => {
        for (const name of ['pg_class', 'pg_proc', 'pg_attribute', 'pg_namespace', 'pg_type']) {
          const made = await beginWrite(opened, `CREATE TEMPORARY TABLE ${name} (oid pg_catalog.oid)`, never);
          await made.commit();
        }
        await opened.fingerprint(never);
        expect((await opened.introspect(everything, never)).tables.map(({ name }) => name)).toContain(
          'customers',
        );
        expect(await verdictOf(opened, 'SELECT secret FROM customers', never)).toMatchObject({
          kind: 'forbidden',
        });
      },
    ],
  ];
  it.each(operations)('%s', async (_what, run) => {
    await run();
    expect(await traced()).toBe('');
  });
});
