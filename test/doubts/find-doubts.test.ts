import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialectOf } from '../../src/database/engines.ts';
import { type DatabaseClient, openDatabase } from '../../src/database/process/client.ts';
import type { Doubt } from '../../src/doubts/doubt.ts';
import { findDoubts } from '../../src/doubts/find-doubts.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { said } from '../support/said-doubts.ts';
import { type ScriptedDatabase, scriptedEngines } from '../support/scripted-databases.ts';

const never = new AbortController().signal;

/** A library whose data has what real data has; each engine takes it. */
const script = [
  'CREATE TABLE genre (code VARCHAR(4) PRIMARY KEY, label VARCHAR(30) NOT NULL)',
  "INSERT INTO genre VALUES ('F', 'Fiction'), ('H', 'History'), ('P', 'Poetry')",
  'CREATE TABLE author (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, country VARCHAR(40), born INTEGER)',
  "INSERT INTO author VALUES (1, 'Ana Müller', 'Germany', 1950), (2, 'Bo Ek', 'Sweden', 1950), (3, 'Cy Roe', NULL, 1960), (4, 'Di Poe', 'Germany', 1970)",
  'CREATE TABLE book (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES author (id), genre VARCHAR(4) NOT NULL REFERENCES genre (code), pages INTEGER NOT NULL, shelf VARCHAR(10) NOT NULL, out_on DATE NOT NULL, note VARCHAR(20), kept VARCHAR(3) NOT NULL)',
  `INSERT INTO book VALUES ${Array.from({ length: 30 }, (_, index) => `(${index + 1}, ${(index % 4) + 1}, '${'FH'[index % 2]}', ${100 + (index % 7)}, '${index + 1}', '2024-0${(index % 6) + 1}-15', NULL, 'yes')`).join(', ')}`,
  'CREATE TABLE loan (id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL REFERENCES book (id), fee DECIMAL(6, 2) NOT NULL)',
  `INSERT INTO loan VALUES ${Array.from({ length: 12 }, (_, index) => `(${index + 1}, ${(index % 3) + 1}, ${index}.50)`).join(', ')}`,
  'CREATE TABLE prize (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES author (id), amount INTEGER NOT NULL)',
  'INSERT INTO prize VALUES (1, 1, 10), (2, 1, 20), (3, 1, 30), (4, 2, 5), (5, 2, 7)',
  'CREATE TABLE track (id INTEGER PRIMARY KEY, title VARCHAR(40) NOT NULL)',
  `INSERT INTO track VALUES ${Array.from({ length: 2100 }, (_, index) => `(${index + 1}, '${index === 2050 ? 'Fast As a Shark' : `Song ${index}`}')`).join(', ')}`,
  'CREATE TABLE sale (id INTEGER PRIMARY KEY, price VARCHAR(10), sold VARCHAR(10) NOT NULL)',
  "INSERT INTO sale VALUES (1, '450', '2024-02-01'), (2, '1200', '2025-03-01'), (3, '2,300', '2025-04-01'), (4, '990', '2025-05-01'), (5, 'n/a', '2025-06-01'), (6, NULL, '2025-07-01'), (7, '70 EUR', '2025-08-01'), (8, '85', '2025-09-01'), (9, '31', '2025-10-01')",
];

for (const { name, isAvailable, create } of scriptedEngines('doubts')) {
  describe.skipIf(!isAvailable)(`doubts on ${name}`, () => {
    let opened: ScriptedDatabase;
    let database: DatabaseClient;
    let schema: Schema;

    beforeAll(async () => {
      opened = await create(script);
      database = openDatabase(opened.target, {
        access: 'read',
        timeoutMilliseconds: 20_000,
        hide: ['author.born'],
        memoryLimit: 2 ** 30,
        environment: process.env,
      });
      schema = await database.introspect({ schemas: [], include: [], exclude: [] }, never);
    });
    afterAll(async () => {
      await database?.close();
      await opened?.drop();
    });

    const doubtsOf = async (
      sql: string,
      {
        now = '2026-01-01',
        ...asked
      }: { readonly now?: string; readonly question?: string; readonly limit?: number } = {},
    ): Promise<readonly Doubt[]> => {
      await database.plan({ sql }, never);
      const request = { sql, schema, database, now: new Date(now), timeoutMs: 20_000, signal: never };
      return said(await findDoubts({ ...request, ...asked })).doubts;
    };
    const rowsOf = async (sql: string | null | undefined): Promise<unknown> => {
      const { data } = await database.run(sql ?? 'SELECT', {
        render: { format: 'csv', csvSafe: false, width: null, color: false },
        destination: { kind: 'rows' },
        limit: null,
        signal: never,
      });
      return data.map((row) => row.map(String));
    };

    it.each([
      ["country = 'germany'", "country = 'Germany'", '2'],
      ["country = 'Germny'", "country = 'Germany'", '2'],
      ["country = 'DE'", "country = 'Germany'", '2'],
      ["country IN ('Swedn', 'Norway')", "country IN ('Sweden')", '1'],
      ["name = 'Ana Muller'", "name = 'Ana Müller'", '1'],
      ["name LIKE 'ana%'", "name LIKE 'Ana%'", '1'],
    ])('a value that is not there: %s', async (condition, _meant, count) => {
      const found = await doubtsOf(`SELECT COUNT(*) FROM author WHERE ${condition}`);
      // LIKE of SQLite does not mind the case of letters.
      if (name === 'sqlite' && condition.includes('LIKE')) {
        expect(found).toEqual([]);
        return;
      }
      expect(found[0]).toMatchObject({
        kind: 'unknown-value',
        sentence: expect.stringContaining('No row has author.'),
      });
      expect(await rowsOf(found[0]?.mendedSql)).toEqual([[count]]);
    });

    it('a label where a code is stored', async () => {
      const [doubt] = await doubtsOf("SELECT COUNT(*) FROM book WHERE genre = 'history'");
      expect(doubt).toMatchObject({
        kind: 'unknown-value',
        sentence: "No row has book.genre = 'history'. 'History' is the label of book.genre = H.",
      });
      expect(await rowsOf(doubt?.mendedSql)).toEqual([['15']]);
    });

    it.each(['fast as a shark', 'Fást As a Shark', 'Fast Asa Shark', 'Fast As a Shark  '])(
      'a value among more than are read: %j',
      async (title) => {
        const [doubt] = await doubtsOf(`SELECT id FROM track WHERE title = '${title}'`);
        // This collation of MySQL does not mind blanks at the end.
        if (name === 'mysql' && title.endsWith(' ')) {
          expect(doubt).toBeUndefined();
          return;
        }
        expect(doubt?.kind).toBe('unknown-value');
        expect(await rowsOf(doubt?.mendedSql)).toEqual([['2051']]);
      },
    );

    it('no doubt about values that are there', async () => {
      expect(await doubtsOf("SELECT COUNT(*) FROM author WHERE country = 'Germany'")).toEqual([]);
      expect(await doubtsOf("SELECT name FROM author WHERE name LIKE '%Ek%'")).toEqual([]);
    });

    it('conditions that leave no row, alone and together', async () => {
      const [alone] = await doubtsOf('SELECT SUM(pages) FROM book WHERE pages > 500');
      expect(alone?.kind).toBe('no-rows');
      expect(alone?.sentence).toMatch(
        /^None of the 30 rows passes .*500\. book\.pages goes from 100 to 106\.$/u,
      );
      const [both] = await doubtsOf(
        "SELECT COUNT(*) FROM author WHERE country = 'Sweden' AND name LIKE 'Di%'",
      );
      expect(both?.sentence).toMatch(/^No row passes both .* \(1 does\) and .* \(1 does\)\.$/u);
    });

    it('a condition that leaves nothing out, unless the question asks for it', async () => {
      const sql = "SELECT COUNT(*) FROM book WHERE kept = 'yes'";
      const [doubt] = await doubtsOf(sql, { question: 'how many books are there?' });
      expect(doubt).toMatchObject({ kind: 'passes-all', evidence: { rows: 30 } });
      expect(await doubtsOf(sql, { question: 'how many books have kept = Yes?' })).toEqual([]);
    });

    it('a negation that leaves out NULL', async () => {
      const [doubt] = await doubtsOf("SELECT COUNT(*) FROM author WHERE country <> 'Germany'");
      expect(doubt).toMatchObject({ kind: 'null-left-out', evidence: { nulls: 1 } });
      expect(await rowsOf(doubt?.mendedSql)).toEqual([['2']]);
      expect(
        await doubtsOf("SELECT COUNT(*) FROM author WHERE country <> 'Germany' OR country IS NULL"),
      ).toEqual([]);
    });

    it('a negation that leaves out what an outer join keeps', async () => {
      const select = 'SELECT COUNT(*) FROM author a LEFT JOIN prize p ON p.author_id = a.id WHERE';
      const [doubt] = await doubtsOf(`${select} p.amount <> 10`);
      expect(doubt).toMatchObject({
        kind: 'null-left-out',
        sentence:
          '2 rows have no prize (NULL) and are left out by this negation, in spite of the outer join.',
      });
      expect(await rowsOf(doubt?.mendedSql)).toEqual([['6']]);
      const told = await doubtsOf(`${select} (p.amount <> 10 OR p.amount IS NULL)`);
      expect(told.filter(({ kind }) => kind === 'null-left-out')).toEqual([]);
    });

    it('NOT IN of a list with NULL', async () => {
      const sql =
        'SELECT COUNT(*) FROM author WHERE country NOT IN (SELECT country FROM author WHERE id > 1)';
      const doubt = (await doubtsOf(sql)).find(({ kind }) => kind === 'null-left-out');
      expect(doubt?.sentence).toBe('The list after NOT IN has 1 NULL, and so no row passes it.');
    });

    it('a join that repeats what is summed, averaged and counted', async () => {
      for (const call of ['SUM(b.pages)', 'AVG(b.pages)', 'COUNT(*)']) {
        const sql = `SELECT ${call} FROM book b JOIN loan l ON l.book_id = b.id`;
        const [doubt] = await doubtsOf(sql);
        expect(doubt?.sentence, call).toMatch(/It also leaves out 27 that have no loan\.$/u);
        expect(doubt, call).toMatchObject({ kind: 'fan-out', evidence: { rows: 12, own: 3, factor: 4 } });
        expect(await rowsOf(doubt?.mendedSql), call).toEqual(await rowsOf(`SELECT ${call} FROM book b`));
      }
    });

    it('a count of the rows that a join brings is what the question asks for, or is not', async () => {
      const sql = 'SELECT COUNT(*) FROM book b JOIN loan l ON l.book_id = b.id';
      expect(await doubtsOf(sql, { question: 'How many loans are there?' })).toEqual([]);
      const [doubt] = await doubtsOf(sql, { question: 'How many books have loans?' });
      expect(doubt?.kind).toBe('fan-out');
    });

    it('a key that is counted once for each row of another table, and numbers of others', async () => {
      const [key] = await doubtsOf(
        'SELECT b.genre, COUNT(a.id) FROM author a JOIN book b ON b.author_id = a.id GROUP BY b.genre ORDER BY b.genre',
      );
      expect(key).toMatchObject({ kind: 'fan-out', evidence: { rows: 30, own: 4 } });
      expect(await rowsOf(key?.mendedSql)).toEqual([
        ['F', '2'],
        ['H', '2'],
      ]);
      expect(
        await doubtsOf(
          'SELECT a.name, COUNT(a.id) FROM author a JOIN book b ON b.author_id = a.id GROUP BY a.id, a.name',
        ),
      ).toEqual([]);
      const sql = 'SELECT COUNT(author_id) FROM book';
      expect(await doubtsOf(sql, { question: 'How many books are there?' })).toEqual([]);
      const [others] = await doubtsOf(sql, { question: 'How many authors have books?' });
      expect(others).toMatchObject({ kind: 'repeated-rows', evidence: { rows: 30, different: 4 } });
      expect(await rowsOf(others?.mendedSql)).toEqual([['4']]);
    });

    it('a join that repeats rows within a subquery for each row', async () => {
      const within = (call: string, on: string): string =>
        `SELECT g.label, (SELECT ${call} FROM book b JOIN loan l ON l.book_id = b.id WHERE ${on} AND b.genre = g.code) AS n FROM genre g`;
      const [summed, ...others] = await doubtsOf(within('SUM(b.pages)', 'b.pages > 0'));
      expect(others.filter(({ kind }) => kind === 'fan-out')).toEqual([]);
      expect(summed).toMatchObject({ kind: 'fan-out', evidence: { rows: 12, own: 3 }, mendedSql: null });
      const [counted] = await doubtsOf(within('COUNT(b.id)', 'b.pages > 0'));
      expect(counted).toMatchObject({ kind: 'fan-out', evidence: { rows: 12, own: 3 } });

      const fees = await doubtsOf(within('SUM(l.fee)', 'b.pages > 0'));
      expect(fees.map(({ kind }) => kind)).not.toContain('fan-out');
    });

    it('two branches that repeat each other, with how often, and each by itself', async () => {
      const from =
        'FROM author a JOIN book b ON b.author_id = a.id JOIN prize p ON p.author_id = a.id GROUP BY a.name ORDER BY a.name';
      const [doubt] = await doubtsOf(`SELECT a.name, COUNT(b.id) AS books, SUM(p.amount) AS won ${from}`);
      expect(doubt?.sentence).toBe(
        "The joins repeat the rows of each other's tables (book 2.5 times, prize 8.0 times): what is added up are combinations, not rows of one table.",
      );
      expect(await rowsOf(doubt?.mendedSql)).toEqual([
        ['Ana Müller', '8', '60'],
        ['Bo Ek', '8', '12'],
      ]);
      const [whole] = await doubtsOf(
        'SELECT AVG(b.pages), COUNT(p.id) FROM author a JOIN book b ON b.author_id = a.id JOIN prize p ON p.author_id = a.id',
      );
      const [[mean, count] = []] = (await rowsOf(whole?.mendedSql)) as string[][];
      const right = 'SELECT AVG(pages) FROM book WHERE author_id IN (SELECT author_id FROM prize)';
      expect(Number(mean)).toBeCloseTo(Number(((await rowsOf(right)) as string[][])[0]?.[0]), 3);
      expect(count).toBe('5');
    });

    it('rows that are shown twice where the question asks for different ones', async () => {
      const question = 'Which different authors have books with loans?';
      const sql =
        'SELECT a.name FROM author a JOIN book b ON b.author_id = a.id JOIN loan l ON l.book_id = b.id WHERE l.fee > 0';
      expect(await doubtsOf(sql)).toEqual([]);
      const [doubt] = await doubtsOf(sql, { question });
      expect(doubt).toMatchObject({ kind: 'repeated-rows', evidence: { rows: 12, different: 3 } });
      expect(await rowsOf(doubt?.mendedSql)).toHaveLength(3);
      const [count] = await doubtsOf('SELECT COUNT(genre) FROM book', {
        question: 'how many different genres are there?',
      });
      expect(count?.sentence).toMatch(
        /^The question asks for different ones: 30 rows have a \W?genre\W?, and 2 of these are different\.$/u,
      );
      expect(await rowsOf(count?.mendedSql)).toEqual([['2']]);
    });

    it('rows that a limit cuts, and how many there are', async () => {
      const [doubt] = await doubtsOf('SELECT id FROM book ORDER BY id', { limit: 10 });
      expect(doubt).toMatchObject({
        kind: 'cut',
        sentence: 'The first 10 rows are shown, of 30: raise --limit for more.',
        evidence: { shown: 10, rows: 30 },
      });
      expect(await doubtsOf('SELECT id FROM book', { limit: 30 })).toEqual([]);
    });

    it('a join that repeats, where the joined table is needed', async () => {
      const [doubt] = await doubtsOf(
        'SELECT SUM(b.pages) FROM book b JOIN loan l ON l.book_id = b.id WHERE l.fee > 1',
      );
      expect(doubt?.kind).toBe('fan-out');
      const right = 'SELECT SUM(pages) FROM book WHERE id IN (SELECT book_id FROM loan WHERE fee > 1)';
      expect(await rowsOf(doubt?.mendedSql)).toEqual(await rowsOf(right));
    });

    it('no doubt about joins that repeat nothing that is added', async () => {
      expect(await doubtsOf('SELECT SUM(l.fee) FROM loan l JOIN book b ON b.id = l.book_id')).toEqual([]);
      expect(
        await doubtsOf('SELECT b.id, COUNT(*) FROM book b JOIN loan l ON l.book_id = b.id GROUP BY b.id'),
      ).toEqual([]);
      expect(
        await doubtsOf('SELECT COUNT(DISTINCT b.id) FROM book b JOIN loan l ON l.book_id = b.id'),
      ).toEqual([]);
    });

    it('a tie at the cut, and none where the order tells rows apart', async () => {
      const [doubt] = await doubtsOf('SELECT id, pages FROM book ORDER BY pages DESC LIMIT 2');
      expect(doubt).toMatchObject({ kind: 'tie', evidence: { shown: 2, tied: 2, place: '106' } });
      expect(await rowsOf(doubt?.mendedSql)).toHaveLength(4);
      expect(await doubtsOf('SELECT id, pages FROM book ORDER BY pages DESC, id LIMIT 2')).toEqual([]);
    });

    it('a tie of groups', async () => {
      const [doubt] = await doubtsOf(
        'SELECT genre, COUNT(*) AS n FROM book GROUP BY genre ORDER BY n DESC LIMIT 1',
      );
      expect(doubt).toMatchObject({ kind: 'tie', evidence: { tied: 1, place: '15' } });
      expect(await rowsOf(doubt?.mendedSql)).toHaveLength(2);
    });

    it('a period that is not over, and one that the data does not reach', async () => {
      const sql = "SELECT COUNT(*) FROM book WHERE out_on >= '2024-01-01' AND out_on < '2025-01-01'";
      const [late] = await doubtsOf(sql);
      expect(late).toMatchObject({
        kind: 'period',
        sentence: 'The data ends on 2024-06-15: it does not reach all of 2024-01-01 to 2024-12-31.',
      });
      const [open] = await doubtsOf(sql, { now: '2024-07-01' });
      expect(open?.sentence).toBe(
        'The period from 2024-01-01 to 2024-12-31 is not over, and the data ends on 2024-06-15.',
      );
    });

    it('a year without data, with the nearest that has some', async () => {
      const bounds = [
        "out_on >= '2031-01-01' AND out_on < '2032-01-01'",
        "out_on BETWEEN '1999-01-01' AND '1999-12-31'",
      ];
      for (const condition of bounds) {
        const [doubt] = await doubtsOf(`SELECT COUNT(*) FROM book WHERE ${condition}`);
        expect(doubt?.sentence).toMatch(/The nearest year with data is 2024\.$/u);
        expect(await rowsOf(doubt?.mendedSql)).toEqual([['30']]);
      }
    });

    it('numbers that are stored and ordered as text', async () => {
      const [doubt] = await doubtsOf('SELECT MAX(shelf) FROM book');
      expect(doubt).toMatchObject({
        kind: 'text-as-number',
        evidence: { lastAsText: '9', lastAsNumber: '30' },
      });
      expect(Number(((await rowsOf(doubt?.mendedSql)) as string[][])[0]?.[0])).toBe(30);
    });

    it('numbers as text among what is none, which no cast can order', async () => {
      for (const sql of ['SELECT MAX(price) FROM sale', 'SELECT id, price FROM sale ORDER BY price DESC']) {
        const [doubt] = await doubtsOf(sql);
        expect(doubt).toMatchObject({ kind: 'text-as-number', mendedSql: null });
        expect(doubt?.sentence).toContain("'990' comes after '1200'");
        expect(doubt?.sentence).toMatch(/holds what is no plain number: .*'n\/a'/u);
      }
    });

    // Elsewhere such a sum or comparison is an error, or has a warning of the server's own.
    if (name === 'sqlite') {
      it('texts that are added up as other numbers than they say', async () => {
        const [mean] = await doubtsOf('SELECT AVG(price) FROM sale');
        expect(mean).toMatchObject({
          kind: 'text-as-number',
          sentence:
            "sale.price is text, and 2 of its values are no plain numbers and are read by the digits at the front: '2,300' as 2, 'n/a' as 0.",
        });
        expect(await doubtsOf('SELECT SUM(shelf) FROM book')).toEqual([]);
      });

      it('a number that is held against text', async () => {
        const [doubt] = await doubtsOf("SELECT COUNT(*) FROM sale WHERE strftime('%Y', sold) = 2025");
        expect(doubt?.sentence).toBe(
          'strftime(\'%Y\', "sold") is text and 2025 is a number, so the two are never equal here.',
        );
        expect(await rowsOf(doubt?.mendedSql)).toEqual([['8']]);
      });
    }

    it('a quotient of integers, where the engine drops its fraction', async () => {
      const found = await doubtsOf('SELECT SUM(pages) / COUNT(*) FROM book');
      expect(found.map(({ kind }) => kind)).toEqual(
        dialectOf(name).dropsFractions ? ['integer-quotient'] : [],
      );
    });

    it('a mean of quotients', async () => {
      const sql = 'SELECT AVG(1.0 * fee / book_id) FROM loan';
      const [doubt] = await doubtsOf(sql);
      expect(doubt?.kind).toBe('mean-of-ratios');
    });

    it('a column that holds nothing', async () => {
      const [doubt] = await doubtsOf('SELECT note FROM book WHERE id < 3');
      expect(doubt).toMatchObject({ kind: 'empty-column', sentence: 'book.note is NULL in all 30 rows.' });
    });

    it('nothing of a hidden column', async () => {
      const seen = JSON.stringify(await doubtsOf("SELECT name FROM author WHERE name = 'nobody'"));
      expect(seen).not.toContain('1950');
    });

    it('no more than the time allows, and says where it did not look', async () => {
      const request = {
        sql: "SELECT COUNT(*) FROM author WHERE country = 'germany'",
        schema,
        database,
        now: new Date(),
        timeoutMs: 0,
        signal: never,
      };
      const { doubts, notLooked, lookOn } = await findDoubts(request);
      expect(doubts).toEqual([]);
      expect(notLooked).toEqual([
        expect.stringMatching(/^There was no time to look for values that are not there, /u),
      ]);
      const later = await lookOn?.(20_000);
      expect(later).toMatchObject({ doubts: [{ kind: 'unknown-value' }], notLooked: [], lookOn: null });
    });
  });
}
