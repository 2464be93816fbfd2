import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { connectMcp, type McpSession } from '../support/mcp-client.ts';
import { sampleFile } from '../support/program.ts';

/** Does some work in a session, and closes it however that ends. */
async function withSession<Value>(
  args: readonly string[],
  work: (session: McpSession) => Promise<Value>,
  options: Parameters<typeof connectMcp>[1] = {},
): Promise<Value> {
  const session = await connectMcp(args, options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** A folder with a settings file. */
function project(settings: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-mcp-'));
  writeFileSync(join(folder, '.sqlqrc'), settings);
  return folder;
}

const everyTool: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['search_schema', { words: 'country email' }],
  ['describe_tables', { tables: ['customers', 'reviews'] }],
  ['find_values', { text: 'germny' }],
  ['find_values', { text: 'Haines', column: 'customers.name' }],
  ['query', { sql: "SELECT name, country FROM customers WHERE country = 'germany'" }],
  ['query', { sql: 'SELECT * FROM customers' }],
  ['explain', { sql: "SELECT name FROM customers WHERE country = 'germany'" }],
  ['ask', { question: 'how many customers are in germny?' }],
  ['ask', { question: 'customers in Germany' }],
  ['query', { sql: "SELECT abs(name) + json_extract(name, '$') FROM customers" }],
  ['examples', { question: 'customers in Germany' }],
];

describe('what a caller is told', () => {
  it('is no row and no stored value where send says so', async () => {
    const rows = new SQLite(sampleFile, { readonly: true })
      .prepare<[], (string | null)[]>('SELECT name, email, city, country FROM customers')
      .raw()
      .all();
    const stored = new Set(rows.flat().filter((value) => value !== null));
    await withSession(['--db', 'sample', '--profile', 'offline', '--send', 'comments'], async (session) => {
      for (const [name, args] of everyTool) {
        const told = await session.call(name, args);
        const asked = JSON.stringify(args).toLowerCase();
        const text = `${told.text}\n${JSON.stringify(told.structured)}`;
        for (const value of stored) {
          if (!asked.includes(value.toLowerCase())) {
            expect(text, `${name} ${JSON.stringify(args)}`).not.toContain(value);
          }
        }
      }
      const searched = await session.call('search_schema', {});
      expect(searched.structured['tables']).toMatchObject(Array.from({ length: 7 }, () => ({ rows: null })));
      const explained = await session.call('explain', { sql: 'SELECT * FROM customers' });
      expect(explained.structured).toMatchObject({ rows: null, rowsScanned: null, cost: null, plan: null });
      const query = await session.call('query', { sql: 'SELECT 1' });
      expect(query).toMatchObject({ isError: true, text: expect.stringContaining('Rows stay here') });
      const found = await session.call('find_values', { text: 'x' });
      expect(found).toMatchObject({ isError: true, text: expect.stringContaining('--send samples') });
    });
  });

  it('is without comments where send is none', async () => {
    await withSession(['--db', 'sample', '--send', 'none'], async (session) => {
      const { text } = await session.call('describe_tables', { tables: ['customers'] });
      expect(text).toContain('table customers');
      expect(text).not.toContain('People who have an account');
      const { contents } = await session.client.readResource({ uri: 'sqlq://sample/schema' });
      expect(JSON.stringify(contents)).not.toContain('People who have an account');
    });
  });

  it('follows what a database or a file of settings says of itself', async () => {
    const folder = project(
      `database: shop\ndatabases:\n  shop:\n    url: ${sampleFile}\n    send: [comments]\n  open: ${sampleFile}\n`,
    );
    await withSession(
      ['--databases', 'all'],
      async (session) => {
        const sql = 'SELECT count(*) FROM customers';
        expect(await session.call('query', { sql })).toMatchObject({ isError: true });
        expect(session.client.getInstructions()).toContain('Databases: shop, open; shop unless named.');
        const other = await session.call('query', { sql, database: 'open' });
        expect(other.structured['rows']).toEqual([[60]]);
        for (const database of ['sample', 'sqlite:/etc/passwd', sampleFile, 'postgres://localhost/x']) {
          const strange = await session.call('query', { sql, database });
          expect(strange).toMatchObject({
            isError: true,
            text: expect.stringContaining('There are: shop, open'),
          });
        }
      },
      { folder },
    );
  });

  it('never names a hidden column, and no statement reads one', async () => {
    await withSession(
      ['--db', 'sample', '--hide', '*.email', '--hide', 'customers.city'],
      async (session) => {
        for (const [name, args] of everyTool) {
          const told = await session.call(name, args);
          const text = `${told.text}${JSON.stringify(told.structured)}`.replaceAll('country email', '');
          expect(text, name).not.toMatch(/\bemail\b|@example/u);
        }
        for (const sql of ['SELECT email FROM customers', 'SELECT max(city) FROM customers']) {
          expect(await session.call('query', { sql })).toMatchObject({
            isError: true,
            text: expect.stringContaining('refused'),
          });
          expect(await session.call('explain', { sql })).toMatchObject({ isError: true });
        }
        const found = await session.call('find_values', { text: 'x', column: 'customers.email' });
        expect(found.isError).toBe(true);
      },
    );
  });

  it('is no more rows than the session may be told', async () => {
    await withSession(['--db', 'sample', '--max-rows', '70'], async (session) => {
      const sql = 'SELECT id FROM customers';
      const first = await session.call('query', { sql });
      expect(first.structured['rows']).toHaveLength(60);
      expect(first.text).toContain('may be told 10 rows more');
      const second = await session.call('query', { sql });
      expect(second.structured).toMatchObject({ rows: { length: 10 }, cursor: 'r2:10' });
      for (const args of [{ sql }, { cursor: 'r2:10' }]) {
        expect(await session.call('query', args)).toMatchObject({
          isError: true,
          text: expect.stringContaining('--max-rows'),
        });
      }
      const none = await session.call('query', { sql: 'SELECT 1 WHERE 1 = 2' });
      expect(none.isError).toBe(false);
    });
  });

  it('stands in the ledger, word for word, and its numbers in the log', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-mcp-'));
    const told = await withSession(
      ['--db', 'sample', '--ledger', 'told.jsonl', '--log-json', 'log.jsonl'],
      async (session) => [
        await session.call('query', { sql: 'SELECT name FROM customers WHERE id = 7' }),
        await session.call('query', { sql: 'DROP TABLE customers' }),
      ],
      { folder },
    );
    const lines = (file: string): readonly Record<string, unknown>[] =>
      readFileSync(join(folder, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const entries = lines('told.jsonl').filter(({ event }) => event === 'told');
    expect(entries).toMatchObject([
      {
        tool: 'query',
        database: 'sample',
        exitCode: 0,
        rows: 1,
        result: { content: [{ text: told[0]?.text }] },
      },
      { tool: 'query', exitCode: 3, result: { isError: true, content: [{ text: told[1]?.text }] } },
    ]);
    expect(statSync(join(folder, 'told.jsonl')).mode & 0o077).toBe(0);
    const logged = lines('log.jsonl').filter(({ event }) => event === 'tool');
    expect(logged).toMatchObject([
      { tool: 'query', exitCode: 0, rows: 1 },
      { tool: 'query', exitCode: 3, rows: 0 },
    ]);
    expect(JSON.stringify(logged)).not.toContain('SELECT');
  });

  it('holds --strict: a doubt is said, and no row', async () => {
    await withSession(['--db', 'sample', '--strict'], async (session) => {
      const told = await session.call('query', {
        sql: "SELECT count(*) FROM customers WHERE country = 'germany'",
      });
      expect(told).toMatchObject({
        isError: true,
        text: expect.stringContaining("Doubt: No row has customers.country = 'germany'."),
      });
    });
  });
});

describe('saved questions', () => {
  it('are resources and prompts with their parameters', async () => {
    const folder = project(`database: ${sampleFile}\n`);
    mkdirSync(join(folder, '.sqlq'));
    writeFileSync(
      join(folder, '.sqlq', 'orders-of.sql'),
      '-- how many orders came in a year?\n--\n-- database: sqlite\n-- parameter year: year = 2024\n-- parameter state: text\n\nSELECT count(*) FROM orders WHERE ordered_at >= :year_from AND ordered_at < :year_until AND status = :state\n',
    );
    await withSession(
      [],
      async ({ client, call }) => {
        const { prompts } = await client.listPrompts();
        expect(prompts).toMatchObject([
          {
            name: 'orders-of',
            description: 'how many orders came in a year?',
            arguments: [
              { name: 'year', required: false, description: 'year, 2024 unless given' },
              { name: 'state', required: true },
            ],
          },
        ]);
        const { messages } = await client.getPrompt({
          name: 'orders-of',
          arguments: { state: "o'delivered\u202e" },
        });
        const text = JSON.stringify(messages);
        expect(text).toContain("'o''delivered\\\\u{202e}'");
        expect(text).toContain("'2024-01-01'");
        await expect(client.getPrompt({ name: 'orders-of', arguments: {} })).rejects.toThrow('state');
        const { contents } = await client.readResource({ uri: 'sqlq-saved:orders-of' });
        expect(JSON.stringify(contents)).toContain('-- parameter year: year = 2024');
        const { structured } = await call('examples', { question: 'anything' });
        expect(structured['saved']).toMatchObject([{ name: 'orders-of' }]);
      },
      { folder },
    );
  });
});

it('asks the user about SQL as it is, not as it looks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-mcp-'));
  copyFileSync(sampleFile, join(folder, 'shop.db'));
  const asked: string[] = [];
  await withSession(
    ['--db', 'shop.db', '--write'],
    (session) => session.call('query', { sql: "UPDATE customers SET city = '\u202e\u001b[2J' WHERE id = 1" }),
    {
      folder,
      onAsk(message) {
        asked.push(message);
        return { action: 'decline' };
      },
    },
  );
  expect(asked).toEqual([
    "UPDATE customers SET city = '\\u{202e}\\e[2J' WHERE id = 1\ncustomers: 1 row changed\nKeep this change?",
  ]);
});

describe('save_result', () => {
  it('writes a whole result to a new file, from SQL or from a result', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-save-'));
    await withSession(['--db', 'sample', '--save-to', folder], async (session) => {
      const sql = 'SELECT id, name FROM customers ORDER BY id';
      const { structured } = await session.call('query', { sql, limit: 2 });
      const { result } = structured;
      const saved = await session.call('save_result', { result, file: 'customers.csv' });
      expect(saved.structured).toMatchObject({ path: join(folder, 'customers.csv'), rows: 60 });
      expect(readFileSync(join(folder, 'customers.csv'), 'utf8').trim().split('\n')).toHaveLength(61);
      await session.call('save_result', { sql, file: 'customers.jsonl' });
      expect(readFileSync(join(folder, 'customers.jsonl'), 'utf8').trim().split('\n')).toHaveLength(60);
    });
    expect(readdirSync(folder).sort()).toEqual(['customers.csv', 'customers.jsonl']);
  });

  it('writes over nothing, leads nowhere else, and leaves nothing where it fails', async () => {
    const root = mkdtempSync(join(tmpdir(), 'sqlq-save-'));
    const folder = join(root, 'in');
    mkdirSync(folder);
    writeFileSync(join(folder, 'mine.csv'), 'mine');
    writeFileSync(join(root, 'out.csv'), 'out');
    symlinkSync(join(root, 'out.csv'), join(folder, 'link.csv'));
    symlinkSync(join(root, 'not-there.csv'), join(folder, 'dangling.csv'));
    linkSync(join(root, 'out.csv'), join(folder, 'hard.csv'));
    symlinkSync(root, join(folder, 'up'));
    await withSession(['--db', 'sample', '--save-to', folder], async (session) => {
      const names = [
        ...['mine.csv', 'link.csv', 'dangling.csv', 'hard.csv'],
        ...['../new.csv', '/tmp/new.csv', 'up/new.csv', './new.csv', '..', '.csv', '.hidden.csv', ''],
        ...[
          'new.csv/',
          'a\u0000b.csv',
          'new.exe',
          'new',
          ' new.csv',
          'new.csv ',
          'C:new.csv',
          'new\u202e.csv',
          'new\u2028line.csv',
          '--checkpoint-action=exec=sh x.csv',
          'CON.csv',
          'lpt1.old.csv',
        ],
      ];
      for (const file of names) {
        expect(await session.call('save_result', { sql: 'SELECT 1', file }), file).toMatchObject({
          isError: true,
        });
      }
      const failing = ['SELECT nope', 'DELETE FROM customers', "SELECT json('{') FROM customers"];
      for (const sql of failing) {
        expect(await session.call('save_result', { sql, file: 'failed.csv' }), sql).toMatchObject({
          isError: true,
        });
      }
      const many =
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10001) SELECT i FROM n';
      const cut = await session.call('save_result', { sql: many, file: 'cut.html' });
      expect(cut).toMatchObject({ isError: true, text: expect.stringContaining('nothing is written') });
    });
    expect(readdirSync(folder).sort()).toEqual(['dangling.csv', 'hard.csv', 'link.csv', 'mine.csv', 'up']);
    expect(readFileSync(join(folder, 'mine.csv'), 'utf8')).toBe('mine');
    expect(readFileSync(join(root, 'out.csv'), 'utf8')).toBe('out');
    expect(existsSync(join(root, 'not-there.csv'))).toBe(false);
    expect(readdirSync(root).sort()).toEqual(['in', 'out.csv']);
  });

  it('is refused where no folder was named', async () => {
    await withSession(['--db', 'sample'], async (session) => {
      const told = await session.call('save_result', { sql: 'SELECT 1', file: 'a.csv' });
      expect(told).toMatchObject({ isError: true, text: expect.stringContaining('--save-to FOLDER') });
    });
  });
});
