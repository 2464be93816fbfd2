import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import SQLite from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Envelope,
  envelopeSchema,
  envelopeSchemaText,
} from '../../src/cli/commands/ask/envelope-schema.ts';
import { runProgram } from '../support/program.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-envelope-'));
  const database = new SQLite(join(folder, 'big.db'));
  database.exec(
    `CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER, holder TEXT);
     INSERT INTO accounts VALUES (1, 9007199254740993, 'a' || char(27) || '[2J')`,
  );
  database.close();
});

interface Told {
  readonly envelope: Envelope;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function ask(args: readonly string[], options: Parameters<typeof runProgram>[1] = {}): Promise<Told> {
  const { stdout, stderr, code } = await runProgram(['ask', '--json-envelope', ...args], {
    folder,
    ...options,
  });
  expect(stdout.trim().split('\n')).toHaveLength(1);
  const envelope = envelopeSchema.parse(JSON.parse(stdout));
  expect(envelope.exitCode).toBe(code);
  return { envelope, code, stdout, stderr };
}

const offline = ['--profile', 'offline', '--yes'];

describe('sqlq ask --json-envelope', () => {
  it('tells all of an answer in one object', async () => {
    const { envelope, code } = await ask([
      ...['--db', 'sample', ...offline],
      'which country has the most customers?',
    ]);
    expect(code).toBe(0);
    expect(envelope).toMatchObject({
      question: 'which country has the most customers?',
      database: expect.stringMatching(/^sqlite:.*shop\.sqlite$/u),
      sql: expect.stringContaining('GROUP BY country'),
      columns: [{ name: 'country', type: 'TEXT' }],
      rows: [{ country: 'United Kingdom' }],
      truncated: false,
      provider: 'offline',
      usage: null,
      error: null,
    });
    expect(envelope.assumptions).not.toEqual([]);
  });

  it('writes numbers digit for digit, and nothing that a terminal obeys', async () => {
    const { stdout } = await ask(['--db', 'big.db', ...offline, 'show all accounts']);
    expect(stdout).toContain('"balance":9007199254740993');
    expect(stdout).not.toContain('\u001b');
  });

  it('says where rows are cut, and what is doubted', async () => {
    const cut = await ask(['--db', 'sample', ...offline, '--limit', '2', 'show all customers']);
    expect(cut.envelope).toMatchObject({ rows: { length: 2 }, truncated: true });
    const tie = await ask([
      '--db',
      'sample',
      ...offline,
      '--strict',
      'which country has the fewest customers?',
    ]);
    expect(tie.envelope).toMatchObject({
      exitCode: 4,
      doubts: [{ kind: 'tie' }],
      rows: null,
      error: { code: 'unanswerable' },
    });
  });

  it.each([
    [
      'a question that has no answer',
      ['--db', 'sample', ...offline, 'will it rain tomorrow?'],
      4,
      'unanswerable',
    ],
    ['no consent', ['--db', 'sample', '--profile', 'offline', 'how many customers are there?'], 2, 'usage'],
    ['no database', ['--db', 'nowhere', ...offline, 'how many customers are there?'], 2, 'usage'],
    [
      'a server that is not there',
      ['--db', 'mysql://root@127.0.0.1:1/x', ...offline, 'how many customers are there?'],
      1,
      'failed',
    ],
    ['a limit', ['--db', 'sample', ...offline, '--max-rows-scanned', '1', 'show all customers'], 5, 'limit'],
    [
      'a check that fails',
      ['--db', 'sample', ...offline, '--check', 'value > 100', 'how many customers are there?'],
      1,
      'failed',
    ],
    ['a flag that does not fit', ['--db', 'sample', ...offline, '--format', 'csv', 'x y?'], 2, 'usage'],
  ] as const)('is printed for %s too', async (_what, args, exitCode, code) => {
    const { envelope, stderr } = await ask(args);
    expect(envelope).toMatchObject({ exitCode, error: { code } });
    expect(stderr).toContain(envelope.error?.message.split('\n')[0] ?? '-');
  });

  it('has the SQL of a dry run, and no rows', async () => {
    const { envelope } = await ask([
      ...['--db', 'sample', '--profile', 'offline', '--dry-run'],
      'how many customers are there?',
    ]);
    expect(envelope).toMatchObject({
      sql: 'SELECT COUNT(*) AS "number of customers" FROM customers',
      rows: null,
      exitCode: 0,
    });
  });

  it('holds no secret', async () => {
    const { stdout } = await ask([
      ...['--db', 'postgres://me:topsecret77@127.0.0.1:1/x?sslmode=disable', ...offline],
      'how many customers are there?',
    ]);
    expect(stdout).not.toContain('topsecret77');
  });

  it('is what envelope.schema.json says', async () => {
    await expect(envelopeSchemaText()).toMatchFileSnapshot(
      resolve(import.meta.dirname, '../../envelope.schema.json'),
    );
  });
});
