import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { messageForModel } from '../../../src/ask/prompt/privacy.ts';
import type { Database } from '../../../src/database/database.ts';
import { dialectOf } from '../../../src/database/engines.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import { SqlqError } from '../../../src/errors.ts';
import { postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { planOf, query } from '../../support/statements.ts';

const never = new AbortController().signal;
const secret = 'zxqsecret';

describe('what a model is told of an error of PostgreSQL', () => {
  const database = uniquePostgresName('messages');
  const server = postgresTarget(inject('postgresUrl') ?? '');
  let opened: Database;

  beforeAll(async () => {
    await runPostgres(server, [`CREATE DATABASE ${database}`]);
    await runPostgres({ ...server, database }, [
      'CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, placed date, note text)',
      `INSERT INTO orders VALUES (1, 1, '2024-01-01', '${secret} "id" x')`,
      `CREATE FUNCTION peek() RETURNS text LANGUAGE sql STABLE AS $$ SELECT note FROM orders LIMIT 1 $$`,
      `CREATE FUNCTION told() RETURNS integer LANGUAGE plpgsql STABLE AS
         $$ BEGIN RAISE EXCEPTION 'column "%" does not exist', peek() USING ERRCODE = '42703'; END $$`,
      `CREATE FUNCTION coded() RETURNS integer LANGUAGE plpgsql STABLE AS
         $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'ZXQSE'; END $$`,
      `ALTER DATABASE ${database} SET app.setting = '${secret}'`,
    ]);
    opened = await postgres.open(
      { ...server, database },
      { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
      never,
    );
  });
  afterAll(async () => {
    await opened?.close();
    await runPostgres(server, [`DROP DATABASE ${database} WITH (FORCE)`]);
  });

  async function told(sql: string, attempt: 'plan' | 'run' = 'plan'): Promise<string> {
    const error: unknown = await (attempt === 'plan'
      ? planOf(opened, sql, never)
      : query(opened, sql, { signal: never }).then(async ({ batches }) => {
          for await (const _batch of batches) {
          }
        })
    ).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof SqlqError)) {
      throw new Error(`${sql} did not fail`);
    }
    return messageForModel(error.message, error.engineCode, sql, dialectOf('postgres').messages);
  }

  it.each([
    ['SELECT nme FROM orders', 'column "nme" does not exist (line 1, at nme) (SQLSTATE 42703)'],
    ['SELECT o.nme FROM orders o', 'column o.nme does not exist (line 1, at o.nme) (SQLSTATE 42703)'],
    ['SELECT * FROM ordrs', 'relation "ordrs" does not exist (line 1, at ordrs) (SQLSTATE 42P01)'],
    [
      'SELECT x.id FROM orders o',
      'missing FROM-clause entry for table "x" (line 1, at x.id) (SQLSTATE 42P01)',
    ],
    [
      'SELECT customer_id, count(*) FROM orders',
      'column "orders.customer_id" must appear in the GROUP BY clause or be used in an aggregate function (line 1, at customer_id) (SQLSTATE 42803)',
    ],
    [
      'SELECT date_trunk(placed) FROM orders',
      'function date_trunk(date) does not exist (line 1, at date_trunk) (SQLSTATE 42883)',
    ],
    [
      'SELECT placed = 1 FROM orders',
      'operator does not exist: date = integer (line 1, at =) (SQLSTATE 42883)',
    ],
    [
      "SELECT * FROM orders WHERE id = 'abc'",
      `invalid input syntax for type integer: "abc" (line 1, at 'abc') (SQLSTATE 22P02)`,
    ],
    [
      "SELECT * FROM orders WHERE placed = '2024-13-45'",
      `date/time field value out of range: "2024-13-45" (line 1, at '2024-13-45') (SQLSTATE 22008)`,
    ],
    [
      'SELECT id FROM orders WHERE count(*) > 1',
      'aggregate functions are not allowed in WHERE (line 1, at count) (SQLSTATE 42803)',
    ],
    [
      'SELECT id FROM orders a JOIN orders b ON a.id = b.id',
      'column reference "id" is ambiguous (line 1, at id) (SQLSTATE 42702)',
    ],
    [
      'SELECT id, id FROM orders UNION SELECT id FROM orders',
      'each UNION query must have the same number of columns (line 1, at id) (SQLSTATE 42601)',
    ],
    [
      'SELECT id FROM orders UNION SELECT note FROM orders',
      'UNION types integer and text cannot be matched (line 1, at note) (SQLSTATE 42804)',
    ],
    ['SELECT 1/0', 'division by zero (SQLSTATE 22012)'],
    ['SELECT 300000::smallint', 'smallint out of range (SQLSTATE 22003)'],
    [
      'SELECT EXTRACT(fortnite FROM placed) FROM orders WHERE id = (SELECT 1)',
      // A unit may be computed, as in date_part(unit, placed): which of the statement's words it is stays here.
      'unit "…" not recognized for type date (SQLSTATE 22023)',
    ],
    [
      'SELECT rank() FROM orders',
      'window function rank requires an OVER clause (line 1, at rank) (SQLSTATE 42809)',
    ],
    [
      'SELECT DISTINCT id FROM orders ORDER BY note',
      'for SELECT DISTINCT, ORDER BY expressions must appear in select list (line 1, at note) (SQLSTATE 42P10)',
    ],
  ])('is what helps to mend it: %s', async (sql, text) => {
    const attempt = sql.includes('EXTRACT') ? 'run' : 'plan';
    expect(await told(sql, attempt)).toBe(text);
  });

  it.each([
    `SELECT 1 FROM orders WHERE id = ('x"' || pg_get_functiondef('peek'::regproc))::int`,
    'SELECT peek()::int',
    `SELECT ('"id" ' || peek())::int FROM orders`,
    'SELECT peek()::date',
    "SELECT ('{' || peek())::int[]",
    'SELECT peek()::json',
    'SELECT peek()::regclass',
    "SELECT ('x' || peek())::regtype",
    "SELECT to_date(peek(), 'YYYY-MM-DD')",
    'SELECT date_trunc(peek(), now())',
    'SELECT now() AT TIME ZONE peek()',
    "SELECT to_number(peek(), '999')",
    "SELECT encode('a', peek())",
    "SELECT regexp_replace('a', '(' || peek(), '')",
    'SELECT told()',
    'SELECT coded()',
    "SELECT ('x' || pg_get_viewdef('pg_tables'::regclass) || peek())::uuid",
  ])('holds no data: %s', async (sql) => {
    for (const attempt of ['plan', 'run'] as const) {
      const text = await told(sql, attempt).catch((error: unknown) => {
        // Some fail only when they run.
        if (attempt === 'plan' && error instanceof Error) {
          return error.message.replace(sql, '');
        }
        throw error;
      });
      expect(text.toLowerCase()).not.toContain('zxq');
      expect(text).not.toMatch(/SELECT note|schemaname/);
    }
  });

  // A model that writes words into its statement must not hear which of them a row has chosen.
  const chosen = (first: string, other: string): string =>
    `(SELECT CASE WHEN note LIKE 'z%' THEN '${first}' ELSE '${other}' END FROM orders)`;
  const words = "'ada' AS ada, 'bob' AS bob";
  it.each([
    `SELECT has_column_privilege('orders', ${chosen('ada', 'bob')}, 'select'), ${words}`,
    `SELECT pg_get_serial_sequence('orders', ${chosen('ada', 'bob')}), ${words}`,
    `SELECT ${chosen('int4 ada x', 'int4 bob x')}::regtype, ${words}`,
    `SELECT to_regtype(${chosen('int4 ada x', 'int4 bob x')}), ${words}`,
    `SELECT ${chosen('ada(3)', 'bob(3)').replaceAll('ada', 'text')}::regtype, ${words}`,
    `SELECT ${chosen('integer', 'text')}::regoper, ${words}`,
    `SELECT ${chosen('integer (line 1, at ada)', 'text (line 1, at bob)')}::regoper, ${words}`,
    `SELECT ${chosen('ada (line 1, at ada)', 'bob')}::regclass, ${words}`,
    `SELECT (SELECT repeat(' ', 65 + id) || ')' FROM orders)::regtype, ${words}`,
    `SELECT make_date(10, 13, (SELECT 41 + id FROM orders)), ${words}`,
  ])('tells of no computed word, place or number: %s', async (sql) => {
    const text = await told(sql, 'run');
    expect(text).not.toMatch(/ada|text|integer|line|42\b/u);
  });
});
