import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Access,
  Adapter,
  Database,
  Result,
  Row,
  SchemaFilter,
  Value,
} from '../../src/database/database.ts';
import type { Target } from '../../src/database/target.ts';
import type { Schema, Table } from '../../src/schema/schema.ts';
import { readCsv } from '../support/csv-text.ts';
import { beginWrite, planOf, query, queryCsv, verdictOf } from '../support/statements.ts';

/** A database that holds what the suite's set-up made, and a way to change it behind the adapter's back. */
export interface Ground {
  readonly target: Target;
  /** Runs one statement as the tables' owner, over a connection of its own. */
  execute(sql: string): Promise<void>;
  destroy(): Promise<void>;
}

/** What an engine gives the suite. All that the engines do alike is the suite's own. */
export interface ContractEngine {
  /** The name of the block of tests. */
  readonly name: string;
  readonly adapter: Adapter;
  /** Makes a new database and runs these statements in it. */
  create(statements: readonly string[]): Promise<Ground>;
  /** An identifier between this engine's quotes. */
  quote(identifier: string): string;
  /** The schema in which unprefixed tables land, as `introspect` names it. */
  schema(target: Target): string;
  /** Creates table `commented (id, note)`, the table's comment `All our notes`, the column's `Written by hand`. */
  readonly commented: readonly string[];
  /** Expressions of this engine and the value that each must give, to the digit. */
  readonly exact: readonly { readonly expression: string; readonly value: unknown }[];
  /**
   * A reading statement that runs for hours, where the adapter can end one that runs; null where only the death of
   * the process that hosts it can.
   */
  readonly endless: string | null;
  /** What the engine has none of, so that there is nothing to test: keys and checks, defaults, or writing on purpose. */
  readonly lacks?: readonly ('keys' | 'defaults' | 'writing')[];
  /** What becomes of a quoted name where the engine folds those too. */
  readonly fold?: (name: string) => string;
  /** How its versions look; as `15.18` where it is left out. */
  readonly version?: RegExp;
}

const odd = {
  table: 'Mixed "Case" `tick` Tåble',
  columns: ['select', 'with space', 'quote"inside', 'back`tick', '名前', 'semi;colon'],
};
const seriesLength = 5000;

function setUp({ quote, commented }: ContractEngine): string[] {
  const series = Array.from({ length: seriesLength / 1000 }, (_, block) =>
    Array.from({ length: 1000 }, (_, offset) => `(${block * 1000 + offset + 1})`).join(','),
  );
  return [
    'CREATE TABLE author (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL UNIQUE, born DATE)',
    `CREATE TABLE book (id INTEGER NOT NULL PRIMARY KEY, author_id INTEGER NOT NULL, title VARCHAR(100) DEFAULT 'untitled',
       price DECIMAL(12,2), CHECK (price >= 0), FOREIGN KEY (author_id) REFERENCES author (id))`,
    `CREATE TABLE edition (book_id INTEGER NOT NULL, nr INTEGER NOT NULL, PRIMARY KEY (book_id, nr),
       FOREIGN KEY (book_id) REFERENCES book (id))`,
    `CREATE TABLE printing (id INTEGER NOT NULL PRIMARY KEY, book_id INTEGER, nr INTEGER,
       FOREIGN KEY (book_id, nr) REFERENCES edition (book_id, nr))`,
    `CREATE TABLE node (id INTEGER NOT NULL PRIMARY KEY, parent_id INTEGER, side VARCHAR(10), pos INTEGER, UNIQUE (side, pos),
       FOREIGN KEY (parent_id) REFERENCES node (id))`,
    'CREATE TABLE series (n INTEGER NOT NULL PRIMARY KEY)',
    'CREATE TABLE person (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100), ssn VARCHAR(100))',
    `CREATE TABLE ${quote(odd.table)} (${odd.columns.map((name) => `${quote(name)} INTEGER`).join(', ')})`,
    'CREATE VIEW dear_book AS SELECT id, title, price FROM book WHERE price > 10',
    'CREATE VIEW everybody AS SELECT * FROM person',
    "INSERT INTO author VALUES (1, 'Ada', '1815-12-10'), (2, 'Zoë', NULL), (3, 'O''Hara', '1905-01-31')",
    "INSERT INTO book VALUES (1, 1, 'Notes', 12.50), (2, 1, 'More notes', 0.10), (3, 2, '', NULL)",
    'INSERT INTO edition VALUES (1, 1), (1, 2)',
    'INSERT INTO printing VALUES (1, 1, 2)',
    "INSERT INTO node VALUES (1, NULL, 'left', 1)",
    "INSERT INTO node VALUES (2, 1, 'right', 1)",
    "INSERT INTO person VALUES (1, 'Ada', 'secret-ssn')",
    `INSERT INTO ${quote(odd.table)} VALUES (1, 2, 3, 4, 5, 6)`,
    ...series.map((values) => `INSERT INTO series VALUES ${values}`),
    ...commented,
  ];
}

const never = new AbortController().signal;
const everything = { schemas: [], include: [], exclude: [] };

/** The integers of SQLite come as bigint. */
const plain = (value: Value): Value =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;

async function allRows(result: Result): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of result.batches) {
    rows.push(...batch.map((row) => row.map(plain)));
  }
  return rows;
}

function tableOf(schema: Schema, name: string): Table {
  const table = schema.tables.find((candidate) => candidate.name === name);
  if (table === undefined) {
    throw new Error(`introspect left out ${name}`);
  }
  return table;
}

/** The one suite that every adapter passes. */
export function describeContract(engine: ContractEngine): void {
  const has = (what: 'keys' | 'defaults' | 'writing'): boolean => engine.lacks?.includes(what) !== true;
  const oddTable = engine.fold?.(odd.table) ?? odd.table;
  describe(engine.name, () => {
    let ground: Ground;
    let database: Database;

    const open = (access: Access = 'read', hide: readonly string[] = []): Promise<Database> =>
      engine.adapter.open(ground.target, { access, timeoutMilliseconds: 30_000, hide }, never);
    const rowsOf = async (sql: string, on = database): Promise<Row[]> =>
      allRows(await query(on, sql, { signal: never }));
    const introspected = (): Promise<Schema> => database.introspect(everything, never);

    beforeAll(async () => {
      ground = await engine.create(setUp(engine));
      database = await open();
    });
    afterAll(async () => {
      await database?.close();
      await ground?.destroy();
    });

    describe('facts', () => {
      it('names product, version and database', async () => {
        const facts = await database.facts(never);
        expect(facts.dialect).toEqual(database.dialect);
        expect(facts.dialect.version).toMatch(engine.version ?? /^\d+\.\d+/);
        expect(facts.database).not.toBe('');
      });

      it('keeps its fingerprint until the schema changes', async () => {
        const before = await database.fingerprint(never);
        expect(await database.fingerprint(never)).toBe(before);
        await ground.execute('CREATE TABLE later (a INTEGER)');
        expect(await database.fingerprint(never)).not.toBe(before);
        await ground.execute('DROP TABLE later');
      });

      it('tells that rows changed, or that it can not tell', async () => {
        const before = await database.dataFingerprint(never);
        if (before === null) {
          return;
        }
        expect(await database.dataFingerprint(never)).toBe(before);
        await ground.execute("INSERT INTO author VALUES (9, 'Nina', NULL)");
        await expect.poll(() => database.dataFingerprint(never), { timeout: 10_000 }).not.toBe(before);
        await ground.execute('DELETE FROM author WHERE id = 9');
      });
    });

    describe('introspection', () => {
      it('lists tables and views, sorted, in the schema that needs no prefix', async () => {
        const schema = await introspected();
        const home = engine.schema(ground.target);
        expect(schema.searchPath[0]).toBe(home);
        const names = schema.tables.filter((table) => table.schema === home).map((table) => table.name);
        expect(names).toEqual(
          expect.arrayContaining(['author', 'book', 'dear_book', 'edition', 'node', oddTable, 'printing']),
        );
        expect(tableOf(schema, 'author').kind).toBe('table');
        expect(tableOf(schema, 'dear_book').kind).toBe('view');
        expect(tableOf(schema, 'dear_book').columns.map(({ name }) => name)).toEqual([
          'id',
          'title',
          'price',
        ]);
        const again = await introspected();
        expect(again.tables.map(({ name }) => name)).toEqual(schema.tables.map(({ name }) => name));
        expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
      });

      it('reads columns: type, nullability, default', async () => {
        const book = tableOf(await introspected(), 'book');
        expect(book.columns.map(({ name }) => name)).toEqual(['id', 'author_id', 'title', 'price']);
        expect(book.columns.map(({ nullable }) => nullable)).toEqual([false, false, true, true]);
        expect(book.columns[0]?.type).toMatch(/int/i);
        expect(book.columns[3]?.type).toMatch(/(decimal|numeric)\(12,\s?2\)/i);
        if (has('defaults')) {
          expect(book.columns[2]?.default).toContain('untitled');
        }
        expect(book.columns[3]?.default).toBeNull();
        expect(book.columns.every(({ generated, identity }) => generated === null && !identity)).toBe(true);
      });

      if (has('keys')) {
        it('reads primary and unique keys', async () => {
          const schema = await introspected();
          expect(tableOf(schema, 'author').primaryKey).toEqual(['id']);
          expect(tableOf(schema, 'author').uniqueKeys).toEqual([['name']]);
          expect(tableOf(schema, 'edition').primaryKey).toEqual(['book_id', 'nr']);
          expect(tableOf(schema, 'node').uniqueKeys).toEqual([['side', 'pos']]);
        });

        it('reads foreign keys: plain, composite, to itself', async () => {
          const schema = await introspected();
          const home = engine.schema(ground.target);
          expect(tableOf(schema, 'book').foreignKeys).toEqual([
            { columns: ['author_id'], references: { schema: home, table: 'author', columns: ['id'] } },
          ]);
          expect(tableOf(schema, 'printing').foreignKeys).toEqual([
            {
              columns: ['book_id', 'nr'],
              references: { schema: home, table: 'edition', columns: ['book_id', 'nr'] },
            },
          ]);
          expect(tableOf(schema, 'node').foreignKeys[0]?.references.table).toBe('node');
        });
      }

      it('reads checks and comments', async () => {
        const schema = await introspected();
        if (has('keys')) {
          expect(tableOf(schema, 'book').checks.join('\n')).toMatch(/price.*>=/);
        }
        expect(tableOf(schema, 'author').checks).toEqual([]);
        const commented = tableOf(schema, 'commented');
        expect(commented.comment).toBe('All our notes');
        expect(commented.columns.find(({ name }) => name === 'note')?.comment).toBe('Written by hand');
        expect(tableOf(schema, 'author').comment).toBeNull();
      });

      it('reads only the tables that a filter names', async () => {
        const names = async (filter: object): Promise<string[]> =>
          (await database.introspect({ ...everything, ...filter }, never)).tables.map(({ name }) => name);
        expect(await names({ include: ['book'] })).toEqual(['book']);
        expect(await names({ include: [`${engine.schema(ground.target)}.b*k`] })).toEqual(['book']);
        expect(await names({ include: ['*ook'], exclude: ['dear_*'] })).toEqual(['book']);
        expect(await names({ schemas: ['no_such_schema'] })).toEqual([]);
        expect(await names({ schemas: [engine.schema(ground.target)], include: ['author'] })).toEqual([
          'author',
        ]);
      });

      it('round-trips identifiers that need quotes', async () => {
        const table = tableOf(await introspected(), oddTable);
        expect(table.columns.map(({ name }) => name)).toEqual(odd.columns);
        const list = table.columns.map(({ name }) => engine.quote(name)).join(', ');
        const sql = `SELECT ${list} FROM ${engine.quote(table.name)}`;
        expect((await planOf(database, sql, never)).tables).toEqual([oddTable]);
        const result = await query(database, sql, { signal: never });
        expect(result.columns.map(({ name }) => name)).toEqual(odd.columns);
        expect(await allRows(result)).toEqual([[1, 2, 3, 4, 5, 6]]);
      });
    });

    describe('judge', () => {
      it.each([
        'SELECT 1',
        'select * from author;',
        'WITH a AS (SELECT 1 AS x) SELECT x FROM a',
        "SELECT 'DELETE FROM book; --' AS message",
        '/* DROP TABLE author */ SELECT 1 -- DELETE',
        'SELECT count(*), max(title) FROM book GROUP BY author_id',
        'SELECT 1 UNION ALL SELECT 2',
        'EXPLAIN SELECT * FROM author',
      ])('reads: %s', async (sql) => {
        expect(await verdictOf(database, sql, never)).toEqual({ kind: 'read', reason: null });
        await rowsOf(sql);
      });

      it.each([
        ['write', 'INSERT INTO author (id, name) VALUES (7, $$)', /INSERT/],
        ['write', 'update author set name = name', /UPDATE/],
        ['write', 'DELETE FROM book', /DELETE/],
        ['ddl', 'CREATE TABLE made (a INTEGER)', /CREATE/],
        ['ddl', 'DROP TABLE book', /DROP/],
        ['ddl', 'ALTER TABLE book ADD COLUMN x INTEGER', /ALTER/],
        ['forbidden', 'COMMIT', /COMMIT/],
        ['forbidden', 'ROLLBACK', /ROLLBACK/],
      ] as const)('%s: %s', async (kind, template, reason) => {
        const sql = template.replace('$$', "'x'");
        const verdict = await verdictOf(database, sql, never);
        expect(verdict.kind).toBe(kind);
        expect(verdict.reason).toMatch(reason);
      });

      it.each([
        '',
        '   ',
        ';',
        '-- nothing',
        'SELECT 1; SELECT 2',
        'SELECT 1; DELETE FROM book',
        'SELECT 1\0; DELETE FROM book',
        "SELECT 'unterminated",
        'SELECT 1 /* unterminated',
        'nonsense',
        'EXPLAIN DELETE FROM book',
      ])('never reads: %j', async (sql) => {
        const verdict = await verdictOf(database, sql, never);
        expect(verdict.kind).not.toBe('read');
        expect(verdict.reason).toMatch(/\S/);
        await expect(query(database, sql, { signal: never })).rejects.toMatchObject({ code: 'refused' });
        await expect(planOf(database, sql, never)).rejects.toMatchObject({ code: 'refused' });
        expect(await rowsOf('SELECT count(*) FROM book')).toEqual([[3]]);
      });
    });

    describe('check', () => {
      it('gives columns, tables and the plan of a statement', async () => {
        const plan = await planOf(
          database,
          'SELECT a.name, b.price FROM author a JOIN book b ON b.author_id = a.id',
          never,
        );
        expect(plan.columns.map(({ name }) => name)).toEqual(['name', 'price']);
        expect([...plan.tables].sort()).toEqual(['author', 'book']);
        expect(plan.text).toMatch(/\S/);
      });

      it('names each table once, and none that is not one', async () => {
        const plan = await planOf(
          database,
          'WITH x AS (SELECT id FROM author) SELECT * FROM x JOIN author USING (id)',
          never,
        );
        expect(plan.tables).toEqual(['author']);
        expect((await planOf(database, 'SELECT 1', never)).tables).toEqual([]);
      });

      it.each([
        ['SELECT nope FROM author', /nope/],
        ['SELECT * FROM no_such_table', /no_such_table/],
        ['SELECT no_such_function(1)', /no_such_function/],
      ])('tells what is wrong with %s', async (sql, words) => {
        const failure = await planOf(database, sql, never).then(
          () => null,
          (error: unknown) => error,
        );
        expect(failure).toMatchObject({ name: 'SqlqError', message: expect.stringMatching(words) });
      });

      it('runs on after a statement that failed', async () => {
        await planOf(database, 'SELECT nope FROM author', never).catch(() => null);
        await query(database, 'SELECT nope FROM author', { signal: never }).catch(() => null);
        expect(await rowsOf('SELECT id FROM author ORDER BY id')).toEqual([[1], [2], [3]]);
      });
    });

    describe('patterns', () => {
      const hidden = async (pattern: string) => {
        const own = await open('read', [pattern]);
        try {
          const columns = tableOf(await own.introspect(everything, never), 'person').columns;
          const values = await own.distinctValues(
            [{ schema: engine.schema(ground.target), table: 'person', column: 'ssn' }],
            10,
            never,
          );
          return {
            shown: columns.map(({ name }) => name),
            values: values.flat().filter((value) => value !== null),
            read: (await verdictOf(own, 'SELECT ssn FROM person', never)).kind === 'read',
            starred: (await verdictOf(own, 'SELECT * FROM everybody', never)).kind === 'read',
            unused: await own.unusedHidePatterns(never),
          };
        } finally {
          await own.close();
        }
      };

      it.each(['person.ssn', '*.ssn', '*.SSN', 'per*ssn', 'ssn', 'S*N', '*ssn', 'p*n.s*n', '*.person.ssn'])(
        'hides a column by %s',
        async (pattern) => {
          expect(await hidden(pattern)).toEqual({
            shown: ['id', 'name'],
            values: [],
            read: false,
            starred: false,
            unused: [],
          });
        },
      );

      it('hides it by its whole name', async () => {
        const pattern = `${engine.schema(ground.target)}.person.ssn`;
        expect(await hidden(pattern)).toMatchObject({ read: false, unused: [] });
      });

      it.each(['person.snn', 'persons.ssn', '*.ss', 'x.person.ssn', 'per*.ssn.x', ''])(
        'says that %j hides nothing',
        async (pattern) => {
          expect(await hidden(pattern)).toEqual({
            shown: ['id', 'name', 'ssn'],
            values: ['secret-ssn'],
            read: true,
            starred: true,
            unused: [pattern],
          });
        },
      );

      const tables = async (filter: Partial<SchemaFilter>): Promise<string[]> => {
        const home = engine.schema(ground.target);
        const { tables: found } = await database.introspect({ ...everything, ...filter }, never);
        return found.filter(({ schema }) => schema === home).map(({ name }) => name);
      };

      it('filters tables by their own names, and by those of their schemas where a dot says so', async () => {
        const home = engine.schema(ground.target);
        expect(await tables({ include: ['*book'] })).toEqual(['book', 'dear_book']);
        expect(await tables({ include: ['BOOK'] })).toEqual(['book']);
        expect(await tables({ include: [`${home}.*book`] })).toEqual(['book', 'dear_book']);
        expect(await tables({ include: ['*book'], exclude: ['d*'] })).toEqual(['book']);
        expect(await tables({ include: ['book'], exclude: [`${home.slice(0, 2)}*`] })).toEqual(['book']);
        expect(await tables({ include: ['book'], exclude: [`${home.slice(0, 2)}*.b*`] })).toEqual([]);
      });

      it('reads the schemas that a pattern means', async () => {
        const home = engine.schema(ground.target);
        for (const pattern of [home, `${home.slice(0, -1)}*`, `*${home.slice(1)}`]) {
          expect(await tables({ schemas: [pattern], include: ['book'] }), pattern).toEqual(['book']);
        }
        expect(await tables({ schemas: ['no*such'], include: ['book'] })).toEqual([]);
      });
    });

    describe('query', () => {
      it('gives rows as arrays, so that equal names lose nothing', async () => {
        const result = await query(database, 'SELECT 1 AS a, 2 AS a, NULL AS b', { signal: never });
        expect(result.columns.map(({ name }) => name)).toEqual(['a', 'a', 'b']);
        expect(await allRows(result)).toEqual([[1, 2, null]]);
      });

      it('gives the columns of an empty result', async () => {
        const result = await query(database, 'SELECT id, name FROM author WHERE id > 99', { signal: never });
        expect(result.columns.map(({ name }) => name)).toEqual(['id', 'name']);
        expect(await allRows(result)).toEqual([]);
      });

      it('bears columns named as members of every object', async () => {
        const names = ['__proto__', 'constructor', 'toString'];
        const list = names.map((name, index) => `${index} AS ${engine.quote(name)}`).join(', ');
        const result = await query(database, `SELECT ${list}`, { signal: never });
        expect(result.columns.map(({ name }) => name)).toEqual(names);
        expect(await allRows(result)).toEqual([[0, 1, 2]]);
      });

      it('keeps text as it is', async () => {
        const text = 'Zoë 名前 🎉 "q" \'s\' \t tab, comma\nline\u001b[31m';
        const [row] = await rowsOf(`SELECT '${text.replaceAll("'", "''")}' AS t, '' AS e`);
        expect(row).toEqual([text, '']);
      });

      it('keeps integers past 2^53', async () => {
        const [row] = await rowsOf('SELECT 9007199254740993, -9223372036854775807, 9007199254740991');
        expect(row?.map(String)).toEqual(['9007199254740993', '-9223372036854775807', '9007199254740991']);
      });

      it.each(engine.exact)('is exact: $expression', async ({ expression, value }) => {
        expect(await rowsOf(`SELECT ${expression} AS x`)).toEqual([[value]]);
      });

      it('streams batches, none of them empty, in order', async () => {
        const result = await query(database, 'SELECT n FROM series ORDER BY n', { signal: never });
        const seen: unknown[] = [];
        let batches = 0;
        for await (const batch of result.batches) {
          expect(batch.length).toBeGreaterThan(0);
          batches++;
          for (const [n] of batch) {
            seen.push(Number(n));
          }
        }
        expect(batches).toBeGreaterThan(1);
        expect(seen).toEqual(Array.from({ length: seriesLength }, (_, index) => index + 1));
      });

      it('can be left early and used again', async () => {
        const result = await query(database, 'SELECT a.n FROM series a, series b', { signal: never });
        for await (const batch of result.batches) {
          expect(batch.length).toBeGreaterThan(0);
          break;
        }
        expect(await rowsOf('SELECT 1')).toEqual([[1]]);
      });

      it('ends between batches when the signal says so', async () => {
        const controller = new AbortController();
        const result = await query(database, 'SELECT a.n FROM series a, series b', {
          signal: controller.signal,
        });
        const reading = (async () => {
          for await (const batch of result.batches) {
            expect(batch.length).toBeGreaterThan(0);
            controller.abort(new Error('enough'));
          }
        })();
        await expect(reading).rejects.toThrow('enough');
        expect(await rowsOf('SELECT 1')).toEqual([[1]]);
      });

      it('does not begin when the signal has said so already', async () => {
        const signal = AbortSignal.abort(new Error('too late'));
        await expect(query(database, 'SELECT 1', { signal })).rejects.toThrow('too late');
        expect(await rowsOf('SELECT 1')).toEqual([[1]]);
      });

      it('refuses what writes, and nothing changes', async () => {
        for (const sql of ['DELETE FROM printing', 'CREATE TABLE made (a INTEGER)']) {
          await expect(query(database, sql, { signal: never })).rejects.toMatchObject({
            name: 'SqlqError',
            code: 'refused',
          });
        }
        expect(await rowsOf('SELECT count(*) FROM printing')).toEqual([[1]]);
      });

      it('writes CSV of the same values', async () => {
        const csv = await queryCsv(
          database,
          `SELECT 1 AS a, NULL AS b, '' AS c, 'x,"y"' AS d, 'line
two' AS e, 9007199254740993 AS f`,
          { signal: never },
        );
        if (!csv) {
          return;
        }
        const { text, rows } = await readCsv(csv);
        expect(csv.columns.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
        expect(text).toBe('1,,"","x,""y""","line\ntwo",9007199254740993\n');
        expect(rows).toBe(1);
      });
    });

    const { endless } = engine;
    const describeEnding = endless === null ? () => {} : describe;
    describeEnding('ending a statement that runs', () => {
      const drained = async (on: Database, signal: AbortSignal): Promise<Row[]> =>
        allRows(await query(on, endless ?? '', { signal }));

      it('ends it when the signal says so', async () => {
        const own = await open();
        const controller = new AbortController();
        const running = drained(own, controller.signal);
        setTimeout(() => controller.abort(new Error('enough')), 300);
        await expect(running).rejects.toThrow('enough');
        await own.close();
      });

      it('ends it from a second connection', async () => {
        const own = await open();
        const running = expect(drained(own, never)).rejects.toMatchObject({ name: 'SqlqError' });
        const session = own.session;
        if (session === null) {
          throw new Error('no session to cancel');
        }
        setTimeout(() => void engine.adapter.cancelSession(ground.target, session), 300);
        await running;
        await own.close();
      });
    });

    describe('hidden columns', () => {
      let hiding: Database;
      beforeAll(async () => {
        hiding = await open('read', ['PERSON.s*n', 'author.b*']);
      });
      afterAll(() => hiding?.close());

      it('are left out of the schema', async () => {
        const schema = await hiding.introspect(everything, never);
        expect(tableOf(schema, 'person').columns.map(({ name }) => name)).toEqual(['id', 'name']);
        expect(tableOf(schema, 'author').columns.map(({ name }) => name)).toEqual(['id', 'name']);
        expect(JSON.stringify(schema)).not.toContain('ssn');
      });

      it.each([
        'SELECT ssn FROM person',
        'SELECT SSN FROM person',
        'SELECT * FROM person',
        'SELECT p.* FROM person p',
        "SELECT id FROM person p WHERE p.ssn > 'a'",
        'SELECT id FROM person ORDER BY ssn',
        'SELECT x.c FROM (SELECT ssn AS c FROM person) x',
        'SELECT * FROM everybody',
        'SELECT ssn FROM everybody',
        'SELECT a.id FROM person a JOIN person b USING (ssn)',
        'SELECT a.id FROM person a NATURAL JOIN person b',
        'SELECT count(ssn) FROM person',
        'SELECT (SELECT max(ssn) FROM person) AS m FROM author',
        'WITH x (a, b, c) AS (SELECT * FROM person) SELECT c FROM x',
      ])('refuses %s', async (sql) => {
        const verdict = await verdictOf(hiding, sql, never).catch((error: unknown) => error);
        const refused = { name: 'SqlqError', code: 'refused' };
        expect(verdict).not.toMatchObject({ kind: 'read' });
        await expect(query(hiding, sql, { signal: never })).rejects.toMatchObject(refused);
        await expect(planOf(hiding, sql, never)).rejects.toMatchObject(refused);
      });

      it.each([
        'SELECT id, name FROM person',
        'SELECT count(*) FROM person',
        'SELECT p.name FROM person p JOIN author a ON a.name = p.name',
      ])('still reads %s', async (sql) => {
        expect(await verdictOf(hiding, sql, never)).toEqual({ kind: 'read', reason: null });
        expect((await rowsOf(sql, hiding)).length).toBeGreaterThan(0);
      });

      it('are never indexed', async () => {
        const [ssn] = await hiding.distinctValues(
          [{ schema: engine.schema(ground.target), table: 'person', column: 'ssn' }],
          10,
          never,
        );
        expect(ssn).toBeNull();
      });
    });

    it('reads the distinct values of columns, up to a cap', async () => {
      const at = (table: string, column: string) => ({
        schema: engine.schema(ground.target),
        table,
        column,
      });
      const values = await database.distinctValues(
        [at('author', 'name'), at('series', 'n'), at('node', 'side'), at('author', 'born')],
        100,
        never,
      );
      expect(values.map((list) => (list === null ? null : [...list].sort()))).toEqual([
        ['Ada', "O'Hara", 'Zoë'],
        null,
        ['left', 'right'],
        ['1815-12-10', '1905-01-31'],
      ]);
    });

    const describeWriting = has('writing') ? describe : () => {};
    describeWriting('writing on purpose', () => {
      it('is refused to who opened for reading', async () => {
        await expect(beginWrite(database, 'DELETE FROM printing', never)).rejects.toMatchObject({
          name: 'SqlqError',
          code: 'refused',
        });
      });

      it('holds the transaction open, tells what changed, and can undo it', async () => {
        const writer = await open('write');
        const pending = await beginWrite(writer, 'UPDATE book SET title = title WHERE author_id = 1', never);
        expect(pending.changes).toEqual([{ table: 'book', rows: 2 }]);
        expect(pending.committed).toBe(false);
        await pending.rollback();
        const deleted = await beginWrite(writer, 'DELETE FROM printing', never);
        await deleted.rollback();
        await writer.close();
        expect(await rowsOf('SELECT count(*) FROM printing')).toEqual([[1]]);
      });

      it('commits', async () => {
        const writer = await open('write');
        const pending = await beginWrite(writer, "INSERT INTO author VALUES (50, 'New', NULL)", never);
        expect(pending.changes).toEqual([{ table: 'author', rows: 1 }]);
        await pending.commit();
        const undone = await beginWrite(writer, 'DELETE FROM author WHERE id = 50', never);
        expect(undone.changes).toEqual([{ table: 'author', rows: 1 }]);
        await undone.commit();
        await writer.close();
        expect(await rowsOf('SELECT count(*) FROM author')).toEqual([[3]]);
      });

      it('rolls back what is open when it closes', async () => {
        const writer = await open('write');
        await beginWrite(writer, 'DELETE FROM printing', never);
        await writer.close();
        expect(await rowsOf('SELECT count(*) FROM printing')).toEqual([[1]]);
      });

      it('changes nothing where a statement fails', async () => {
        const writer = await open('write');
        await expect(
          beginWrite(writer, "INSERT INTO author VALUES (60, 'One', NULL), (1, 'Two', NULL)", never),
        ).rejects.toMatchObject({ name: 'SqlqError', code: 'failed' });
        await writer.close();
        expect(await rowsOf('SELECT count(*) FROM author')).toEqual([[3]]);
      });

      it.each([
        'CREATE TABLE made (a INTEGER)',
        'DROP TABLE printing',
        'DELETE FROM printing; DELETE FROM node',
        'COMMIT',
        'SELECT 1; DELETE FROM printing',
      ])('admits no %s', async (sql) => {
        const writer = await open('write');
        await expect(beginWrite(writer, sql, never)).rejects.toMatchObject({ code: 'refused' });
        await writer.close();
        expect(await rowsOf('SELECT count(*) FROM printing')).toEqual([[1]]);
      });

      it('makes tables where that was asked for, and says whether that can be undone', async () => {
        const maker = await open('ddl');
        const pending = await beginWrite(maker, 'CREATE TABLE made (a INTEGER)', never);
        await pending.rollback();
        await maker.close();
        const names = (await introspected()).tables.map(({ name }) => name);
        expect(names.includes('made')).toBe(pending.committed);
        if (pending.committed) {
          await ground.execute('DROP TABLE made');
        }
      });
    });
  });
}
