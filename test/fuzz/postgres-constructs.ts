import type { Random } from './generate.ts';

/** What a statement may reach for: files, programs, locks, roles, other databases, sequences, stored code. */
const harmfulExpressions = [
  "pg_read_file('@file@')",
  "('@file@'::text).pg_read_file",
  '(f.p).pg_read_file',
  'f.pg_read_file',
  "pg_catalog.pg_read_binary_file('@file@')",
  'U&"pg\\005fread_file"(\'@file@\')',
  '"pg_read_file" /* x */ (\'@file@\')',
  "PG_READ_FILE('@file@')",
  'pg_sleep(2)',
  '(2::float8).pg_sleep',
  'nextval($$seq$$)',
  "('seq'::regclass).nextval",
  "setval('seq', 500)",
  "add_audit('x')",
  "public.add_audit('x')",
  "('x'::text).add_audit",
  'sd_delete()',
  "lying('seq')",
  "built('1')",
  'nested_lie()',
  'deleting(1)',
  '(1 ### 2)',
  '(1 OPERATOR(public.###) 2)',
  "'x'::trapped",
  "CAST('x' AS public.trapped)",
  "ARRAY['x']::trapped[]",
  "'(1)'::holder",
  'lo_create(0)',
  "lo_from_bytea(0, 'x')",
  'lo_get(@lo@)',
  'pg_advisory_lock(1)',
  'pg_try_advisory_xact_lock(1)',
  "pg_notify('canary', '')",
  "set_config('work_mem', '1MB', false)",
  "current_setting('data_directory')",
  "('data_directory'::text).current_setting",
  "query_to_xml('select secret from vault', true, false, '')",
  "table_to_xml('pg_authid', true, false, '')",
  "dblink('dbname=postgres', 'select 1')",
  "pg_logical_emit_message(true, 'a', 'b')",
  'pg_terminate_backend(0)',
  'pg_export_snapshot()',
  'txid_current()',
  'pg_current_xact_id()',
  'setseed(0.5)',
  'pg_stat_reset()',
  'pg_reload_conf()',
  '(SELECT rolpassword FROM pg_authid LIMIT 1)',
  '(SELECT a::text FROM pg_authid a LIMIT 1)',
  '(SELECT to_json(s) FROM pg_catalog."pg_shadow" s LIMIT 1)',
  '(SELECT umoptions FROM pg_user_mappings LIMIT 1)',
  '(SELECT option_value FROM information_schema.user_mapping_options LIMIT 1)',
  '(SELECT data FROM pg_largeobject LIMIT 1)',
  '(SELECT query FROM pg_stat_activity LIMIT 1)',
  '(SELECT id FROM customers FOR UPDATE)',
  '(SELECT gone FROM writing_view)',
  '(SELECT rolpassword FROM secret_view LIMIT 1)',
  '(SELECT count(*) FROM twice_view)',
  "xmlparse(document query_to_xml('select 1', true, false, '')::text)",
  "json_value('{}', '$.a' DEFAULT sd_delete() ON EMPTY)",
  '(WITH d AS (DELETE FROM orders RETURNING id) SELECT id FROM d)',
  'COALESCE(sd_delete(), 1)',
  'GREATEST(1, sd_delete())',
  'ARRAY(SELECT sd_delete())',
  '$1',
  'by_view()',
  'by_operator()',
  'by_domain()',
  'by_default()',
  'by_unicode()',
  'passwords()',
  "trapped_result('x')",
  'locks(1)',
  '(1).locks',
  'c.locks',
  'locks(c)',
  '1::feeling',
  'feeling(1)',
  '(SELECT doing FROM activity_view LIMIT 1)',
  'jsonb_populate_record(NULL::holder, \'{"inside": "x"}\')',
  '(SELECT max(secret) FROM vault)',
  '(SELECT max(copied) FROM vault)',
  '(SELECT v::text FROM vault v LIMIT 1)',
  '(SELECT to_jsonb(v) FROM vault v LIMIT 1)',
  '(SELECT (v).secret FROM vault v LIMIT 1)',
  '(SELECT secret(v) FROM vault v LIMIT 1)',
  '(SELECT v.to_json FROM vault v LIMIT 1)',
  '(SELECT x.a FROM (SELECT secret FROM vault) x(a) LIMIT 1)',
  '(SELECT inside FROM vault_view LIMIT 1)',
  '(SELECT whole FROM vault_rows LIMIT 1)',
  '(SELECT kept FROM vault_kept LIMIT 1)',
  '(SELECT h::text FROM vault_heir h LIMIT 1)',
  '(SELECT f::text FROM vault_all() f LIMIT 1)',
  '(SELECT f FROM vault_text() f LIMIT 1)',
  'vault_atomic()',
  'json_object($$a$$ : (SELECT max(secret) FROM vault))',
];

const harmfulTables = [
  'vault v',
  'vault c',
  'vault c(id, name, "drop")',
  '(TABLE vault) AS c',
  'vault_heir c',
  'vault_view c',
  'vault_rows c',
  'vault_kept c',
  'vault_all() c',
  'vault_text() c',
  'customers c NATURAL JOIN vault',
  'customers c JOIN vault v USING (id)',
  'customers c, LATERAL (SELECT * FROM vault) v',
  'locking_view c',
  'domain_view c',
  'operator_view c',
  'activity_view c',
  'protected c',
  'pg_authid',
  'pg_catalog.pg_shadow',
  '"pg_authid"',
  'ONLY pg_authid',
  'pg_user_mapping',
  'pg_largeobject',
  'pg_hba_file_rules',
  'pg_file_settings',
  'pg_statistic',
  'pg_stat_activity',
  'pg_subscription',
  'writing_view',
  'secret_view',
  'twice_view',
  "pg_ls_dir('/')",
  "pg_read_file('@file@')",
  "ROWS FROM (pg_read_file('@file@'), generate_series(1, 2))",
  "LATERAL pg_ls_dir('@file@')",
  "ts_stat('select to_tsvector(secret) from vault')",
  "crosstab('select 1,2,3') AS t(a int, b int)",
  "dblink('dbname=postgres', 'select 1') AS t(a int)",
  '(SELECT sd_delete()) AS d',
  '(VALUES (sd_delete())) AS d',
  'customers TABLESAMPLE system (sd_delete())',
  'customers TABLESAMPLE sd_delete(1)',
  "json_table(pg_read_file('@file@'), '$' COLUMNS (a int PATH '$')) AS j",
  "xmltable('/a' PASSING pg_read_file('@file@')::xml COLUMNS b text) AS x",
];

const harmfulStatements = [
  'UPDATE customers SET name = name',
  'DELETE FROM orders',
  'INSERT INTO audit_log VALUES (1)',
  'TRUNCATE orders',
  'MERGE INTO orders USING customers c ON false WHEN NOT MATCHED THEN INSERT VALUES (9)',
  'CREATE TABLE made AS SELECT 1',
  'SELECT 1 INTO made',
  'DROP TABLE orders',
  "COPY customers TO '@out@'",
  "COPY (SELECT 1) TO PROGRAM 'touch @out@'",
  "COPY audit_log FROM '@file@'",
  'DO $$ BEGIN DELETE FROM orders; END $$',
  'CALL do_write()',
  'COMMIT',
  'BEGIN READ WRITE',
  'SET ROLE postgres',
  'SET TRANSACTION READ WRITE',
  'RESET ALL',
  'LISTEN canary',
  'NOTIFY canary',
  'LOCK TABLE customers',
  'PREPARE p AS DELETE FROM orders',
  'EXECUTE p',
  "LOAD 'auto_explain'",
  'VACUUM customers',
  'REINDEX TABLE customers',
  'SHOW ALL',
  'SHOW data_directory',
  'CHECKPOINT',
  'GRANT ALL ON customers TO PUBLIC',
  'DECLARE c CURSOR WITH HOLD FOR SELECT 1',
  'SECURITY LABEL ON TABLE customers IS NULL',
  "SELECT pg_read_file('@file@')",
];

const tails = [
  '; DELETE FROM orders',
  ';; COMMIT; DELETE FROM orders',
  ' FOR UPDATE',
  ' FOR KEY SHARE SKIP LOCKED',
  ' -- ; DELETE FROM orders',
  ' /* ; DELETE FROM orders */',
  ' \\; DELETE FROM orders',
  ' UNION SELECT 1 INTO made',
  ' LIMIT sd_delete()',
  ' ORDER BY sd_delete()',
  '\0; DELETE FROM orders',
  ';',
];

const honestExpressions = [
  '*',
  'c',
  'c.*',
  'to_jsonb(c)',
  'c::text',
  '(SELECT max(note) FROM vault)',
  'id',
  'c.name',
  'count(*)',
  'max(name)',
  "'DROP TABLE orders; --'",
  '$$; COMMIT$$',
  "E'\\'; DELETE FROM orders; --'",
  "U&'\\0061'",
  'now()',
  'random()',
  'net(1.5)',
  'c."drop"',
  'row_number() OVER ()',
  '(c).name',
  'current_date',
  'gen_random_uuid()',
  "current_setting('TimeZone')",
  "jsonb_build_object('a', 1)",
  'ARRAY[1, 2]',
  "'seq'::regclass",
  'pg_typeof(1)',
  "xmlelement(name a, 'b')",
];

const honestTables = [
  'customers c',
  'customers AS c JOIN orders o ON o.customer_id = c.id',
  'active_customers c',
  '(SELECT * FROM customers) AS c',
  'customers c, generate_series(1, 2) g',
  'customers c TABLESAMPLE bernoulli (50)',
  'public.customers c',
  '"customers" AS "c"',
];

function expression(random: Random, depth: number): string {
  const base = random.chance(35) ? random.pick(harmfulExpressions) : random.pick(honestExpressions);
  if (depth === 0) {
    return base;
  }
  const inner = expression(random, depth - 1);
  return random.pick([
    () => base,
    () => `(${inner})`,
    () => `(SELECT ${inner})`,
    () => `CASE WHEN true THEN ${inner} END`,
    () => `coalesce(${inner}, NULL)`,
    () => `EXISTS (SELECT ${inner})`,
    () => `(${inner})::text`,
    () => `ROW(${inner}, 1)`,
    () => `ARRAY(SELECT ${inner})`,
    () => `${inner} IS NOT NULL`,
    () => `upper((${inner})::text)`,
    () => `jsonb_build_array(${inner})`,
    () => `(SELECT x FROM (SELECT ${inner} AS x) s)`,
    () => `(WITH w AS (SELECT ${inner} AS x) SELECT x FROM w)`,
    () => `(${inner}) IN (SELECT ${base})`,
  ])();
}

function query(random: Random, depth: number): string {
  const table = random.chance(15) ? random.pick(harmfulTables) : random.pick(honestTables);
  const what = expression(random, depth);
  const file = random.chance(10) ? ", (SELECT '@file@'::text AS p) f" : '';
  const where = random.chance(20) ? ` WHERE (${expression(random, 1)}) IS NOT NULL` : '';
  const select = `SELECT ${what} FROM ${table}${file}${where}`;
  if (depth === 0) {
    return select;
  }
  return random.pick([
    () => select,
    () => `SELECT ${what}`,
    () => `VALUES (${what})`,
    () => `TABLE ${random.pick(['customers', 'pg_authid', 'vault', 'secret_view'])}`,
    () => `WITH a AS (${query(random, depth - 1)}) SELECT * FROM a`,
    () => `WITH a AS (${random.chance(30) ? random.pick(harmfulStatements) : select}) SELECT 1`,
    () =>
      `WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a WHERE n < 3) SELECT ${what} FROM a, ${table}`,
    () => `(${select})`,
    () => `${select} UNION ALL ${query(random, depth - 1)}`,
    () => `SELECT * FROM (${query(random, depth - 1)}) AS s`,
    () =>
      `EXPLAIN ${random.pick(['', 'ANALYZE ', '(ANALYZE, BUFFERS) ', '(FORMAT JSON) '])}${random.chance(30) ? random.pick(harmfulStatements) : select}`,
    () => `EXPLAIN ANALYZE ${query(random, depth - 1)}`,
  ])();
}

const spaces = [' ', '\n', '\t', '/**/', ' /* x */ ', ' /* /* */ */ ', ' --x\n', '\f', '  '];

/** Changes how a statement looks and, mostly, not what it means: case, white space, comments. */
function disguise(sql: string, random: Random): string {
  if (random.chance(50)) {
    return sql;
  }
  const spaced = sql.replaceAll(' ', () => (random.chance(20) ? random.pick(spaces) : ' '));
  if (random.chance(70)) {
    return spaced;
  }
  return spaced.replaceAll(/[a-z]/g, (letter) => (random.chance(20) ? letter.toUpperCase() : letter));
}

/** One statement made of honest and harmful parts; `@file@` and the like stand for what a run fills in. */
export function generate(random: Random): string {
  const whole = random.chance(10) ? random.pick(harmfulStatements) : query(random, random.below(3));
  const tail = random.chance(15) ? random.pick(tails) : '';
  return disguise(`${whole}${tail}`, random);
}
