import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { emptyEnvironment, runProgram } from '../support/program.ts';

let model: ModelServerFake;
let environment: Record<string, string>;

beforeEach(async () => {
  model = await startModelServer();
  environment = emptyEnvironment();
});
afterEach(() => model.close());

const ask = (question: string, ...flags: readonly string[]) =>
  runProgram(
    [
      'ask',
      '--db',
      'sample',
      '--base-url',
      model.baseUrl,
      '--model',
      'scripted',
      '--yes',
      ...flags,
      question,
    ],
    { environment },
  );
const folder = () => join(environment['XDG_CACHE_HOME'] ?? '', 'sqlq', 'answers');

describe('the answer cache', () => {
  it('answers the same question again without a call, runs it anew, and says so', async () => {
    model.script(answers({ sql: 'SELECT count(*) AS n FROM customers', assumptions: ['all customers'] }));
    expect(await ask('how many customers?')).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    const again = await ask('how many customers?');
    expect(again).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    expect(again.stderr).toContain('Using the answer of');
    expect(again.stderr).toContain('--no-cache');
    expect(again.stderr).toContain('all customers');
    expect(model.requests).toHaveLength(1);
  });

  it('asks anew for another question, another model, another parameter, and with --no-cache', async () => {
    model.scriptAll(answers({ sql: 'SELECT 1 AS one' }));
    const same = ['--temperature', '0.5'];
    for (const [question, ...flags] of [
      ['one?'],
      ['One?'],
      ['one?', ...same],
      ['one?', '--model', 'other'],
      ['one?', '--no-cache'],
    ]) {
      expect((await ask(question ?? '', ...flags)).stderr).not.toContain('Using the answer');
    }
    expect(model.requests).toHaveLength(5);
    expect((await ask('one?', ...same)).stderr).toContain('Using the answer');
    expect(model.requests).toHaveLength(5);
  });

  it('is off by a setting', async () => {
    model.scriptAll(answers({ sql: 'SELECT 1 AS one' }));
    const place = mkdtempSync(join(tmpdir(), 'sqlq-cache-'));
    writeFileSync(join(place, '.sqlqrc'), 'cache: false\n');
    const argv = ['ask', '--db', 'sample', '--base-url', model.baseUrl, '--model', 'm', '--yes', 'one?'];
    for (let run = 0; run < 2; run++) {
      await runProgram(argv, { environment, folder: place });
    }
    expect(model.requests).toHaveLength(2);
    expect(() => readdirSync(folder())).toThrow();
  });

  it('asks anew when the schema changes', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sqlq-cache-')), 'a.db');
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(file);
    database.exec('CREATE TABLE t (a INTEGER)');
    model.scriptAll(answers({ sql: 'SELECT count(*) FROM t' }));
    const argv = ['ask', '--db', file, '--base-url', model.baseUrl, '--model', 'm', '--yes', 'how many?'];
    await runProgram(argv, { environment });
    database.exec('INSERT INTO t VALUES (1)');
    // Rows alone change nothing of the SQL; it runs anew.
    expect(await runProgram(argv, { environment })).toMatchObject({ stdout: 'count(*)\n1\n' });
    expect(model.requests).toHaveLength(1);
    database.exec('ALTER TABLE t ADD COLUMN b TEXT');
    await runProgram(argv, { environment });
    expect(model.requests).toHaveLength(2);
    database.close();
  });

  it('keeps the mended SQL alone, and never a refusal or a question back', async () => {
    model.script(answers({ sql: 'SELECT nothing FROM customers' }), answers({ sql: 'SELECT 7 AS seven' }));
    expect(await ask('seven?')).toMatchObject({ stdout: 'seven\n7\n' });
    expect(await ask('seven?')).toMatchObject({ stdout: 'seven\n7\n' });
    expect(model.requests).toHaveLength(2);
    model.script(
      answers({ unanswerable: 'no weather' }),
      answers({ unanswerable: 'no weather' }),
      answers({ clarification: 'which?' }),
      answers({ clarification: 'which?' }),
    );
    for (const question of ['rain?', 'rain?', 'which?', 'which?']) {
      expect((await ask(question)).code).toBe(4);
    }
    model.script(...Array.from({ length: 6 }, () => answers({ sql: 'DROP TABLE orders' })));
    for (let run = 0; run < 2; run++) {
      expect((await ask('drop the orders')).code).toBe(3);
    }
    expect(model.requests).toHaveLength(12);
  });

  it('judges and checks what it gives, whatever its file says by then', async () => {
    model.scriptAll(answers({ sql: 'SELECT 1 AS one' }));
    await ask('one?');
    const [name = ''] = readdirSync(folder());
    const path = join(folder(), name);
    if (process.platform !== 'win32') {
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(folder()).mode & 0o777).toBe(0o700);
    }
    expect(readFileSync(path, 'utf8')).not.toContain('one?');
    const kept = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...kept, sql: 'DELETE FROM orders' }));
    expect(await ask('one?')).toMatchObject({ code: 0, stdout: 'one\n1\n' });
    writeFileSync(path, '{"sql": "SELE');
    expect(await ask('one?')).toMatchObject({ code: 0, stdout: 'one\n1\n' });
    expect(model.requests).toHaveLength(3);
  });

  it('is nothing for the offline engine, which is quicker', async () => {
    const argv = ['ask', '--db', 'sample', '--profile', 'offline', '--yes', 'how many customers are there?'];
    for (let run = 0; run < 2; run++) {
      expect((await runProgram(argv, { environment })).stderr).not.toContain('Using the answer');
    }
    expect(() => readdirSync(folder())).toThrow();
  });
});
