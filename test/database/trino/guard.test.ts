import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../../src/database/admitted-statement.ts';
import { hidePatterns } from '../../../src/database/pattern.ts';
import { guardOf } from '../../../src/database/trino/guard/admit.ts';
import type { GuardContext } from '../../../src/database/trino/guard/context.ts';
import { guardStatement } from '../../../src/database/trino/guard/guard.ts';
import { hostileCases } from '../../support/hostile.ts';

/** What the server would tell: columns and texts of views, as rows of information_schema. */
interface World {
  readonly views?: Readonly<Record<string, string>>;
  readonly columns?: Readonly<Record<string, readonly string[]>>;
  readonly reads?: string;
}

function contextOf({ views = {}, columns = {}, reads = '{}' }: World = {}): GuardContext {
  const split = (name: string): readonly [string, string] => {
    const [schema = '', table = ''] = name.split('.');
    return [schema, table];
  };
  return {
    home: { catalog: 'memory', schema: 'app' },
    catalogs: new Map([
      ['memory', 'memory'],
      ['tpch', 'tpch'],
      ['system', 'system'],
      ['jmx', 'jmx'],
      ['postgresql', 'postgresql'],
    ]),
    async rows(sql) {
      if (sql.startsWith('EXPLAIN')) {
        return [[reads]];
      }
      const isAsked = (name: string): boolean => {
        const [schema, table] = split(name);
        return sql.includes(`'${schema}'`) && sql.includes(`'${table}'`);
      };
      return sql.includes('.views')
        ? Object.entries(views)
            .filter(([name]) => isAsked(name))
            .map(([name, text]) => [...split(name), text])
        : Object.entries(columns)
            .filter(([name]) => isAsked(name))
            .flatMap(([name, own]) => own.map((column) => [...split(name), column]));
    },
  };
}

const hostileViews = {
  'app.spies': 'SELECT query_id, query FROM system.runtime.queries',
  'app.fails': 'SELECT CAST(fail(name) AS BIGINT) failure FROM memory.app.customers',
  'app.big_orders': 'SELECT id, customer_id, total FROM memory.app.orders WHERE (total > 5)',
};

const verdictOn = async (sql: string, world: World = {}, hide: readonly string[] = []) =>
  (await guardStatement(sql, contextOf(world), hidePatterns(hide))).verdict;

describe('the corpus, without a server', () => {
  it.each(hostileCases('trino'))('$id $expect: $why', async ({ sql, expect: wanted }) => {
    const verdict = await verdictOn(sql, { views: hostileViews });
    if (wanted === 'allow') {
      expect(verdict).toEqual({ kind: 'read', reason: null });
    } else {
      expect(verdict.kind).not.toBe('read');
      expect(verdict.reason).toMatch(/\S.*\.$/su);
    }
  });
});

describe('words of refusal', () => {
  it.each([
    ["SELECT fail('x')", 'The function fail is not on the list of harmless ones.'],
    ['SELECT * FROM system.runtime.queries', 'system.runtime.queries shows what others do on this server.'],
    [
      'SELECT * FROM "t$files"',
      '"t$files" tells of how a table is kept: its files, its settings, its history.',
    ],
    ['SELECT * FROM jmx.current.x', "jmx.current.x shows the server's own settings and memory."],
    [
      'SELECT * FROM spies',
      "The view spies can't be read: system.runtime.queries shows what others do on this server.",
    ],
    ['EXPLAIN ANALYZE SELECT 1', 'EXPLAIN ANALYZE runs the statement.'],
    ['SELECT `a` FROM t', 'Names stand between double quotes in Trino, not between backticks.'],
    ['INSERT INTO t VALUES (1)', 'INSERT adds rows to t.'],
    ['CREATE TABLE t (a bigint)', 'CREATE TABLE makes a table.'],
    ['CREATE CATALOG x USING memory', 'CREATE makes what is more than a table.'],
    ['SELECT 1; SELECT 2', 'There is more than one statement, and only one can run.'],
    ['SELECT * FROM a.b.c.d', "a.b.c.d has more parts than a table's name has."],
    ['SELECT a FROM t WHERE (b = 1', 'Syntax error at the end.'],
    ['SELECT a FROM t WERE b = 1', 'Syntax error near "b" (line 1, column 22).'],
    ['SELECT a FORM t', 'Syntax error near "t" (line 1, column 15).'],
    ['SELECT a FROM t WHERE b IN (SELECT c FROM d WHERE e = )', 'Syntax error near ")" (line 1, column 55).'],
  ])('%s', async (sql, reason) => {
    expect((await verdictOn(sql, { views: hostileViews })).reason).toBe(reason);
  });

  it('says what a name lacks where the address says no home', async () => {
    const context = { ...contextOf(), home: { catalog: null, schema: null } };
    const { verdict } = await guardStatement('SELECT * FROM t', context, hidePatterns([]));
    expect(verdict.reason).toBe('t needs its catalog and schema before it: catalog.schema.t.');
  });
});

describe('values of saved questions', () => {
  const admit = (sql: string, values: Readonly<Record<string, string>>, type: Parameter['type'] = 'text') =>
    guardOf(['read'], hidePatterns([])).admit(
      sql,
      Object.entries(values).map(([name, value]) => ({ name, value, type })),
      contextOf(),
    );

  it.each([
    ['SELECT :a', "'x'' OR 1=1 --'", "x' OR 1=1 --"],
    ["SELECT 'it' || :a", "'''; DROP TABLE t'", "'; DROP TABLE t"],
    ['SELECT x FROM customers WHERE name=:a', "'*/ fail(1) /*'", '*/ fail(1) /*'],
  ])('%s holds a text as one literal', async (sql, literal, value) => {
    const { statement } = await admit(sql, { a: value });
    expect(statement?.text.replaceAll(/\s+/gu, ' ').trim()).toBe(
      sql.replace(':a', ` ${literal} `).replaceAll(/\s+/gu, ' ').trim(),
    );
    expect(statement?.values).toEqual([]);
  });

  it('runs into no quote, name or sign', async () => {
    expect((await admit("SELECT 'a':a", { a: 'b' })).statement).toBeNull();
    expect((await admit('SELECT 1-:a', { a: '-1' }, 'integer')).statement?.text.trim()).toBe(
      'SELECT 1- (-1)',
    );
    expect((await admit('SELECT U&:a', { a: 'b' })).statement).toBeNull();
    // A comment and a text keep what is written in them.
    expect((await admit("SELECT ':a' /* :a */ -- :a", { a: 'b' })).statement?.text).toBe(
      "SELECT ':a' /* :a */ -- :a",
    );
  });

  it('refuses a number that is none, and a name without a value', async () => {
    await expect(admit('SELECT :a', { a: '1; DROP' }, 'number')).rejects.toMatchObject({ code: 'usage' });
    expect((await admit('SELECT :b', { a: '1' })).verdict.reason).toBe('A parameter (:b) has no value here.');
  });

  it('is judged with the values in place, whatever they are', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (value) => {
        const { statement, verdict } = await admit('SELECT id FROM customers WHERE name = :a', { a: value });
        if (value.includes('\0')) {
          expect(statement).toBeNull();
        } else {
          expect(verdict.kind).toBe('read');
          expect(statement?.text).toBe(
            `SELECT id FROM customers WHERE name =  '${value.replaceAll("'", "''")}' `,
          );
        }
      }),
      { numRuns: 300 },
    ));

  it('runs without the semicolons that the server does not take', async () => {
    expect((await admit(' ; SELECT 1 ; -- done', {})).statement?.text).toBe('SELECT 1');
    expect((await admit('SELECT 1 -- done', {})).statement?.text).toBe('SELECT 1 -- done');
  });
});

describe('hidden columns', () => {
  const world: World = {
    columns: {
      'app.person': ['id', 'name', 'ssn'],
      'app.author': ['id', 'name'],
      'app.everybody': ['id', 'name', 'number'],
      'app.names': ['id', 'name'],
    },
    views: {
      'app.everybody': 'SELECT id, name, ssn number FROM memory.app.person',
      'app.names': 'SELECT id, name FROM memory.app.person',
      'app.elsewhere': 'SELECT id, name FROM person',
    },
    reads: JSON.stringify({
      inputTableColumnInfos: [
        { table: { catalog: 'memory', schemaTable: { schema: 'app', table: 'person' } } },
      ],
    }),
  };
  const judge = async (sql: string) =>
    (await guardOf(['read'], hidePatterns(['person.ssn'])).admit(sql, [], contextOf(world))).verdict;

  it.each([
    'SELECT ssn FROM person',
    'SELECT "SSN" FROM person',
    'SELECT p.ssn FROM memory.app.person p',
    'SELECT * FROM person',
    'SELECT p.* FROM person p',
    'TABLE person',
    'SELECT a FROM person AS p (a, b, c)',
    'SELECT id FROM person NATURAL JOIN author',
    'SELECT a.id FROM person a JOIN person b USING (ssn)',
    'SELECT id FROM person ORDER BY ssn',
    'SELECT count(*) FILTER (WHERE ssn IS NULL) FROM person',
    'SELECT 1 FROM author a WHERE EXISTS (SELECT 1 FROM person p WHERE p.ssn = a.name)',
    'SELECT row_number() OVER (PARTITION BY ssn) FROM person',
    'SELECT transform(ARRAY[1], x -> ssn) FROM person',
    'WITH p AS (SELECT * FROM person) SELECT id FROM p',
    'SELECT number FROM everybody',
    'SELECT id FROM everybody',
    'DESCRIBE person',
    'SHOW COLUMNS FROM person',
    'SHOW STATS FOR person',
    'SHOW CREATE TABLE person',
    'EXPLAIN SELECT ssn FROM person',
  ])('refuses %s', async (sql) => {
    expect(await judge(sql)).toMatchObject({ kind: 'forbidden', reason: expect.stringMatching(/hidden/u) });
  });

  it.each([
    'SELECT id, name FROM person',
    'SELECT count(*) FROM person',
    'SELECT * FROM author',
    'SELECT name FROM names',
    'SELECT a.name FROM author a JOIN person p ON p.id = a.id',
    'SELECT id AS ssn FROM person',
  ])('reads %s', async (sql) => {
    expect(await judge(sql)).toEqual({ kind: 'read', reason: null });
  });

  it('asks the server what a view reads whose names may mean tables of another schema', async () => {
    const elsewhere = {
      ...world,
      reads: JSON.stringify({
        inputTableColumnInfos: [
          { table: { catalog: 'memory', schemaTable: { schema: 'other', table: 'person' } } },
        ],
      }),
    };
    const guard = guardOf(['read'], hidePatterns(['person.ssn']));
    const { verdict, statement } = await guard.admit('SELECT name FROM names', [], contextOf(elsewhere));
    expect(statement).toBeNull();
    expect(verdict.reason).toBe('It reads memory.other.person, which may have hidden columns.');
  });
});

describe('the reader', () => {
  it('ends soon, whatever it is given', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            ...`SELECT FROM WHERE ( ( ( ) ) , . * WITH AS x y "q" 'text' 1 1.5 JOIN ON UNION VALUES TABLE CASE WHEN END NOT IN EXISTS
            -> => [ ] ROW ARRAY CAST INTERVAL DAY OVER FILTER fail ; -- /* */ ' "`.split(/\s+/u),
          ),
          { maxLength: 60 },
        ),
        async (words) => {
          const start = performance.now();
          const { kind } = await verdictOn(words.join(' '));
          expect(['read', 'write', 'ddl', 'forbidden', 'syntax']).toContain(kind);
          expect(performance.now() - start).toBeLessThan(1000);
        },
      ),
      { numRuns: 2000 },
    ));

  it('refuses what is nested too deep, and does not break', async () => {
    for (const depth of [50, 1000, 20_000]) {
      const sql = `SELECT ${'('.repeat(depth)}1${')'.repeat(depth)}`;
      expect((await verdictOn(sql)).kind).toBe(depth === 50 ? 'read' : 'forbidden');
      const query = `${'SELECT * FROM ('.repeat(depth)}SELECT 1${')'.repeat(depth)}`;
      expect((await verdictOn(query)).kind).toBe(depth === 50 ? 'read' : 'forbidden');
    }
  });
});
