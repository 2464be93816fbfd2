import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createDuckdb, rowsOfDuckdb } from '../support/duckdb-engine.ts';
import { connectMcp, eras, type McpSession } from '../support/mcp-client.ts';
import { processEngines } from '../support/process-engines.ts';

const setUp = [
  'CREATE TABLE product (id integer PRIMARY KEY, name varchar(40), price decimal(16,2))',
  "INSERT INTO product VALUES (1, 'Lamp', 12.50), (2, 'Chair', 80.00), (3, 'Desk', 9007199254740.93)",
];

/** A database of each engine, and what stands in it behind the back of sqlq. */
interface Place {
  readonly url: string;
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

const places: Readonly<Record<string, () => Promise<Place>>> = {
  async sqlite() {
    const path = join(mkdtempSync(join(tmpdir(), 'sqlq-mcp-')), 'shop.db');
    const database = new SQLite(path);
    setUp.map((statement) => database.exec(statement));
    return {
      url: path,
      rows: async (sql) => database.prepare<[], unknown[]>(sql).raw().all(),
      close: async () => void database.close(),
    };
  },
  async duckdb() {
    const { path, destroy } = await createDuckdb(setUp);
    return {
      url: path,
      rows: (sql) => rowsOfDuckdb(path, sql),
      close: destroy,
    };
  },
  async postgres() {
    const name = `sqlq_mcp_${process.pid}`;
    const server = inject('postgresUrl') ?? '';
    const admin = new Client({ connectionString: server });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    const { href } = new URL(`/${name}`, server);
    const client = new Client({ connectionString: href });
    await client.connect();
    for (const statement of setUp) {
      await client.query(statement);
    }
    return {
      url: href,
      rows: async (text) => (await client.query({ text, rowMode: 'array' })).rows,
      async close() {
        await client.end();
        await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
        await admin.end();
      },
    };
  },
  async mysql() {
    const name = `sqlq_mcp_${process.pid}`;
    const server = inject('mariadbUrl') ?? '';
    const connection = await createConnection(server);
    await connection.query(`CREATE DATABASE ${name}`);
    await connection.query(`USE ${name}`);
    for (const statement of setUp) {
      await connection.query(statement);
    }
    return {
      url: new URL(`/${name}`, server).href,
      async rows(sql) {
        const [rows] = await connection.query({ sql, rowsAsArray: true });
        return Array.isArray(rows) ? rows.map((row) => (Array.isArray(row) ? row : [row])) : [];
      },
      async close() {
        await connection.query(`DROP DATABASE ${name}`);
        connection.destroy();
      },
    };
  },
};

describe.each(processEngines)('$engine', ({ engine, available, endless, running }) => {
  let place: Place;
  let session: McpSession;
  beforeAll(async () => {
    if (!available()) {
      return;
    }
    place = await (places[engine]?.() ?? Promise.reject(new Error(engine)));
    session = await connectMcp(['--db', place.url]);
  });
  afterAll(async () => {
    await session?.close();
    await place?.close();
  });

  it('describes, finds and queries, digit for digit', async ({ skip }) => {
    skip(!available());
    const described = await session.call('describe_tables', { tables: ['product'] });
    expect(described.text).toMatch(
      // DuckDB keeps no length of a text.
      engine === 'duckdb'
        ? /table product\b(?:.|\n)*name varchar\b/iu
        : /table product\b(?:.|\n)*name varchar\(40\)/iu,
    );
    const found = await session.call('find_values', { text: 'lmap', column: 'product.name' });
    expect(found.structured['values']).toMatchObject([{ value: 'Lamp' }]);
    const { structured } = await session.call('query', { sql: 'SELECT * FROM product ORDER BY id' });
    expect(structured['rows']).toEqual([
      [1, 'Lamp', 12.5],
      [2, 'Chair', 80],
      [3, 'Desk', 9007199254740.93],
    ]);
    const explained = await session.call('explain', { sql: 'SELECT name FROM product' });
    expect(explained.structured).toMatchObject({ tables: ['product'] });
  });

  it('refuses a change, and one that hides in a SELECT', async ({ skip }) => {
    skip(!available());
    for (const sql of ['UPDATE product SET price = 0', 'SELECT * FROM product; DELETE FROM product']) {
      expect(await session.call('query', { sql })).toMatchObject({ isError: true });
    }
    expect(Number((await place.rows('SELECT count(*) FROM product WHERE price > 0'))[0]?.[0])).toBe(3);
  });

  it('tells how far a query is, and ends it at the server when the call is cancelled', async ({ skip }) => {
    skip(!available());
    const mark = `mcp_${engine}_${process.pid}`;
    const stop = new AbortController();
    const steps: string[] = [];
    const call = session.call(
      'query',
      { sql: endless(mark) },
      { signal: stop.signal, onprogress: ({ message = '' }) => void steps.push(message) },
    );
    call.catch(() => {});
    await expect
      .poll(() => steps.some((step) => /Running the query \(\d+ s\)/u.test(step)), { timeout: 15_000 })
      .toBe(true);
    if (running !== null) {
      await expect.poll(() => running(mark), { timeout: 10_000 }).toBeGreaterThan(0);
    }
    stop.abort();
    await expect(call).rejects.toThrow();
    if (running !== null) {
      await expect.poll(() => running(mark), { timeout: 10_000 }).toBe(0);
    }
    const next = await session.call('query', { sql: 'SELECT count(*) AS n FROM product' });
    expect(next.structured['rows']).toEqual([[3]]);
  });

  // SQLite has no server; there the process is looked at, with a client that misbehaves.
  if (running !== null) {
    it('ends a query at the server when its client is gone', async ({ skip }) => {
      skip(!available());
      const mark = `gone_${engine}_${process.pid}`;
      const other = await connectMcp(['--db', place.url]);
      other.call('query', { sql: endless(mark) }).catch(() => {});
      await expect.poll(() => running(mark), { timeout: 15_000 }).toBeGreaterThan(0);
      await other.close();
      await expect.poll(() => running(mark), { timeout: 10_000 }).toBe(0);
    });
  }

  it('holds databases to the time of a session', async ({ skip }) => {
    skip(!available());
    const mark = `time_${engine}_${process.pid}`;
    const short = await connectMcp(['--db', place.url, '--max-time', '2s']);
    const first = await short.call('query', { sql: endless(mark) });
    expect(first).toMatchObject({ isError: true, text: expect.stringContaining('--max-time') });
    if (running !== null) {
      await expect.poll(() => running(mark), { timeout: 10_000 }).toBe(0);
    }
    const second = await short.call('query', { sql: 'SELECT 1' });
    expect(second).toMatchObject({ isError: true, text: expect.stringContaining('used up') });
    await short.close();
  });

  describe.each(eras)('with --write, in a session of %s', (era) => {
    it('makes a change that the user has seen and agreed to, and no other', async ({ skip }) => {
      skip(!available());
      const asked: string[] = [];
      const answers = ['decline', 'cancel', 'accept', 'no'] as const;
      let turn = 0;
      const writing = await connectMcp(['--db', place.url, '--write'], {
        era,
        onAsk(message) {
          asked.push(message);
          const answer = answers[turn] ?? 'decline';
          turn += 1;
          return answer === 'accept' || answer === 'no'
            ? { action: 'accept', content: { keep: answer === 'accept' } }
            : { action: answer };
        },
      });
      const sql = 'UPDATE product SET price = price + 1 WHERE id < 3';
      const [[before] = []] = await place.rows('SELECT sum(price) FROM product WHERE id < 3');
      for (const _refused of ['decline', 'cancel']) {
        expect(await writing.call('query', { sql })).toMatchObject({
          isError: true,
          text: 'Not agreed to: nothing has changed.',
        });
      }
      expect((await place.rows('SELECT sum(price) FROM product WHERE id < 3'))[0]?.[0]).toEqual(before);
      const kept = await writing.call('query', { sql });
      expect(kept).toMatchObject({
        isError: false,
        text: expect.stringContaining('product: 2 rows changed'),
      });
      const [[after] = []] = await place.rows('SELECT sum(price) FROM product WHERE id < 3');
      expect(Number(after)).toBeCloseTo(Number(before) + 2, 5);
      await writing.call('query', { sql });
      expect((await place.rows('SELECT sum(price) FROM product WHERE id < 3'))[0]?.[0]).toEqual(after);
      expect(asked).toEqual(
        Array.from({ length: 4 }, () => `${sql}\nproduct: 2 rows changed\nKeep this change?`),
      );
      const read = await writing.call('query', { sql: 'SELECT count(*) AS n FROM product' });
      expect(read.structured['rows']).toEqual([[3]]);
      expect(asked).toHaveLength(4);
      const other = await writing.call('query', { sql: 'DROP TABLE product' });
      expect(other).toMatchObject({ isError: true, text: expect.stringContaining('refused') });
      await writing.close();
    });

    it('refuses a change where the client can ask nobody', async ({ skip }) => {
      skip(!available());
      const writing = await connectMcp(['--db', place.url, '--write'], { era });
      const told = await writing.call('query', { sql: 'DELETE FROM product' });
      expect(told).toMatchObject({ isError: true, text: expect.stringContaining('elicitation') });
      expect(Number((await place.rows('SELECT count(*) FROM product'))[0]?.[0])).toBe(3);
      await writing.close();
    });
  });

  it('asks anew where other rows would change than the user has seen', async ({ skip }) => {
    skip(!available());
    const asked: string[] = [];
    const writing = await connectMcp(['--db', place.url, '--write'], {
      async onAsk(message) {
        asked.push(message);
        if (asked.length === 1) {
          await place.rows("INSERT INTO product VALUES (4, 'Sofa', 5) RETURNING id");
          return { action: 'accept', content: { keep: true } };
        }
        return { action: 'decline' };
      },
    });
    const told = await writing.call('query', { sql: 'DELETE FROM product WHERE price < 100' });
    expect(told).toMatchObject({ isError: true });
    expect(asked.map((message) => /(\d) rows changed/u.exec(message)?.[1])).toEqual(['2', '3']);
    expect(Number((await place.rows('SELECT count(*) FROM product'))[0]?.[0])).toBe(4);
    await writing.close();
  });
});
