import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { emptyEnvironment, programFile, runProgram, sampleFile } from '../support/program.ts';

let model: ModelServerFake;
let served: readonly string[];

beforeEach(async () => {
  model = await startModelServer();
  served = ['--base-url', model.baseUrl, '--model', 'scripted'];
});
afterEach(() => model.close());

const sample = ['--db', 'sample'] as const;
const ask = (...argv: readonly string[]) => runProgram(['ask', ...sample, ...served, ...argv]);

describe('exit codes', () => {
  it('0: rows, and no rows', async () => {
    const rows = await runProgram(['run', ...sample, 'SELECT count(*) AS n FROM customers']);
    expect(rows).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    expect(await runProgram(['run', ...sample, 'SELECT id FROM customers WHERE 0'])).toMatchObject({
      code: 0,
      stdout: 'id\n',
    });
  });

  it('0: SQL that begins with a comment, which is no flag', async () => {
    const sql = '-- a comment\nSELECT 1 AS a';
    for (const argv of [[sql], ['--', sql]]) {
      const { code, stdout } = await runProgram(['run', '--db', sampleFile, ...argv]);
      expect([code, stdout]).toEqual([0, 'a\n1\n']);
    }
  });

  it('0: a reader that went away, quietly', async () => {
    const command = `"${process.execPath}" "${programFile}" run --db sample "SELECT a.id FROM order_items, orders a, orders b" | head -n 2`;
    const ended = await new Promise<{ text: string; code: number | null; errors: string }>((resolve) => {
      const child = spawn('bash', ['-o', 'pipefail', '-c', command], { env: emptyEnvironment() });
      let text = '';
      let errors = '';
      child.stdout.on('data', (chunk) => (text += String(chunk)));
      child.stderr.on('data', (chunk) => (errors += String(chunk)));
      child.once('close', (code) => resolve({ text, code, errors }));
    });
    expect(ended).toEqual({ text: expect.stringMatching(/^id\n\d+\n$/u), code: 0, errors: '' });
  });

  it('1: the database fails, the model fails', async () => {
    const missing = await runProgram(['run', '--db', 'no-such-file.db', 'SELECT 1']);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('no-such-file.db');
    const nobody = await runProgram([
      'ask',
      ...sample,
      '--yes',
      '--base-url',
      'http://127.0.0.1:9/v1',
      '--model',
      'm',
      'q?',
    ]);
    expect(nobody).toMatchObject({ code: 1, stdout: '' });
    expect(nobody.stderr).toContain('127.0.0.1:9');
  });

  it('2: usage and settings', async () => {
    expect((await runProgram(['run', '--frmat', 'csv'])).stderr).toContain('--format');
    expect((await runProgram(['run', '--frmat', 'csv'])).code).toBe(2);
    expect(await runProgram(['run', 'SELECT 1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--db'),
    });
    expect(await runProgram(['run', ...sample, '--limit', '-3', 'SELECT 1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--limit'),
    });
    expect(await ask('how many?')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(model.requests).toHaveLength(0);
  });

  it('3: the guard refuses, after the model could mend it', async () => {
    expect(await runProgram(['run', ...sample, 'DELETE FROM orders'])).toMatchObject({ code: 3, stdout: '' });
    model.scriptAll(answers({ sql: 'DROP TABLE orders' }));
    const refused = await ask('--yes', 'drop the orders');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(model.requests).toHaveLength(3);
  });

  it("4: can't be answered, or has two readings", async () => {
    model.script(answers({ unanswerable: 'no column holds the weather' }));
    expect(await ask('--yes', 'is it sunny?')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('no column holds the weather'),
    });
    model.script(answers({ clarification: 'Gross or net?' }));
    expect(await ask('--yes', 'revenue?')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('Gross or net?'),
    });
    const offline = await runProgram([
      'ask',
      ...sample,
      '--profile',
      'offline',
      '--yes',
      'colourless green ideas sleep furiously',
    ]);
    expect(offline).toMatchObject({ code: 4, stdout: '' });
  });

  it('5: a limit was passed', async () => {
    const endless = 'WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT max(n) FROM n';
    const slow = await runProgram(['run', ...sample, '--timeout', '500ms', endless]);
    expect(slow).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('--timeout') });
    const database = `${inject('postgresUrl')}/postgres`;
    const scan = 'SELECT * FROM generate_series(1, 1000000) AS n';
    const costly = await runProgram(['run', '--db', database, '--max-cost', '1', scan]);
    expect(costly).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('--max-cost') });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends a run with %i', async (signal, code) => {
    const endless = 'WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT max(n) FROM n';
    const child = spawn(process.execPath, [programFile, 'run', ...sample, endless], {
      env: emptyEnvironment(),
      stdio: 'ignore',
    });
    setTimeout(() => child.kill(signal), 1500);
    const ended = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect(ended).toBe(code);
  });
});

describe('ask', () => {
  it('takes the question from standard input, sends the schema and nothing of a row', async () => {
    model.script(answers({ sql: 'SELECT count(*) AS n FROM customers' }));
    const ended = await runProgram(['ask', ...sample, ...served, '--yes'], {
      input: 'how many customers?\n',
    });
    expect(ended).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    const [request] = model.requests;
    expect(request?.text).toContain('how many customers?');
    expect(request?.text).toContain('newsletter');
    for (const cell of ['München', 'Standing Desk', 'example.com', 'Marta Lind']) {
      expect(request?.text).not.toContain(cell);
    }
    const schema = await runProgram(['schema', ...sample]);
    expect(request?.body.messages[0].content).toContain(schema.stdout.trimEnd());
  });

  it('lets the model mend what the database refuses, and says so', async () => {
    model.script(
      answers({ sql: 'SELECT nmae FROM customers' }),
      answers({ sql: 'SELECT name FROM customers WHERE id = 1' }),
    );
    const ended = await ask('--yes', 'first customer');
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('nmae');
    expect(ended.stderr).toContain('1 of 2');
    expect(model.requests[1]?.text).toContain('no such column: nmae');
  });

  it('prints the SQL alone on a dry run', async () => {
    model.script(answers({ sql: 'SELECT count(*) FROM customers' }));
    const ended = await ask('--dry-run', 'how many?');
    expect(ended.code).toBe(0);
    expect(ended.stdout.replace(/\s+/gu, ' ').trim()).toBe('SELECT count(*) FROM customers');
  });

  it('reports what was done, and what left, also when it fails', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-report-'));
    model.script(answers({ sql: 'SELECT id FROM customers' }));
    await ask('--yes', '--report', join(folder, 'good.json'), 'ids');
    const good = JSON.parse(readFileSync(join(folder, 'good.json'), 'utf8'));
    expect(good).toMatchObject({
      question: 'ids',
      sql: 'SELECT id FROM customers',
      provider: 'custom',
      model: 'scripted',
      structuredOutput: 'json_schema',
      rows: 60,
      exitCode: 0,
    });
    expect(good.steps.map((step: { name: string }) => step.name)).toEqual([
      'schema',
      'profiles',
      'model',
      'check',
      'doubts',
      'run',
    ]);
    expect(good.sent).toEqual([{ host: new URL(model.baseUrl).host, text: model.requests[0]?.text }]);
    model.script(answers({ unanswerable: 'no such data' }));
    await ask('--yes', '--report', join(folder, 'bad.json'), 'x');
    const bad = JSON.parse(readFileSync(join(folder, 'bad.json'), 'utf8'));
    expect(bad).toMatchObject({ exitCode: 4, error: expect.stringContaining('no such data') });
    expect(bad.sent).toHaveLength(1);
    expect(statSync(join(folder, 'bad.json')).mode & 0o077).toBe(0);
  });

  it('leaves the sample shop as it came, also where writing is allowed', async () => {
    const before = readFileSync(sampleFile);
    for (const flag of ['--write', '--write=ddl']) {
      const { code, stderr } = await runProgram(
        ['run', '--db', 'sample', flag, '--yes', 'UPDATE products SET stock = 0'],
        {},
      );
      expect(code).toBe(2);
      expect(stderr).toContain('stays as it is');
    }
    expect(readFileSync(sampleFile).equals(before)).toBe(true);
  });

  it('writes an output file whole, or not at all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-output-'));
    const file = join(folder, 'rows.json');
    await runProgram(['run', ...sample, '--format', 'json', '--output', file, 'SELECT id FROM categories']);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(9);
    const absent = join(folder, 'absent.csv');
    const endless = 'WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT n FROM n';
    expect(
      await runProgram(['run', ...sample, '--timeout', '700ms', '--output', absent, endless]),
    ).toMatchObject({ code: 5 });
    expect(existsSync(absent)).toBe(false);
    expect(statSync(folder).isDirectory()).toBe(true);
  });
});

it('refuses SQL that is not UTF-8', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-latin1-'));
  const path = join(folder, 'q.sql');
  writeFileSync(path, Buffer.from("SELECT 'M\xfcller' AS name", 'latin1'));
  const ended = await runProgram(['run', ...sample, '--file', path]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(`The file ${path} holds bytes that are not UTF-8.`);
});

it('a pattern that hides nothing is told on stderr and in the report', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-hide-'));
  const report = join(folder, 'report.json');
  const sql = 'SELECT count(*) AS n FROM customers';
  const flags = ['--hide', 'cust*email,customers.emial', '--report', report];
  const ended = await runProgram(['run', ...sample, ...flags, sql]);
  expect(ended).toMatchObject({ code: 0, stdout: 'n\n60\n' });
  const told = '"customers.emial" hides nothing: no column here fits it.';
  expect(ended.stderr.split('\n').filter((line) => line.includes('hides nothing'))).toEqual([told]);
  expect(JSON.parse(readFileSync(report, 'utf8')).warnings).toEqual([told]);
});

describe('the same question on each engine', () => {
  it.each(['postgres', 'mariadb'] as const)('%s: schema, check, rows and a refusal', async (engine) => {
    const url = engine === 'postgres' ? inject('postgresUrl') : inject('mariadbUrl');
    if (url === null) {
      return;
    }
    const database = engine === 'postgres' ? `${url}/postgres` : `${url}/mysql`;
    const made = await runProgram([
      'run',
      '--db',
      database,
      '--format',
      'ndjson',
      'SELECT 12345678901234567890.5 AS exact, NULL AS nothing',
    ]);
    expect(made).toMatchObject({ code: 0, stdout: '{"exact":12345678901234567890.5,"nothing":null}\n' });
    expect(await runProgram(['run', '--db', database, 'CREATE TABLE harm (id int)'])).toMatchObject({
      code: 3,
    });
  });
});

describe('settings', () => {
  it('names a database and a profile, and shows where each came from', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-project-'));
    writeFileSync(join(folder, '.sqlqrc'), `database: shop\ndatabases:\n  shop: sample\nprofile: offline\n`);
    const shown = await runProgram(['config'], { folder });
    expect(shown.stdout).toMatch(/database\s+shop/u);
    expect(shown.stdout).toContain('.sqlqrc');
    writeFileSync(join(folder, '.sqlqrc'), 'databse: shop\n');
    expect(await runProgram(['config'], { folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('database'),
    });
  });

  it('writes a first file, once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-project-'));
    expect(await runProgram(['config', 'init'], { folder })).toMatchObject({ code: 0 });
    expect(statSync(join(folder, '.sqlqrc')).mode & 0o077).toBe(0);
    expect(await runProgram(['config', 'init'], { folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--force'),
    });
    expect(await runProgram(['config'], { folder })).toMatchObject({ code: 0 });
  });

  it('is checked by the doctor, with a mend for what fails', async () => {
    model.models(['scripted']);
    model.scriptAll(answers({ sql: 'SELECT count(*) FROM artists' }));
    const good = await runProgram(['doctor', ...sample, ...served]);
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('json_schema') });
    const bad = await runProgram([
      'doctor',
      '--db',
      'missing.db',
      '--base-url',
      'http://127.0.0.1:9/v1',
      '--model',
      'm',
    ]);
    expect(bad.code).toBe(1);
    expect(bad.stdout.match(/FAIL/gu)?.length).toBe(2);
  });

  it('lists the models of a server', async () => {
    model.models(['one', 'two']);
    expect(await runProgram(['models', '--base-url', model.baseUrl])).toMatchObject({
      code: 0,
      stdout: 'one\ntwo\n',
    });
  });
});
