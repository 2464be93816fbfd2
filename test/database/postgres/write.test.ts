import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Access, Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';

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
  ])('counts what changes, by triggers and cascades too: %s', async (sql, counts) => {
    const pending = await writer.beginWrite(sql, never);
    expect(Object.fromEntries(pending.changes.map(({ table, rows }) => [table, rows]))).toEqual(counts);
    await pending.rollback();
  });

  it.each([
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
    expect((await maker.judge(sql, never)).kind).toBe('forbidden');
    await expect(maker.beginWrite(sql, never)).rejects.toMatchObject({ code: 'refused' });
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
    expect((await maker.judge(sql, never)).kind).toBe('ddl');
    await expect(writer.beginWrite(sql, never)).rejects.toMatchObject({ code: 'refused' });
    const before = await maker.fingerprint(never);
    const pending = await maker.beginWrite(sql, never);
    expect(pending.committed).toBe(false);
    await pending.rollback();
    expect(await maker.fingerprint(never)).toBe(before);
  });
});
