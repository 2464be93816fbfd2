import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { refusalOf } from '../../src/database/refusals.ts';
import { mysqlEngine, mysqlServers } from '../support/mysql-engine.ts';
import { postgresEngine } from '../support/postgres-engine.ts';
import { sqliteEngine } from '../support/sqlite-engine.ts';
import { verdictOf } from '../support/statements.ts';
import type { Ground } from './contract.ts';

const never = new AbortController().signal;
const engines = [
  sqliteEngine,
  ...(inject('postgresUrl') === null ? [] : [postgresEngine(() => inject('postgresUrl'))]),
  ...mysqlServers()
    .filter(({ url }) => url !== null)
    .map(mysqlEngine),
];

const write = 'sqlq only reads unless you say --write.';
const ddl = 'sqlq only reads unless you say --write=ddl.';
const forbidden = 'sqlq never runs such a statement, with --write neither.';
const protection = 'would end the protection of this session.';

/** What is said of a statement, the hint, and the code that the run ends with. */
const words: readonly (readonly [sql: string, message: string, hint: string, code: string])[] = [
  ['SELEC 1', 'Syntax error near "SELEC" (line 1, column 1).', 'Did you mean SELECT?', 'refused'],
  [
    '-- why\n  slect id FROM orders',
    'Syntax error near "slect" (line 2, column 3).',
    'Did you mean SELECT?',
    'refused',
  ],
  ['DELTE FROM orders', 'Syntax error near "DELTE" (line 1, column 1).', 'Did you mean DELETE?', 'refused'],
  [
    'UDPATE orders SET id = 1',
    'Syntax error near "UDPATE" (line 1, column 1).',
    'Did you mean UPDATE?',
    'refused',
  ],
  ["SELECT 'a", 'Syntax error: a quote is not closed.', 'Check the SQL there.', 'refused'],
  ['SELECT 1 /* so', 'Syntax error: a comment is not closed.', 'Check the SQL there.', 'refused'],
  ['HELLO orders', 'Syntax error near "HELLO" (line 1, column 1).', 'Check the SQL there.', 'refused'],
  ['INSERT INTO orders (id) VALUES (2)', 'INSERT adds rows to orders.', write, 'refused'],
  ['UPDATE orders SET id = 2', 'UPDATE changes rows of orders.', write, 'refused'],
  ['DELETE FROM orders WHERE id = 1', 'DELETE removes rows of orders.', write, 'refused'],
  ['/* tidy */ delete from orders', 'DELETE removes rows of orders.', write, 'refused'],
  ['CREATE TABLE a (id INTEGER)', 'CREATE TABLE makes a table.', ddl, 'refused'],
  ['CREATE VIEW v AS SELECT id FROM orders', 'CREATE VIEW makes a view.', ddl, 'refused'],
  ['CREATE UNIQUE INDEX i ON orders (id)', 'CREATE INDEX makes an index.', ddl, 'refused'],
  ['ALTER TABLE orders ADD COLUMN b INTEGER', 'ALTER TABLE changes a table.', ddl, 'refused'],
  ['ALTER TABLE orders RENAME TO o', 'ALTER TABLE changes a table.', ddl, 'refused'],
  ['DROP TABLE orders', 'DROP TABLE deletes a table.', ddl, 'refused'],
  ['DROP VIEW IF EXISTS v', 'DROP VIEW deletes a view.', ddl, 'refused'],
  ['GRANT SELECT ON orders TO x', 'GRANT changes who may do what.', forbidden, 'refused'],
  ['REVOKE SELECT ON orders FROM x', 'REVOKE changes who may do what.', forbidden, 'refused'],
  ["ATTACH DATABASE 'x' AS y", 'ATTACH opens another database.', forbidden, 'refused'],
  [
    "COPY orders TO '/tmp/x'",
    'COPY moves data through files, programs or a second channel.',
    forbidden,
    'refused',
  ],
  ['SET x = 1', 'SET changes the session, and with it its protection.', forbidden, 'refused'],
  ['VACUUM', 'VACUUM rewrites tables, or writes a copy of them to a file.', forbidden, 'refused'],
  ['BEGIN', `BEGIN ${protection}`, forbidden, 'refused'],
  ['commit', `COMMIT ${protection}`, forbidden, 'refused'],
  ['ROLLBACK', `ROLLBACK ${protection}`, forbidden, 'refused'],
  ['SAVEPOINT a', `SAVEPOINT ${protection}`, forbidden, 'refused'],
  ['CALL p()', 'CALL runs a procedure, which may do anything.', forbidden, 'refused'],
  [
    'CREATE OR REPLACE FUNCTION f() RETURNS INTEGER RETURN 1',
    'CREATE FUNCTION brings in code.',
    forbidden,
    'refused',
  ],
  ['CREATE USER x', 'CREATE USER makes a role.', forbidden, 'refused'],
  ['DROP DATABASE x', 'DROP DATABASE deletes a database.', forbidden, 'refused'],
  ['PREPARE p FROM x', 'PREPARE changes the session, and with it its protection.', forbidden, 'refused'],
  ['LOCK TABLES orders READ', 'LOCK locks tables for everybody.', forbidden, 'refused'],
  ['KILL 1', 'KILL ends sessions.', forbidden, 'refused'],
  [
    'SELECT 1; DELETE FROM orders',
    'There is more than one statement, and only one can run.',
    forbidden,
    'refused',
  ],
  [' -- nothing\n', 'There is no statement.', forbidden, 'refused'],
];

describe.each(engines)('what $name says of a statement that it does not run', ({ create, adapter }) => {
  let ground: Ground;
  let database: Database;

  beforeAll(async () => {
    ground = await create(['CREATE TABLE orders (id INTEGER)', 'CREATE VIEW v AS SELECT id FROM orders']);
    database = await adapter.open(
      ground.target,
      { access: 'read', timeoutMilliseconds: 30_000, hide: [] },
      never,
    );
  });

  afterAll(async () => {
    await database?.close();
    await ground?.destroy();
  });

  it.each(words)('%j', async (sql, message, hint, code) => {
    const refusal = refusalOf(await verdictOf(database, sql, never));
    expect({ message: refusal.message, hint: refusal.hint, code: refusal.code }).toEqual({
      message,
      hint,
      code,
    });
  });
});
