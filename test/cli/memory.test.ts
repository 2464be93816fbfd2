import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { answers, startModelServer } from '../support/model-server.ts';
import { type Ended, emptyEnvironment, runProgram } from '../support/program.ts';

let environment: Record<string, string>;
let memoryFile: string;

beforeEach(() => {
  environment = emptyEnvironment();
  memoryFile = join(environment['XDG_STATE_HOME'] ?? '', 'sqlq', 'memory.sqlite');
});

const sqlq = (...argv: readonly string[]): Promise<Ended> => runProgram(argv, { environment });
const ask = (question: string, ...flags: readonly string[]): Promise<Ended> =>
  sqlq('ask', '--db', 'sample', '--profile', 'offline', '--yes', ...flags, question);

const germans = 'how many customers are in Germany';
const readers = "SELECT count(*) AS n FROM customers WHERE country = 'Germany' AND newsletter";

describe('history', () => {
  it('lists, searches, shows and runs again what was asked', async () => {
    await ask(germans);
    await ask('how many products are there?', '--dry-run');
    const list = await sqlq('history');
    expect(list.stdout.split('\n').map((line) => line.replace(/\d{4}-\S+ \S+/u, 'TIME'))).toEqual([
      `   1   TIME  sample  ${germans}`,
      '   2 ~ TIME  sample  how many products are there?',
      '',
    ]);
    expect((await sqlq('history', 'search', 'GERMANY customers')).stdout).toContain(germans);
    expect((await sqlq('history', 'search', 'germany', 'products')).stdout).toBe('');
    const shown: unknown = JSON.parse((await sqlq('history', 'show', '1', '--json')).stdout);
    expect(shown).toMatchObject({ question: germans, rows: 1, outcome: 'answered', provider: 'offline' });
    expect((await sqlq('last')).stdout).toContain('-- 2. how many products are there?\n');
    expect(await sqlq('history', 'run', '1', '--format', 'json')).toMatchObject({ code: 0 });
    const { stdout } = await sqlq('history', 'show', '1');
    const piped = await runProgram(['run', '--db', 'sample'], { environment, input: stdout });
    expect(piped.stdout).toBe('number of customers\n9\n');
  });

  it('keeps no row, and lets nobody else read it', async () => {
    await ask('names of customers in Germany');
    expect(statSync(memoryFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(memoryFile, '..')).mode & 0o777).toBe(0o700);
    const kept = ['', '-wal'].flatMap((end) =>
      existsSync(memoryFile + end) ? [readFileSync(memoryFile + end, 'latin1')] : [],
    );
    expect(kept.join('')).toContain('names of customers in Germany');
    const { stdout } = await sqlq(
      'run',
      '--db',
      'sample',
      "SELECT name FROM customers WHERE country = 'Germany'",
    );
    const names = stdout.trim().split('\n').slice(1);
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      expect(kept.join('')).not.toContain(name);
    }
  });

  it('forgets one, or all, and leaves nothing of them on the disk', async () => {
    await ask(germans);
    await ask('how many products are there?');
    expect((await sqlq('history', 'forget', '1')).code).toBe(0);
    expect((await sqlq('history')).stdout).not.toContain(germans);
    expect(readFileSync(memoryFile, 'latin1')).not.toContain(germans);
    expect((await sqlq('history', 'forget')).code).toBe(2);
    expect((await sqlq('history', 'forget', '--all')).stderr).toContain('one answer');
    expect((await sqlq('history')).stdout).toBe('');
    expect(await sqlq('last')).toMatchObject({ code: 2, stdout: '' });
    expect(await sqlq('history', 'show', '77')).toMatchObject({ code: 2 });
  });

  it('takes secrets out of what it keeps', async () => {
    environment['SHOP_TOKEN'] = 'hunter2-hunter2';
    await ask('how many customers are in hunter2-hunter2 Germany', '--dry-run');
    await ask("how many customers have the email 'a hunter2-hunter2'", '--dry-run');
    const kept = (await sqlq('history', '--json')).stdout + readFileSync(memoryFile, 'latin1');
    expect(kept).not.toContain('hunter2');
  });

  it.each([
    ['a variable', { SQLQ_HISTORY: 'off' }, null],
    ['the user’s file', {}, 'history: false\n'],
  ])('is off by %s', async (_by, variables, settings) => {
    Object.assign(environment, variables);
    if (settings !== null) {
      const folder = join(environment['XDG_CONFIG_HOME'] ?? '', 'sqlq');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, '.sqlqrc'), settings);
    }
    expect((await ask(germans)).code).toBe(0);
    expect(existsSync(memoryFile)).toBe(false);
  });

  it('lets a folder’s file turn it off, and neither on nor shorter', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-project-'));
    writeFileSync(join(folder, '.sqlqrc'), 'historyAnswers: 1\nhistory: true\n');
    const there = (...argv: readonly string[]) => runProgram(argv, { environment, folder });
    for (const question of [germans, 'how many products are there?']) {
      await there('ask', '--db', 'sample', '--profile', 'offline', '--yes', question);
    }
    expect((await sqlq('history')).stdout.trim().split('\n')).toHaveLength(2);
    writeFileSync(join(folder, '.sqlqrc'), 'history: false\n');
    await there('ask', '--db', 'sample', '--profile', 'offline', '--yes', germans);
    expect((await sqlq('history')).stdout.trim().split('\n')).toHaveLength(2);
  });

  it('keeps no more than the user’s cap', async () => {
    const folder = join(environment['XDG_CONFIG_HOME'] ?? '', 'sqlq');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.sqlqrc'), 'historyAnswers: 2\n');
    for (const question of [germans, 'how many products are there?', 'how many orders are there?']) {
      await ask(question);
    }
    expect((await sqlq('history')).stdout).toMatch(/^ +2 [\s\S]*\n +3 [^\n]*\n$/u);
  });

  it('warns once where it can’t write, and answers all the same', async () => {
    mkdirSync(join(memoryFile, '..'), { recursive: true });
    writeFileSync(memoryFile, 'this is no database at all, and long enough to be seen as none');
    const ended = await ask(germans);
    expect(ended).toMatchObject({ code: 0, stdout: 'number of customers\n9\n' });
    expect(ended.stderr.match(/not kept in the history/gu)).toHaveLength(1);
    chmodSync(memoryFile, 0o600);
  });

  it('is written by several processes at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => ask(germans)));
    const kept: unknown = JSON.parse((await sqlq('history', '--json')).stdout);
    expect(kept).toHaveLength(4);
  });

  it('keeps what the guard refused too', async () => {
    const model = await startModelServer();
    try {
      model.scriptAll(answers({ sql: 'DROP TABLE orders' }));
      const flags = ['--base-url', model.baseUrl, '--model', 'scripted'];
      expect((await sqlq('ask', '--db', 'sample', '--yes', ...flags, 'drop the orders')).code).toBe(3);
      const [kept]: { sql: string; outcome: string }[] = JSON.parse((await sqlq('history', '--json')).stdout);
      expect(kept).toMatchObject({ sql: 'DROP TABLE orders', outcome: 'refused' });
    } finally {
      await model.close();
    }
  });
});

describe('good and bad', () => {
  it('turn the offline engine’s answer right, for other values too', async () => {
    expect((await ask(germans)).stdout).toBe('number of customers\n9\n');
    await sqlq('bad', '--sql', readers);
    expect((await ask('How many customers are there in Germany?')).stdout).toBe('n\n1\n');
    const { stdout } = await sqlq(
      'run',
      '--db',
      'sample',
      "SELECT count(*) AS n FROM customers WHERE country = 'France' AND newsletter",
    );
    expect((await ask('how many customers are in France?')).stdout).toBe(stdout);
    // A town is no country: the example says nothing of it.
    expect((await ask('how many customers are in Paris?')).stdout).toBe('number of customers\n2\n');
  });

  it('turn a served model’s answer right by what it is shown', async () => {
    const model = await startModelServer();
    try {
      model.scriptAll((request, response) => {
        const shown: string = request.body.messages.map(({ content }: { content: string }) => content).join();
        const sql = shown.includes('AND newsletter')
          ? "SELECT count(*) AS n FROM customers WHERE country = 'Norway' AND newsletter"
          : "SELECT count(*) AS n FROM customers WHERE country = 'Norway'";
        return answers({ sql })(request, response);
      });
      const flags = ['--base-url', model.baseUrl, '--model', 'scripted', '--no-cache'];
      const served = (...argv: readonly string[]) =>
        sqlq('ask', '--db', 'sample', '--yes', ...flags, ...argv);
      const before = await served('how many customers are in Norway?');
      await sqlq('bad', '--sql', readers);
      const after = await served('how many customers live in Norway?');
      expect(after.stdout).not.toBe(before.stdout);
      // Whoever sends nothing that people wrote sends no examples.
      const silent = await served('--send', 'none', 'how many customers live in Norway?');
      expect(silent.stdout).toBe(before.stdout);
    } finally {
      await model.close();
    }
  });

  it('show a served model no stored value that the question does not hold', async () => {
    const model = await startModelServer();
    try {
      await ask('how many customers are in Deutschland');
      const { stdout } = await sqlq('last');
      await sqlq('good');
      model.scriptAll(answers({ sql: 'SELECT 1' }));
      const flags = ['--base-url', model.baseUrl, '--model', 'scripted'];
      await sqlq(
        'ask',
        '--db',
        'sample',
        '--yes',
        ...flags,
        'how many customers are in Deutschland or abroad',
      );
      expect(model.requests).toHaveLength(1);
      const text = model.requests[0]?.text ?? '';
      expect(text).toContain('how many customers are in Deutschland');
      if (stdout.includes("'Germany'")) {
        expect(text).not.toContain("'Germany'");
      }
    } finally {
      await model.close();
    }
  });

  it('a bad answer is not given again, from the cache neither', async () => {
    const model = await startModelServer();
    try {
      const flags = ['--base-url', model.baseUrl, '--model', 'scripted'];
      const served = () => sqlq('ask', '--db', 'sample', '--yes', ...flags, 'how many?');
      model.script(answers({ sql: 'SELECT 1 AS n' }), answers({ sql: 'SELECT 2 AS n' }));
      expect((await served()).stdout).toBe('n\n1\n');
      expect((await served()).stdout).toBe('n\n1\n');
      await sqlq('bad');
      expect((await served()).stdout).toBe('n\n2\n');
      expect(model.requests[1]?.text).toContain('a wrong answer to this question before');
    } finally {
      await model.close();
    }
  });
});

it('the file of the history is a SQLite database that others can read', async () => {
  await ask(germans);
  const { stdout } = spawnSync('sqlite3', [memoryFile, 'SELECT question FROM answer'], { encoding: 'utf8' });
  expect(stdout.trim()).toBe(germans);
});
