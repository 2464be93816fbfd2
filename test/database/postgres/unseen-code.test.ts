import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { query, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;
const locking = 'LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pg_advisory_lock(7)';

/** Tables, types and functions whose code runs though no statement names it, and some whose labels lie. */
const world = [
  'CREATE EXTENSION file_fdw',
  'CREATE SERVER files FOREIGN DATA WRAPPER file_fdw',
  'CREATE SEQUENCE counter',
  'CREATE TABLE log (t text)',
  'CREATE TABLE plain (id int PRIMARY KEY, name text, n int)',
  "INSERT INTO plain VALUES (1, 'a', 1)",
  `CREATE FUNCTION locks() RETURNS boolean ${locking}; RETURN true; END $$`,
  // An index's predicate, statistics and an inherited check are made with a harmless function, which then changes.
  'CREATE FUNCTION in_predicate() RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN true; END $$',
  'CREATE TABLE with_predicate (id int)',
  'CREATE INDEX ON with_predicate (id) WHERE in_predicate()',
  `CREATE OR REPLACE FUNCTION in_predicate() RETURNS boolean ${locking}; RETURN true; END $$`,
  `CREATE FUNCTION in_expression(int) RETURNS int ${locking}; RETURN $1; END $$`,
  'CREATE TABLE with_expression (id int)',
  'CREATE INDEX ON with_expression (in_expression(id))',
  'CREATE TABLE with_statistics (id int, b int)',
  'CREATE STATISTICS st ON (in_expression(1)), b FROM with_statistics',
  'CREATE FUNCTION in_check(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN true; END $$',
  'CREATE TABLE parent (id int)',
  'CREATE TABLE child (CHECK (in_check(1))) INHERITS (parent)',
  `CREATE OR REPLACE FUNCTION in_check(int) RETURNS boolean ${locking}; RETURN true; END $$`,
  'CREATE TABLE parted (id int) PARTITION BY LIST (id)',
  "CREATE FOREIGN TABLE parted_program PARTITION OF parted FOR VALUES IN (1) SERVER files OPTIONS (program 'echo 1')",
  'CREATE TABLE parted_by_code (id int) PARTITION BY LIST (in_expression(id))',
  'CREATE DOMAIN trapped AS text CHECK (locks())',
  'CREATE TABLE with_domain (id int, d trapped)',
  'CREATE TABLE with_domains (id int, d trapped[])',
  'CREATE TYPE holder AS (a int, b trapped)',
  'CREATE TABLE with_holder (id int, c holder)',
  "CREATE TYPE mood AS ENUM ('sad', 'ok')",
  `CREATE FUNCTION mood_json(mood) RETURNS json ${locking}; RETURN '"x"'; END $$`,
  'CREATE CAST (mood AS json) WITH FUNCTION mood_json(mood)',
  `CREATE FUNCTION mood_text(mood) RETURNS text ${locking}; RETURN 'x'; END $$`,
  'CREATE CAST (mood AS text) WITH FUNCTION mood_text(mood)',
  'CREATE TABLE with_mood (id int, m mood)',
  "INSERT INTO with_mood VALUES (1, 'sad')",
  `CREATE FUNCTION apart(float8, float8) RETURNS float8 ${locking}; RETURN 1; END $$`,
  'CREATE TYPE evil_range AS RANGE (subtype = float8, subtype_diff = apart)',
  'CREATE TABLE with_evil_range (id int, r evil_range)',
  'CREATE TYPE good_range AS RANGE (subtype = float8)',
  'CREATE TABLE with_good_range (id int, r good_range)',
  // Wrappers of what is refused by its name.
  'CREATE FUNCTION get_setting(k text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting(k) $$',
  'CREATE FUNCTION get_setting_too(k text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN current_setting(k, true); END $$',
  "CREATE FUNCTION get_secret() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('ssl_passphrase_command') $$",
  "CREATE FUNCTION get_tenant() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('app.tenant', true) $$",
  "CREATE FUNCTION get_zone() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('TimeZone') $$",
  "CREATE VIEW all_settings AS SELECT k, current_setting(k) AS v FROM unnest(ARRAY['port', 'data_directory']) AS k",
  "CREATE VIEW tenant AS SELECT current_setting('app.tenant', true) AS t",
  'CREATE FUNCTION read_file(k text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT pg_read_file(k) $$',
  // VOLATILE by default: the body tells.
  'CREATE FUNCTION add_one(x int) RETURNS int LANGUAGE sql AS $$ SELECT x + 1 $$',
  'CREATE FUNCTION add_one_parsed(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT x + 1; END',
  'CREATE FUNCTION add_one_returned(x int) RETURNS int LANGUAGE sql RETURN x + 1',
  'CREATE FUNCTION counted(wanted int) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM plain WHERE id = wanted $$',
  'CREATE VIEW counted_view AS SELECT counted(id) AS c FROM plain',
  "CREATE FUNCTION writes(x int) RETURNS text LANGUAGE sql AS $$ INSERT INTO log VALUES ('x') RETURNING t $$",
  'CREATE FUNCTION writes_inside(x int) RETURNS int LANGUAGE sql AS $$ WITH d AS (DELETE FROM log RETURNING 1) SELECT 1 $$',
  'CREATE FUNCTION locks_rows(x int) RETURNS int LANGUAGE sql AS $$ SELECT id FROM plain FOR UPDATE $$',
  "CREATE FUNCTION writes_last() RETURNS void LANGUAGE sql AS $$ SELECT 1; UPDATE log SET t = 'x' $$",
  "CREATE FUNCTION writes_parsed() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO log VALUES ('q'); END",
  "CREATE FUNCTION counts_up() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('counter') $$",
  'CREATE VIEW writing_view AS SELECT writes(id) AS p FROM plain',
  // A function's own search path leads elsewhere.
  'CREATE SCHEMA aside',
  'CREATE VIEW aside.plain AS SELECT locks() AS id',
  'CREATE FUNCTION elsewhere() RETURNS boolean LANGUAGE sql STABLE SET search_path = aside AS $$ SELECT id FROM plain $$',
  'CREATE FUNCTION tidy(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$',
  'CREATE TABLE indexed (name text CHECK (length(name) > 0), d date CHECK (d > $$2000-01-01$$))',
  'CREATE INDEX ON indexed (tidy(name)) WHERE tidy(name) <> $$$$',
  // A hidden column's values bound its partitions.
  'CREATE TABLE people (ssn text, v int) PARTITION BY LIST (ssn)',
  "CREATE TABLE people_1 PARTITION OF people FOR VALUES IN ('123-45')",
  // Code in C by an extension that is not on the list.
  'CREATE EXTENSION pageinspect',
  'CREATE EXTENSION isn',
  'CREATE EXTENSION pg_trgm',
  'CREATE EXTENSION hstore',
];

const refused: readonly (readonly [sql: string, reason: RegExp])[] = [
  ['SELECT * FROM with_predicate', /locks/],
  ['SELECT count(*) FROM with_predicate WHERE id > 3', /locks/],
  ['SELECT * FROM with_expression', /locks/],
  ['SELECT * FROM with_statistics', /locks/],
  ['SELECT * FROM parent WHERE id = 3', /locks/],
  ['SELECT * FROM parted', /runs a program/],
  ['SELECT * FROM parted_by_code', /locks/],
  ["SELECT lag(d, 1, 'x') OVER () FROM with_domain", /locks/],
  ["SELECT coalesce(d, 'x') FROM with_domain", /locks/],
  ["SELECT array_append(d, 'x') FROM with_domains", /locks/],
  ["SELECT d || 'x' FROM with_domains", /locks/],
  ['SELECT c FROM with_holder', /locks/],
  ["SELECT pg_input_is_valid('x', 'trapped')", /locks/],
  ["SELECT * FROM pg_input_error_info('x', 'trapped')", /locks/],
  ["SELECT pg_input_is_valid('x', t) FROM unnest(ARRAY['trapped']) t", /names a type/],
  ["SELECT pg_input_is_valid('x', 'public.trapped')", /names a type/],
  ["SELECT domain_in('x', 'trapped'::regtype, -1)", /not for reading/],
  ["SELECT record_in('(1,x)', 'holder'::regtype, -1)", /not for reading/],
  ["SELECT array_in('{x}', 'trapped'::regtype, -1)", /not for reading/],
  ['SELECT to_json(m) FROM with_mood', /locks/],
  ['SELECT row_to_json(w) FROM with_mood w', /locks/],
  ['SELECT json_agg(m) FROM with_mood', /locks/],
  ["SELECT json_object('a': m) FROM with_mood", /locks/],
  ['SELECT jsonb_build_array(m) FROM with_mood', /locks/],
  ['SELECT m::text FROM with_mood', /locks/],
  ['SELECT * FROM with_evil_range', /locks/],
  ["SELECT get_setting('data_directory')", /setting whose name it is given/],
  ["SELECT get_setting_too('data_directory')", /setting whose name it is given/],
  ['SELECT get_secret()', /setting ssl_passphrase_command/],
  ['SELECT * FROM all_settings', /setting whose name it is given/],
  ["SELECT read_file('/etc/hostname')", /files of the server/],
  ['SELECT writes(1)', /VOLATILE/],
  ['SELECT writes_inside(1)', /VOLATILE/],
  ['SELECT locks_rows(1)', /VOLATILE/],
  ['SELECT writes_last()', /VOLATILE/],
  ['SELECT writes_parsed()', /VOLATILE/],
  ['SELECT counts_up()', /changes a sequence/],
  ['SELECT * FROM writing_view', /VOLATILE/],
  ['SELECT elsewhere()', /locks/],
  ['SELECT relpartbound FROM pg_class', /hidden/],
  ['SELECT pg_get_expr(relpartbound, oid) FROM pg_class', /hidden/],
  ['SELECT * FROM pg_class', /hidden/],
  ["SELECT pg_get_partition_constraintdef('people_1'::regclass)", /hidden/],
  ['SELECT isn_weak(true)', /isn, which nobody has read|VOLATILE/],
  ['SELECT set_limit(0.1)', /VOLATILE/],
  ["SELECT page_header(get_raw_page('plain', 0))", /VOLATILE/],
];

const admitted = [
  'SELECT * FROM plain WHERE id = 1',
  'SELECT id, m FROM with_mood',
  'SELECT * FROM with_good_range',
  "SELECT pg_input_is_valid(name, 'numeric(10, 2)'), pg_input_is_valid(name, 'double precision') FROM plain",
  'SELECT get_tenant(), get_zone()',
  'SELECT * FROM tenant',
  'SELECT add_one(1), add_one_parsed(1), add_one_returned(1), counted(1)',
  'SELECT * FROM counted_view',
  "SELECT * FROM indexed WHERE tidy(name) = 'a'",
  'SELECT v FROM people',
  'SELECT relname, relkind FROM pg_class',
  "SELECT similarity('a', 'b'), 'a' % 'b', show_trgm('abc')",
  "SELECT 'a=>1'::hstore -> 'a', is_valid('978-0-393-04002-9'::isbn13)",
];

describe('code that no statement names', () => {
  const database = uniquePostgresName('unseen');
  let server: ServerTarget;
  let target: ServerTarget;
  let watcher: Client;
  let opened: Database;

  const open = (trustedFunctions: readonly string[] = []) =>
    postgres.open(
      target,
      { access: 'read', timeoutMilliseconds: 20_000, hide: ['*.ssn'], trustedFunctions },
      never,
    );

  beforeAll(async () => {
    server = postgresTarget(inject('postgresUrl') ?? '');
    target = { ...server, database };
    await runPostgres(server, [`CREATE DATABASE ${database}`]);
    await runPostgres(target, world);
    watcher = await connectTo(target);
    opened = await open();
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
    await watcher?.end();
    await runPostgres(server, [`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`]);
  });

  const locked = async (): Promise<number> => {
    const { rows } = await watcher.query<{ locks: number }>(
      `SELECT count(*)::int AS locks FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE l.locktype = 'advisory' AND d.datname = '${database}'`,
    );
    return rows[0]?.locks ?? 0;
  };

  it.each(refused)('keeps %j from running', async (sql, reason) => {
    expect(await verdictOf(opened, sql, never)).toMatchObject({
      kind: 'forbidden',
      reason: expect.stringMatching(reason),
    });
  });

  it.each(admitted)('admits %j', async (sql) => {
    expect(await verdictOf(opened, sql, never)).toEqual({ kind: 'read', reason: null });
    for await (const _batch of (await query(opened, sql, { signal: never })).batches) {
    }
    expect(await locked()).toBe(0);
  });

  it('lets the user answer for a function, by its name or with its schema, and for no other', async () => {
    const trusting = await open(['isn_weak', 'public.get_setting']);
    const kinds = [];
    for (const sql of ['SELECT isn_weak(true)', "SELECT get_setting('port')", 'SELECT set_limit(0.1)']) {
      kinds.push((await verdictOf(trusting, sql, never)).kind);
    }
    await trusting.close();
    expect(kinds).toEqual(['read', 'read', 'forbidden']);
  });
});
