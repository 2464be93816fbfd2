import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Access, Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { beginWrite, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;

describe('writing to PostgreSQL on purpose', () => {
  const database = uniquePostgresName('write');
  let server: ServerTarget;
  let writer: Database;
  let maker: Database;

  const open = (access: Access) =>
    postgres.open({ ...server, database }, { access, timeoutMilliseconds: 10_000, hide: [] }, never);

  beforeAll(async () => {
    server = postgresTarget(inject('postgresUrl') ?? '');
    await runPostgres(server, [`CREATE DATABASE ${database}`]);
    await runPostgres({ ...server, database }, [
      'CREATE TABLE person (id int PRIMARY KEY, name text)',
      'CREATE TABLE child (id serial PRIMARY KEY, person_id int REFERENCES person ON DELETE CASCADE)',
      'CREATE TABLE log (what text)',
      'CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (TG_OP); RETURN NULL; END $$',
      'CREATE TRIGGER noted AFTER UPDATE ON person FOR EACH ROW EXECUTE FUNCTION note()',
      'CREATE FUNCTION touch() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM log; RETURN 1; END $$',
      'CREATE TABLE late (id int PRIMARY KEY)',
      'CREATE CONSTRAINT TRIGGER noted_late AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note()',
      'CREATE TABLE odd (id int, other int UNIQUE DEFERRABLE INITIALLY DEFERRED)',
      'CREATE FUNCTION code() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$',
      'CREATE TABLE coded (id int DEFAULT code())',
      'CREATE VIEW people AS SELECT id FROM person',
      'CREATE TABLE parts (id int) PARTITION BY LIST (id)',
      'CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1)',
      'CREATE MATERIALIZED VIEW slow AS SELECT pg_advisory_lock(4712) IS NULL AS x WITH NO DATA',
      'CREATE EXTENSION file_fdw',
      'CREATE SERVER files FOREIGN DATA WRAPPER file_fdw',
      "CREATE FOREIGN TABLE printed (line text) SERVER files OPTIONS (program 'echo printed')",
      'CREATE VIEW shown AS SELECT line FROM printed',
      'CREATE FUNCTION prints() RETURNS text LANGUAGE sql STABLE AS $$ SELECT max(line) FROM printed $$',
      "INSERT INTO person VALUES (1, 'Ada'), (2, 'Bob')",
      'INSERT INTO child (person_id) VALUES (1), (1), (2)',
    ]);
    [writer, maker] = await Promise.all([open('write'), open('ddl')]);
  });
  afterAll(async () => {
    await writer?.close();
    await maker?.close();
    await runPostgres(server, [`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`]);
  });

  it.each([
    ['DELETE FROM person WHERE id = 1', { person: 1, child: 2 }],
    ["UPDATE person SET name = 'x'", { person: 2, log: 2 }],
    ["INSERT INTO child (id, person_id) VALUES (nextval('child_id_seq'), 1) RETURNING id", { child: 1 }],
    [
      "INSERT INTO person VALUES (1, 'z') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
      { person: 1, log: 1 },
    ],
    [
      'WITH gone AS (DELETE FROM child RETURNING *) INSERT INTO log SELECT id::text FROM gone',
      { child: 3, log: 3 },
    ],
    [
      'MERGE INTO person p USING (VALUES (2), (3)) v(id) ON p.id = v.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (v.id)',
      { person: 2, child: 1 },
    ],
    ['DELETE FROM person WHERE false', {}],
    ['INSERT INTO late VALUES (1), (2)', { late: 2, log: 2 }],
    ['DELETE FROM people WHERE id = 2', { person: 1, child: 1 }],
    ['INSERT INTO parts VALUES (1), (1)', { parts_1: 2 }],
    [
      'WITH a AS (DELETE FROM child RETURNING 1), b AS (DELETE FROM log) SELECT count(*) FROM a',
      { child: 3 },
    ],
  ])('counts what changes, by triggers and cascades too: %s', async (sql, counts) => {
    const pending = await beginWrite(writer, sql, never);
    expect(Object.fromEntries(pending.changes.map(({ table, rows }) => [table, rows]))).toEqual(counts);
    await pending.rollback();
  });

  it.each([
    ['DELETE FROM child WHERE false', [], []],
    ["INSERT INTO log VALUES ('x')", [], []],
    [
      'INSERT INTO child (person_id) VALUES (1)',
      [],
      ['No row has changed; numbers that a sequence gave out are not given again.'],
    ],
    [
      "UPDATE person SET name = 'x'",
      [expect.stringContaining('the trigger noted on person')],
      [
        expect.stringMatching(
          /outside of the tables of this database is not taken back: the trigger noted on person/,
        ),
      ],
    ],
    [
      'INSERT INTO coded VALUES (DEFAULT)',
      [expect.stringContaining('code(), in a default or a check of coded')],
      [expect.stringContaining('code()')],
    ],
  ])('says what ran with it and what a rollback leaves: %s', async (sql, notes, lasting) => {
    const pending = await beginWrite(writer, sql, never);
    expect(pending.notes).toEqual(notes);
    expect(await pending.rollback()).toEqual(lasting);
  });

  it('counts even where the server does not', async () => {
    await runPostgres({ ...server, database }, [`ALTER DATABASE ${database} SET track_counts = off`]);
    const blind = await open('write');
    const pending = await beginWrite(blind, "UPDATE person SET name = 'x'", never);
    expect(pending.changes).toEqual([{ table: 'person', rows: 2 }]);
    await pending.rollback();
    await blind.close();
    await runPostgres({ ...server, database }, [`ALTER DATABASE ${database} RESET track_counts`]);
  });

  it('finds what would only fail at the end before anybody is asked', async () => {
    await expect(beginWrite(writer, 'INSERT INTO odd VALUES (1, 1), (2, 1)', never)).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('odd_other_key'),
    });
  });

  it('does not say that a change was kept when it was not', async () => {
    const own = await open('write');
    const pending = await beginWrite(own, 'DELETE FROM child', never);
    await runPostgres({ ...server, database }, [
      `SELECT pg_terminate_backend(${own.session?.split('/')[0]}, 5000)`,
    ]);
    await expect(pending.commit()).rejects.toMatchObject({ code: 'failed' });
    await own.close();
  });

  it.each([
    'REFRESH MATERIALIZED VIEW slow',
    'SELECT * FROM printed',
    'SELECT * FROM shown',
    'SELECT prints()',
    "INSERT INTO printed VALUES ('x')",
    'INSERT INTO log TABLE printed',
    'BEGIN; DELETE FROM person; COMMIT',
    'DELETE FROM person; COMMIT',
    'COMMIT',
    'ROLLBACK',
    'SAVEPOINT a',
    'PREPARE TRANSACTION $$x$$',
    "INSERT INTO log SELECT * FROM dblink('dbname=postgres', 'select 1') AS t(a text)",
    "INSERT INTO log VALUES (pg_read_file('/etc/hostname'))",
    "UPDATE person SET name = lo_import('/etc/hostname')::text",
    'DELETE FROM person WHERE pg_sleep(0) IS NULL',
    'DELETE FROM person WHERE pg_advisory_lock(1) IS NOT NULL',
    "INSERT INTO log VALUES (setval('child_id_seq', 1)::text)",
    'MERGE INTO person p USING (SELECT touch() AS id) t ON t.id = p.id WHEN MATCHED THEN DELETE',
    'UPDATE person SET name = (WITH d AS (SELECT touch()) SELECT 1 FROM d)::text',
    'DELETE FROM person RETURNING touch()',
    'INSERT INTO person VALUES (1) ON CONFLICT (id) DO UPDATE SET name = touch()::text',
    'CREATE TABLE t AS SELECT touch()',
    'CREATE TABLE t (a int DEFAULT touch())',
    'CREATE TABLE t (a int CHECK (touch() > 0))',
    'CREATE INDEX ON person (touch())',
    'ALTER TABLE person ALTER name TYPE text USING touch()::text',
    'CREATE TABLE t (a int) TABLESPACE pg_default',
    "COPY person TO '/tmp/x'",
    'COPY (DELETE FROM person RETURNING *) TO STDOUT',
    'ALTER ROLE CURRENT_USER SUPERUSER',
    'DROP ROLE x',
    'GRANT CREATE ON SCHEMA public TO PUBLIC',
    'ALTER TABLE person ENABLE ROW LEVEL SECURITY',
    'ALTER TABLE person DISABLE ROW LEVEL SECURITY',
    'ALTER SYSTEM SET fsync = off',
    'CREATE SCHEMA s AUTHORIZATION postgres',
    'CREATE TRIGGER t AFTER INSERT ON person EXECUTE FUNCTION note()',
    'DROP TRIGGER noted ON person',
    'DROP FUNCTION note CASCADE',
    'CREATE POLICY p ON person USING (true)',
    'CREATE SERVER x FOREIGN DATA WRAPPER file_fdw',
    "CREATE FOREIGN TABLE x (a text) SERVER files OPTIONS (filename '/etc/passwd')",
    'DROP DATABASE IF EXISTS nothing',
    'CREATE DATABASE d',
    'CREATE PUBLICATION p FOR TABLE person',
    'LOCK person',
    'SET session_replication_role = replica',
    'SELECT * INTO made FROM person',
    'UPDATE pg_class SET relname = relname',
    'DELETE FROM pg_catalog.pg_authid',
    'UPDATE information_schema.sql_features SET comments = NULL',
    'UPDATE pg_settings SET setting = 1',
    "UPDATE person SET name = pg_read_file('/etc/passwd')",
    'INSERT INTO log SELECT rolpassword FROM pg_authid',
    'INSERT INTO log VALUES (touch()::text)',
    "COPY log FROM '/etc/passwd'",
    "COPY log TO PROGRAM 'id'",
    'GRANT ALL ON person TO PUBLIC',
    'CREATE ROLE x',
    'ALTER TABLE person OWNER TO CURRENT_USER',
    'ALTER TABLE person DISABLE TRIGGER ALL',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    'CREATE EXTENSION dblink',
    "CREATE VIEW v AS SELECT pg_read_file('/etc/passwd')",
    'DO $$ BEGIN END $$',
    'SET ROLE postgres',
    'VACUUM person',
    'CREATE INDEX CONCURRENTLY i ON person (name)',
  ])('is forbidden in every mode: %s', async (sql) => {
    expect((await verdictOf(maker, sql, never)).kind).toBe('forbidden');
    await expect(beginWrite(maker, sql, never)).rejects.toMatchObject({ code: 'refused' });
  });

  it.each([
    'CREATE TABLE made (id bigserial PRIMARY KEY, p int REFERENCES person ON DELETE SET NULL, n numeric(10,2) NOT NULL DEFAULT 0 CHECK (n >= 0), at timestamptz DEFAULT now(), UNIQUE (n, at))',
    'CREATE TABLE copied AS SELECT * FROM person',
    'CREATE INDEX ON person (lower(name)) WHERE id > 1',
    'ALTER TABLE person ADD COLUMN age int DEFAULT 3, DROP COLUMN name',
    'ALTER TABLE person RENAME COLUMN name TO title',
    'CREATE VIEW seen AS SELECT id FROM person',
    'TRUNCATE person CASCADE',
    'DROP TABLE IF EXISTS child',
    "CREATE TYPE mood AS ENUM ('a', 'b')",
    'CREATE TYPE pair AS (a int, b text)',
    "COMMENT ON TABLE person IS 'x'",
    'CREATE SCHEMA other',
  ])('changes tables where that was asked for, and can undo it: %s', async (sql) => {
    expect((await verdictOf(maker, sql, never)).kind).toBe('ddl');
    await expect(beginWrite(writer, sql, never)).rejects.toMatchObject({ code: 'refused' });
    const before = await maker.fingerprint(never);
    const pending = await beginWrite(maker, sql, never);
    expect(pending.committed).toBe(false);
    await pending.rollback();
    expect(await maker.fingerprint(never)).toBe(before);
  });

  it.each([
    ['DROP TABLE person CASCADE', ['view people', 'constraint child_person_id_fkey on table child']],
    ['ALTER TABLE person DROP COLUMN id CASCADE', ['view people']],
    ['TRUNCATE person CASCADE', ['table "child"']],
    ['DROP TABLE late CASCADE', []],
  ])('names what CASCADE takes along: %s', async (sql, names) => {
    const pending = await beginWrite(maker, sql, never);
    await pending.rollback();
    const notes = pending.notes ?? [];
    expect(notes).toHaveLength(names.length === 0 ? 0 : 1);
    for (const name of names) {
      expect(notes[0]).toContain(name);
    }
  });

  it('names what CASCADE takes along for a role that was set to hear no notices', async () => {
    const quiet = uniquePostgresName('quiet');
    const password = 'quiet';
    await runPostgres({ ...server, database }, [
      `CREATE ROLE ${quiet} SUPERUSER LOGIN PASSWORD '${password}'`,
      `ALTER ROLE ${quiet} SET client_min_messages = error`,
    ]);
    const opened = await postgres.open(
      { ...server, database, user: quiet, password },
      { access: 'ddl', timeoutMilliseconds: 10_000, hide: [] },
      never,
    );
    try {
      const pending = await beginWrite(opened, 'TRUNCATE person CASCADE', never);
      await pending.rollback();
      expect(pending.notes).toEqual([expect.stringContaining('table "child"')]);
    } finally {
      await opened.close();
      await runPostgres(server, [`DROP ROLE ${quiet}`]);
    }
  });
});
