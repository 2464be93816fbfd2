import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageForModel } from '../../../src/ask/prompt/privacy.ts';
import type { Database } from '../../../src/database/database.ts';
import { duckdb } from '../../../src/database/duckdb/connect.ts';
import { duckdbMessages } from '../../../src/database/duckdb/messages.ts';
import { SqlqError } from '../../../src/errors.ts';
import { createDuckdbWorld, type DuckdbWorld } from '../../support/duckdb-world.ts';
import { query } from '../../support/statements.ts';

const never = new AbortController().signal;
/** What the model has been told of the schema. */
const names = ['people', 'name', 'age', 'born', 'orders', 'total'];
/** What every value holds. */
const canary = /secret|778231/;

let world: DuckdbWorld;
let database: Database;

beforeAll(async () => {
  world = await createDuckdbWorld(`
CREATE TYPE rank AS ENUM ('secret-rank');
CREATE TABLE people (name VARCHAR, age INTEGER, born DATE, note JSON, grade rank, home STRUCT(town VARCHAR));
CREATE TABLE orders (name VARCHAR, total DOUBLE);
INSERT INTO people VALUES ('secret-1', 778231, '2001-01-01', '{"a": "secret"}', 'secret-rank', {'town': 'secret'});
INSERT INTO orders VALUES ('secret-2', 778231);
`);
  database = await duckdb.open(
    { engine: 'duckdb', path: world.path },
    { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
    never,
  );
});
afterAll(async () => {
  await database?.close();
  world?.destroy();
});

async function told(sql: string): Promise<string> {
  try {
    for await (const _batch of (await query(database, sql, { signal: never })).batches) {
    }
  } catch (error) {
    if (error instanceof SqlqError && error.code === 'failed') {
      return messageForModel(error.message, error.engineCode, sql, duckdbMessages, names);
    }
    throw error;
  }
  throw new Error(`${sql} did not fail`);
}

describe('what a model is told of an error of DuckDB', () => {
  it.each([
    ['SELECT nme FROM people', 'Referenced column "nme" not found in FROM clause!\nCandidate bindings: …'],
    [
      'SELECT totl FROM orders',
      'Referenced column "totl" not found in FROM clause!\nCandidate bindings: "total"',
    ],
    ['SELECT * FROM poeple', 'Table with name poeple does not exist!\nDid you mean "people"?'],
    ['SELECT p.age FROM people', 'Referenced table "p" not found!\nCandidate tables: "people"'],
    [
      'SELECT name FROM people, orders',
      'Ambiguous reference to column name "name" (use: "people.name" or "orders.name")',
    ],
    ['SELECT name, count(*) FROM people', /^column "name" must appear in the GROUP BY clause/],
    [
      'SELECT sum(name) FROM people',
      "No function matches the given name and argument types 'sum(VARCHAR)'. You might need to add explicit type casts.",
    ],
    [
      'SELECT name + 1 FROM people',
      "No function matches the given name and argument types '+(VARCHAR, INTEGER_LITERAL)'. You might need to add explicit type casts.",
    ],
    ['SELECT age FROM people ORDER BY 5', 'ORDER term out of range - should be between 1 and 1'],
    ['SELECT ln(-age) FROM people', 'cannot take logarithm of a negative number'],
    ['SELECT (SELECT age FROM people, range(2))', /^More than one row returned by a subquery/],
    [
      "SELECT name::INTEGER, 'secret-1' FROM people",
      "Could not convert string '…' to INT32 when casting from source column name",
    ],
    ['SELECT age + 2147483647 FROM people', 'Overflow in addition of INT32 (… + …)!'],
    [
      'SELECT name::DATE FROM people',
      'invalid date field format: "…", expected format is (YYYY-MM-DD) when casting from source column name',
    ],
  ])('%s', async (sql, wanted) => {
    expect(await told(sql)).toEqual(typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));
  });

  it.each([
    "SELECT name::TIMESTAMP, 'secret-1' FROM people",
    'SELECT name::UUID FROM people',
    'SELECT name::INTEGER[] FROM people',
    'SELECT name::BOOLEAN FROM people',
    'SELECT name::INTERVAL FROM people',
    'SELECT name::JSON FROM people',
    'SELECT age::TINYINT FROM people',
    'SELECT age::DECIMAL(4, 2) FROM people',
    'SELECT total::TINYINT FROM orders',
    "SELECT strptime(name, '%Y') FROM people",
    'SELECT date_trunc(name, born) FROM people',
    'SELECT date_part(name, born) FROM people',
    "SELECT regexp_matches('x', name || '(') FROM people",
    'SELECT json_extract(note, name) FROM people',
    'SELECT timezone(name, now()) FROM people',
    'SELECT make_date(2024, 13, age) FROM people',
    'SELECT from_base64(name) FROM people',
    'SELECT unhex(name) FROM people',
    'SELECT repeat(name, 1000000000) FROM people',
    'SELECT format(name, 1) FROM people',
    "SELECT format('{' || name || '}', 1) FROM people",
    'SELECT printf(name, 1) FROM people',
    "SELECT strftime(born, '%' || name) FROM people",
    'SELECT list_aggregate([1], name) FROM people',
    'SELECT grade + 1 FROM people',
    "SELECT 'x'::rank",
    'SELECT chr(age * 1000) FROM people',
    'SELECT array_value(1, 2)::INTEGER[1] FROM people',
    'SELECT json_transform(note, name) FROM people',
    'SELECT (name)::STRUCT(a INTEGER) FROM people',
    'SELECT age::VARCHAR::DATE FROM people',
    'SELECT * FROM range(1, (SELECT name::INTEGER FROM people))',
    'SELECT bitstring(name, 3) FROM people',
    'SELECT name::BIT FROM people',
    'SELECT name COLLATE secret_1 FROM people',
    'SELECT to_base(age, 99) FROM people',
    'SELECT * FROM people LIMIT (SELECT -age FROM people)',
    'SELECT factorial(age) FROM people',
  ])('tells no value: %s', async (sql) => {
    const text = await told(sql).catch((error: unknown) => {
      // What the guard refuses, or what runs after all, tells nothing either.
      if (error instanceof Error && /did not fail|refused|understood|trusted/.test(`${error.message}`)) {
        return '';
      }
      throw error;
    });
    expect(text.replaceAll('secret_1', '')).not.toMatch(canary);
  });
});
