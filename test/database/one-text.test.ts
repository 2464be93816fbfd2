import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdmittedStatement, type Parameter } from '../../src/database/admitted-statement.ts';
import type { Database } from '../../src/database/database.ts';
import { SqlqError } from '../../src/errors.ts';
import { duckdbEngine } from '../support/duckdb-engine.ts';
import { mysqlEngine, mysqlServers } from '../support/mysql-engine.ts';
import { postgresEngine } from '../support/postgres-engine.ts';
import { sqliteEngine } from '../support/sqlite-engine.ts';
import { planOf, query, verdictOf } from '../support/statements.ts';
import type { Ground } from './contract.ts';

const never = new AbortController().signal;
const text = (name: string, value: string): Parameter => ({ name, value, type: 'text' });

/** Values that would begin or end a comment, a text or a statement, were they ever a part of one. */
const values = [
  '*/ SELECT 1 --',
  '/*',
  '*/',
  '--',
  '-- ',
  '#',
  "'",
  "''",
  '"',
  '`',
  '\\',
  "\\'",
  '$$',
  '$q$',
  ';',
  '\n',
  '/*!',
  '/*+ ',
  ':a',
  '?',
  '$1',
  'x',
  '',
];

/** Pieces of statements in which an engine and a careless reader may see other placeholders. */
const pieces = [
  ':a',
  ':b',
  ':a::text',
  '/*',
  '*/',
  '/* /* */',
  '-- ',
  '--',
  '#',
  '\n',
  '\r',
  "'",
  "''",
  '"',
  '`',
  '[',
  ']',
  '\\',
  "E'",
  '$$',
  '$q$',
  "U&'",
  "N'",
  "x'",
  '/*!',
  '/*+',
  ' ',
  ',',
  '1',
  'a',
  '(',
  ')',
  '||',
  '-',
  '?',
  '$1',
];

const engines = [
  { engine: sqliteEngine, available: () => true, hostile: "load_extension('/tmp/x')" },
  { engine: duckdbEngine, available: () => true, hostile: "read_text('/etc/hostname')" },
  {
    engine: postgresEngine(() => inject('postgresUrl')),
    available: () => inject('postgresUrl') !== null,
    hostile: "pg_read_file('/etc/hostname')",
  },
  ...mysqlServers().map((server) => ({
    engine: mysqlEngine(server),
    available: () => server.url !== null,
    hostile: "load_file('/etc/hostname')",
  })),
];

describe.each(engines)('what is judged is what runs: $engine.name', ({ engine, available, hostile }) => {
  let ground: Ground;
  let database: Database;

  beforeAll(async () => {
    if (!available()) {
      return;
    }
    ground = await engine.create(['CREATE TABLE t (a VARCHAR(40))', "INSERT INTO t VALUES ('x'), ('y')"]);
    database = await engine.adapter.open(
      ground.target,
      { access: 'read', timeoutMilliseconds: 30_000, hide: [] },
      never,
    );
  });
  afterAll(async () => {
    await database?.close();
    await ground?.destroy();
  });

  const attacks = [
    `/* /* */ :n */ SELECT ${hostile}, :n`,
    `SELECT 1 /* /* */ :n */, ${hostile}, :n`,
    `SELECT 1 -- :n\n, ${hostile}`,
    `SELECT 1 --:n\n, ${hostile}`,
    `SELECT :n # :n\n, ${hostile}`,
    `SELECT ':n', ${hostile}, :n`,
    `SELECT ':n\\', ${hostile}, ':n'`,
    `SELECT E':n\\'', ${hostile}, :n, ''`,
    `SELECT $$:n$$, ${hostile}, :n`,
    `SELECT ":n", ${hostile}, :n`,
    `SELECT \`:n\`, ${hostile}, :n`,
    `SELECT /*! :n */ ${hostile}`,
    `SELECT /*+ :n */ ${hostile}`,
    `SELECT :n; SELECT ${hostile}`,
    `SELECT :n UNION SELECT ${hostile}`,
  ];

  it.runIf(available()).each(attacks)('runs no hidden call of %j', async (sql) => {
    for (const value of values) {
      const cells: unknown[] = [];
      const run = async (): Promise<void> => {
        const result = await query(database, sql, { signal: never }, [text('n', value)]);
        for await (const batch of result.batches) {
          cells.push(...batch.flat());
        }
      };
      await run().catch((error: unknown) => expect(error, value).toBeInstanceOf(SqlqError));
      // The call between quotes or in a comment is harmless, and may come back as the text that it is.
      const strange = cells.filter(
        (cell) => !['', ':n', '1', value].includes(String(cell)) && !String(cell).includes(hostile),
      );
      expect(strange, value).toEqual([]);
    }
  });

  it.runIf(available())('binds values in the text that was judged', async () => {
    const sql = "SELECT a, :n AS n FROM t WHERE a = :n /* :n */ AND ':n' <> a";
    const { statement } = await database.admit(sql, [text('n', "x' OR 1=1 --")], never);
    expect(statement?.text).toMatch(
      /^SELECT a, (?:\$1|\?|:n) AS n FROM t WHERE a = (?:\$1|\?|:n) \/\* :n \*\//,
    );
    expect(statement?.values.map(({ value }) => value)).toContain("x' OR 1=1 --");
    const result = await query(database, sql, { signal: never }, [text('n', 'x')]);
    const rows = [];
    for await (const batch of result.batches) {
      rows.push(...batch);
    }
    expect(rows).toEqual([['x', 'x']]);
    const plan = await planOf(database, sql, never, [text('n', 'x')]);
    expect(plan.tables).toEqual(['t']);
    expect(plan.columns.map(({ name }) => name)).toEqual(['a', 'n']);
  });

  it.runIf(available())('has no value for a placeholder that nobody gave', async () => {
    for (const sql of ['SELECT :a', 'SELECT ?', 'SELECT :n, :a', 'SELECT :n, ?']) {
      expect((await verdictOf(database, sql, never)).kind, sql).toBe('forbidden');
      expect((await verdictOf(database, sql, never, [text('n', 'x')])).kind, sql).toBe('forbidden');
    }
    await expect(
      database.admit('SELECT :n', [{ name: 'n', value: '1; DROP TABLE t', type: 'integer' }], never),
    ).rejects.toMatchObject({ code: 'usage' });
  });

  it.runIf(available())(
    'judges and runs one text, whatever the values are',
    async () => {
      const piece = fc.constantFrom(...pieces);
      const value = fc.oneof(fc.constantFrom(...values), fc.string({ unit: 'grapheme', maxLength: 8 }));
      await fc.assert(
        fc.asyncProperty(fc.array(piece, { maxLength: 12 }), value, value, async (parts, one, other) => {
          const sql = `SELECT ${parts.join('')}`;
          const admit = (a: string, b: string) => database.admit(sql, [text('a', a), text('b', b)], never);
          const [first, second] = [await admit(one, other), await admit('x', 'y')];
          expect(first.verdict).toEqual(second.verdict);
          expect(first.statement?.text).toBe(second.statement?.text);
          if (first.statement !== null && !/:[ab]/.test(sql)) {
            expect(first.statement.text).toBe(sql);
          }
        }),
        { numRuns: 600 },
      );
    },
    120_000,
  );
});

it('nothing that only looks like an admitted statement has a text', () => {
  const fake: AdmittedStatement = Object.create(AdmittedStatement.prototype);
  expect(() => fake.text).toThrow(TypeError);
});
