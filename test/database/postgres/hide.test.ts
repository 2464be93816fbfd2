import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { hidePatterns } from '../../../src/database/pattern.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { beginWrite, planOf, query, verdictOf } from '../../support/statements.ts';
import {
  hiddenWorld,
  patterns,
  revealing,
  revealingChanges,
  unrevealing,
  unrevealingChanges,
} from './hidden-statements.ts';

const never = new AbortController().signal;

describe('patterns of hidden columns', () => {
  it.each([
    ['*.ssn', 'public', 'person', 'ssn', true],
    ['*.ssn', 'public', 'person', 'SSN', true],
    ['*.ssn', 'public', 'person', 'ssn2', false],
    ['users.password*', 'public', 'users', 'password_hash', true],
    ['users.password*', 'public', 'users2', 'password', false],
    ['hr.*.salary', 'hr', 'staff', 'salary', true],
    ['hr.*.salary', 'public', 'staff', 'salary', false],
    ['a.b', 'x', 'a', 'b', true],
    ['a+.b', 'x', 'aa', 'b', false],
  ])('%s: %s.%s.%s is %s', (pattern, schema, table, column, hidden) => {
    expect(hidePatterns([pattern]).hides(schema, table, column)).toBe(hidden);
  });
});

describe('hidden columns of PostgreSQL', () => {
  const database = uniquePostgresName('hide');
  let server: ServerTarget;
  let opened: Database;

  beforeAll(async () => {
    server = postgresTarget(inject('postgresUrl') ?? '');
    const target = { ...server, database };
    await runPostgres(server, [`CREATE DATABASE ${database}`]);
    await runPostgres(target, [
      'CREATE TABLE person (id int PRIMARY KEY, name text, ssn text)',
      "INSERT INTO person VALUES (1, 'Ada', 'SECRET-1')",
      'CREATE TABLE orders (id int PRIMARY KEY, person_id int REFERENCES person, ssn_of text)',
      'INSERT INTO orders VALUES (1, 1, NULL)',
      'CREATE VIEW plain AS SELECT id, name FROM person',
      'CREATE VIEW renamed AS SELECT id, ssn AS number FROM person',
      'CREATE VIEW whole AS SELECT p FROM person p',
      'CREATE VIEW filtered AS SELECT id FROM person WHERE ssn IS NOT NULL',
      'CREATE VIEW over AS SELECT id FROM renamed',
      'CREATE MATERIALIZED VIEW kept AS SELECT ssn AS kept_number FROM person',
      'CREATE TABLE part (id int, ssn text) PARTITION BY LIST (id)',
      'CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1)',
      'CREATE TABLE heir () INHERITS (person)',
      'CREATE FUNCTION reveal(int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT ssn FROM person WHERE id = $1 $$',
      'CREATE FUNCTION reveal_all() RETURNS SETOF person LANGUAGE sql STABLE AS $$ SELECT * FROM person $$',
      'CREATE FUNCTION double(int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT $1 * 2 $$',
      'ANALYZE',
    ]);
    opened = await postgres.open(
      target,
      { access: 'write', timeoutMilliseconds: 10_000, hide: ['person.ssn', 'part.ssn'] },
      never,
    );
  });
  afterAll(async () => {
    await opened?.close();
    await runPostgres(server, [`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`]);
  });

  const read = async (sql: string): Promise<string> => {
    let text = '';
    for await (const batch of (await query(opened, sql, { signal: never })).batches) {
      text += JSON.stringify(batch);
    }
    return text;
  };

  it.each([
    'SELECT ssn FROM person',
    'SELECT "ssn" FROM public."person"',
    'SELECT public.person.ssn FROM public.person',
    'SELECT p.ssn FROM person AS p',
    'SELECT * FROM person',
    'SELECT person.* FROM person',
    'SELECT public.person.* FROM person',
    'TABLE person',
    'TABLE ONLY person',
    'SELECT p FROM person p',
    'SELECT person FROM person',
    'SELECT p::text FROM person p',
    'SELECT (p).ssn FROM person p',
    'SELECT (p).* FROM person p',
    'SELECT row_to_json(p) FROM person p',
    'SELECT p.row_to_json FROM person p',
    'SELECT to_jsonb(person.*) FROM person',
    'SELECT count(p) FROM person p',
    'SELECT ROW(p.*) FROM person p',
    'SELECT array_agg(p) FROM person p',
    'SELECT p IS NULL FROM person p',
    'SELECT c FROM person AS p(a, b, c)',
    'SELECT x.c FROM (SELECT ssn FROM person) AS x(c)',
    'SELECT x.* FROM (SELECT * FROM person) AS x',
    'SELECT j.ssn FROM (person p JOIN orders o ON o.person_id = p.id) AS j',
    'SELECT j.* FROM (person p JOIN orders o ON o.person_id = p.id) AS j',
    'SELECT * FROM orders o JOIN person p ON p.id = o.person_id',
    'SELECT o.id FROM orders o, LATERAL (SELECT ssn FROM person p WHERE p.id = o.person_id) s',
    'SELECT a.id FROM person a NATURAL JOIN person b',
    'SELECT a.id FROM person a JOIN person b USING (ssn)',
    'SELECT id FROM person ORDER BY ssn',
    'SELECT id FROM person GROUP BY id, ssn',
    "SELECT id FROM person WHERE ssn LIKE 'S%'",
    'SELECT count(*) FILTER (WHERE ssn IS NULL) FROM person',
    'SELECT max(ssn) OVER () FROM person',
    'SELECT id FROM orders WHERE ssn_of = (SELECT ssn FROM person LIMIT 1)',
    'WITH p AS (SELECT * FROM person) SELECT name FROM p',
    'WITH p(a, b, c) AS (TABLE person) SELECT c FROM p',
    'SELECT name FROM person UNION ALL SELECT ssn FROM person',
    'VALUES ((SELECT ssn FROM person LIMIT 1))',
    'SELECT number FROM renamed',
    'SELECT id FROM renamed',
    'SELECT id FROM filtered',
    'SELECT p FROM whole',
    'SELECT id FROM over',
    'SELECT * FROM kept',
    'SELECT ssn FROM heir',
    'SELECT * FROM heir',
    'SELECT ssn FROM part_1',
    'SELECT * FROM part',
    'SELECT reveal(1)',
    'SELECT name FROM reveal_all()',
    "SELECT most_common_vals FROM pg_stats WHERE tablename = 'person'",
    'SELECT * FROM pg_statistic',
    'EXPLAIN ANALYZE SELECT id FROM person WHERE ssn > $$S$$',
    "SELECT query_to_xml('select * from person', true, false, '')",
    "SELECT jsonb_populate_record(p, '{}') FROM person p",
  ])('refuses %s', async (sql) => {
    expect((await verdictOf(opened, sql, never)).kind).toBe('forbidden');
    await expect(read(sql)).rejects.toMatchObject({ code: 'refused' });
  });

  it.each([
    'UPDATE person SET name = ssn',
    'UPDATE person SET name = name RETURNING *',
    'UPDATE person SET name = name RETURNING old.ssn',
    'UPDATE person SET name = name RETURNING WITH (NEW AS n) n.*',
    'DELETE FROM person RETURNING ssn',
    'INSERT INTO orders SELECT 7, id, ssn FROM person',
    "INSERT INTO person VALUES (1, 'x', 'y') ON CONFLICT (id) DO UPDATE SET name = person.ssn",
    'MERGE INTO orders o USING person p ON p.id = o.person_id WHEN MATCHED THEN UPDATE SET ssn_of = p.ssn',
  ])('refuses to write with it: %s', async (sql) => {
    expect((await verdictOf(opened, sql, never)).kind).toBe('forbidden');
    await expect(beginWrite(opened, sql, never)).rejects.toMatchObject({ code: 'refused' });
  });

  it.each([
    'SELECT id, name FROM person',
    'SELECT count(*) FROM person',
    'SELECT p.name, o.* FROM person p JOIN orders o ON o.person_id = p.id',
    'SELECT * FROM plain',
    'SELECT * FROM orders',
    'SELECT * FROM (SELECT id, name FROM person) p',
    'WITH p AS (SELECT id FROM person) SELECT * FROM p',
    'SELECT double(id) FROM person',
    'SELECT o.ssn_of FROM orders o, person p',
  ])('reads %s', async (sql) => {
    expect(await verdictOf(opened, sql, never)).toEqual({ kind: 'read', reason: null });
    expect(await read(sql)).not.toContain('SECRET');
  });

  it('keeps quiet about it in hints', async () => {
    const failure: unknown = await planOf(opened, 'SELECT ssm FROM person', never).catch(
      (error: unknown) => error,
    );
    expect(JSON.stringify(failure, ['message', 'hint', 'code'])).not.toMatch(/ssn/);
  });

  it('takes no values from it, nor through views', async () => {
    const columns = [
      { schema: 'public', table: 'person', column: 'ssn' },
      { schema: 'public', table: 'renamed', column: 'number' },
      { schema: 'public', table: 'person', column: 'name' },
    ];
    expect(await opened.distinctValues(columns, 10, never)).toEqual([null, null, ['Ada']]);
  });
});

describe('hidden columns and all that they may come out through', () => {
  const database = uniquePostgresName('hide_all');
  let server: ServerTarget;
  let opened: Database;

  beforeAll(async () => {
    server = postgresTarget(inject('postgresUrl') ?? '');
    const target = { ...server, database };
    await runPostgres(server, [`CREATE DATABASE ${database}`]);
    await runPostgres(target, hiddenWorld);
    const options = { access: 'ddl', timeoutMilliseconds: 10_000, hide: patterns } as const;
    opened = await postgres.open(target, options, never);
  });
  afterAll(async () => {
    await opened?.close();
    await runPostgres(server, [`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`]);
  });

  it.each([...revealing, ...revealingChanges])('refuses %s', async (sql) => {
    expect((await verdictOf(opened, sql, never)).kind).toBe('forbidden');
  });

  it.each(unrevealing)('reads %s', async (sql) => {
    expect(await verdictOf(opened, sql, never)).toEqual({ kind: 'read', reason: null });
    for await (const batch of (await query(opened, sql, { signal: never })).batches) {
      expect(`${batch}`).not.toMatch(/SECRET|424242/);
    }
  });

  it.each(unrevealingChanges)('changes by %s', async (sql) => {
    const pending = await beginWrite(opened, sql, never);
    await pending.rollback();
  });
});
