import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Client } from 'pg';
import type { Database } from '../../src/database/database.ts';
import { postgres } from '../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../src/database/target.ts';
import { messageOf } from '../../src/errors.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../support/postgres-engine.ts';
import { stateOf } from '../support/postgres-state.ts';
import { query, verdictOf } from '../support/statements.ts';
import { randomFrom } from './generate.ts';
import { generate } from './postgres-constructs.ts';

/** What a run of the fuzzer saw. */
export interface FuzzReport {
  readonly seed: number;
  readonly statements: number;
  readonly admitted: number;
  /** Admitted statements that the server ran to the end. */
  readonly ran: number;
  /** Admitted statements that did harm, and what. */
  readonly harm: readonly { readonly sql: string; readonly what: string }[];
}

const secret = 'CANARY-7c1f';
const never = new AbortController().signal;
/** The state of the world is looked at after so many admitted statements, and then what changed it is searched for. */
const stride = 10;

const script = [
  'CREATE TABLE customers (id int PRIMARY KEY, name text, "drop" text)',
  'CREATE TABLE orders (id serial PRIMARY KEY, customer_id int, total numeric)',
  'CREATE TABLE audit_log (what text)',
  'CREATE SEQUENCE seq',
  "INSERT INTO customers VALUES (1, 'Ada', 'x'), (2, 'Bob', NULL)",
  'INSERT INTO orders (customer_id, total) VALUES (1, 10.5), (2, 20)',
  'CREATE VIEW active_customers AS SELECT * FROM customers',
  'CREATE FUNCTION add_audit(msg text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit_log VALUES (msg); RETURN 1; END $$',
  'CREATE FUNCTION sd_delete() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN DELETE FROM orders; RETURN 1; END $$',
  'CREATE FUNCTION net(x numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT x * 0.8 $$',
  'CREATE FUNCTION lying(text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN nextval($1::regclass); END $$',
  "CREATE FUNCTION nested_lie() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT lying('seq') $$",
  "CREATE FUNCTION built(text) RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE r text; BEGIN EXECUTE 'SELECT ' || $1 INTO r; RETURN r; END $$",
  'CREATE FUNCTION step(int, int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_lock(7); RETURN 1; END $$',
  'CREATE AGGREGATE deleting(int) (sfunc = step, stype = int)',
  'CREATE OPERATOR ### (FUNCTION = step, LEFTARG = int, RIGHTARG = int)',
  "CREATE DOMAIN trapped AS text CHECK (lying('seq') > 0)",
  'CREATE TYPE holder AS (inside trapped)',
  'CREATE PROCEDURE do_write() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit_log VALUES (1); END $$',
  "CREATE VIEW writing_view AS SELECT nextval('seq') AS gone",
  'CREATE VIEW secret_view AS SELECT rolname, rolpassword FROM pg_authid',
  'CREATE VIEW twice_view AS SELECT * FROM writing_view',
  // Columns that are hidden, and what their values could come out through.
  `CREATE TABLE vault (id int, note text, secret text, copied text GENERATED ALWAYS AS (lower(secret)) STORED)`,
  `INSERT INTO vault VALUES (1, 'plain', '${secret}')`,
  'CREATE VIEW vault_view AS SELECT id, secret AS inside FROM vault',
  'CREATE VIEW vault_rows AS SELECT v AS whole FROM vault v',
  'CREATE MATERIALIZED VIEW vault_kept AS SELECT secret AS kept FROM vault',
  'CREATE TABLE vault_heir () INHERITS (vault)',
  'CREATE FUNCTION vault_all() RETURNS SETOF vault LANGUAGE sql STABLE AS $$ SELECT * FROM vault $$',
  'CREATE FUNCTION vault_text() RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN QUERY SELECT x::text FROM vault x; END $$',
  'CREATE FUNCTION vault_atomic() RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT max(v.secret) FROM vault v; END',
  // Stored code that reaches harm through something else.
  'CREATE FUNCTION locks(anyelement) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pg_advisory_lock(7); RETURN true; END $$',
  'CREATE VIEW locking_view AS SELECT locks(1) AS locked',
  'CREATE VIEW domain_view AS SELECT name::trapped AS name FROM customers',
  'CREATE VIEW operator_view AS SELECT id ### id AS locked FROM customers',
  'CREATE VIEW activity_view AS SELECT query AS doing FROM pg_stat_activity',
  'CREATE FUNCTION by_view() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT locked FROM locking_view $$',
  'CREATE FUNCTION by_operator() RETURNS int LANGUAGE sql STABLE AS $$ SELECT 1 ### 2 $$',
  "CREATE FUNCTION by_domain() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x'::trapped $$",
  'CREATE FUNCTION by_default(x boolean DEFAULT locks(1)) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT x $$',
  `CREATE FUNCTION by_unicode() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT U&"l\\006fcks"(1) $$`,
  'CREATE FUNCTION passwords() RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT max(a.rolpassword) FROM pg_authid a; END',
  'CREATE FUNCTION trapped_result(text) RETURNS trapped LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$',
  "CREATE TYPE feeling AS ENUM ('sad')",
  "CREATE FUNCTION felt(int) RETURNS feeling LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pg_advisory_lock(7); RETURN 'sad'; END $$",
  'CREATE CAST (int AS feeling) WITH FUNCTION felt(int)',
  'CREATE TABLE protected (id int)',
  'INSERT INTO protected VALUES (1)',
  'ALTER TABLE protected ENABLE ROW LEVEL SECURITY',
  'CREATE POLICY trap ON protected USING ((SELECT locked FROM locking_view))',
  'CREATE EXTENSION dblink',
  'CREATE EXTENSION tablefunc',
  'CREATE EXTENSION pgcrypto',
  'CREATE EXTENSION postgres_fdw',
  "CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1')",
  `CREATE USER MAPPING FOR CURRENT_USER SERVER other OPTIONS (user 'u', password '${secret}')`,
];

/** Runs what the guard admits of given statements on a real server, as its superuser, and looks for harm. */
export async function fuzz(url: string, seed: number, statements: Iterable<string>): Promise<FuzzReport> {
  const server = postgresTarget(url);
  const database = uniquePostgresName('fuzz');
  const target: ServerTarget = { ...server, database };
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-fuzz-'));
  await chmod(folder, 0o777);
  const file = join(folder, 'file');
  const out = join(folder, 'out');
  await writeFile(file, secret, { mode: 0o644 });
  await runPostgres(server, [`CREATE DATABASE ${database}`]);
  await runPostgres(target, script);
  const watcher = await connectTo(target);
  const { rows } = await watcher.query<{ lo: number }>(`SELECT lo_from_bytea(0, '${secret}') AS lo`);
  const fill = (sql: string): string =>
    sql.replaceAll('@file@', file).replaceAll('@out@', out).replaceAll('@lo@', String(rows[0]?.lo));
  const options = { access: 'read', timeoutMilliseconds: 5_000, hide: ['*.secret'] } as const;
  const opened = await postgres.open(target, options, never);
  const harm: { sql: string; what: string }[] = [];
  const state = await watch(watcher);
  let [count, admitted, ran] = [0, 0, 0];
  let unproven: string[] = [];
  try {
    for (const statement of statements) {
      const sql = fill(statement);
      count += 1;
      if ((await verdictOf(opened, sql, never)).kind !== 'read') {
        continue;
      }
      admitted += 1;
      const begun = performance.now();
      const outcome = await run(opened, sql);
      if (outcome.ok) {
        ran += 1;
      }
      if (outcome.text.toUpperCase().includes(secret.toUpperCase()) || /SCRAM-SHA-256\$/.test(outcome.text)) {
        harm.push({ sql, what: 'it shows a secret' });
      }
      if (/read-only transaction|in a non-volatile function/.test(outcome.text)) {
        harm.push({ sql, what: `only the server stopped it: ${outcome.text}` });
      }
      if (performance.now() - begun > 1_500) {
        harm.push({ sql, what: 'it waits' });
      }
      unproven.push(sql);
      if (unproven.length < stride) {
        continue;
      }
      const changed = await state.changed();
      if (changed !== null) {
        harm.push({ sql: unproven.join('\n'), what: `one of these changed ${changed}` });
        break;
      }
      unproven = [];
    }
    const changed = await state.changed();
    if (changed !== null) {
      harm.push({ sql: unproven.join('\n'), what: `one of these changed ${changed}` });
    }
  } finally {
    await opened.close();
    await watcher.end();
    await runPostgres(server, [`DROP DATABASE ${database} WITH (FORCE)`]);
    await rm(folder, { recursive: true, force: true });
  }
  return { seed, statements: count, admitted, ran, harm };
}

/** Tells what of the state of the world is no longer as it was. */
async function watch(client: Client): Promise<{ changed(): Promise<string | null> }> {
  const before = await stateOf(client);
  return {
    async changed() {
      const after = await stateOf(client);
      const keys = Object.keys(after).filter((key) => !isDeepStrictEqual(before[key], after[key]));
      return keys.length === 0 ? null : keys.join(', ');
    },
  };
}

async function run(opened: Database, sql: string): Promise<{ readonly ok: boolean; readonly text: string }> {
  let text = '';
  try {
    const result = await query(opened, sql, { signal: never });
    for await (const batch of result.batches) {
      text += JSON.stringify(batch, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    }
    return { ok: true, text };
  } catch (error) {
    return { ok: false, text: messageOf(error) };
  }
}

/** Statements that a seed decides. */
export function* generated(count: number, seed: number): Generator<string> {
  const random = randomFrom(seed);
  for (let index = 0; index < count; index++) {
    yield generate(random);
  }
}

/** Values for a parameter by the name of its type; NULL where there is none. */
const samples: Readonly<Record<string, readonly string[]>> = {
  text: ["'@file@'", "'seq'", "'select 1'"],
  regclass: ["'seq'", "'customers'"],
  oid: ["'seq'::regclass", '@lo@', '0'],
  int4: ['1'],
  int8: ['1', '7'],
  bool: ['true'],
  float8: ['0.001'],
  name: ["'work_mem'"],
  bytea: ["'x'"],
  numeric: ['1'],
  anyelement: ["'x'::text"],
  _text: ["'{a}'"],
};

/** A call of every function of the server and of these extensions, by its name and by attribute notation. */
export async function everyFunction(url: string): Promise<readonly string[]> {
  const client = await connectTo(postgresTarget(url));
  try {
    const { rows } = await client.query<{ name: string; types: string[]; fewest: number }>(
      `SELECT quote_ident(p.proname) AS name, p.pronargs - p.pronargdefaults AS fewest,
              ARRAY(SELECT t.typname::text FROM unnest(p.proargtypes) WITH ORDINALITY a(oid, place)
                     JOIN pg_type t ON t.oid = a.oid ORDER BY place) AS types
         FROM pg_proc p WHERE p.prokind = 'f' AND NOT 'internal' = ANY (
              ARRAY(SELECT t.typname::text FROM unnest(p.proargtypes) a JOIN pg_type t ON t.oid = a))
        ORDER BY p.oid`,
    );
    return rows.flatMap(({ name, types, fewest }) => {
      const values = (place: number) =>
        types.map((type) => samples[type]?.[place] ?? samples[type]?.[0] ?? `NULL::${type}`);
      const calls = [0, 1, 2].map(
        (place) =>
          `SELECT pg_catalog.${name}(${values(place)
            .slice(0, Math.max(fewest, place === 0 ? types.length : fewest))
            .join(', ')})`,
      );
      const attribute = types.length === 1 ? [`SELECT (${values(0)[0]}::${types[0]}).${name}`] : [];
      return [...new Set([...calls, ...attribute])];
    });
  } finally {
    await client.end();
  }
}
