import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { answers, fails, hangs, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { emptyEnvironment, runProgram } from '../support/program.ts';

let model: ModelServerFake;
let folder: string;

beforeEach(async () => {
  model = await startModelServer();
  folder = mkdtempSync(join(tmpdir(), 'sqlq-suite-'));
});
afterEach(() => model.close());

const write = (text: string, name = 'shop.sqlq.yaml') => writeFileSync(join(folder, name), text);
const test = (...argv: readonly string[]) => runProgram(['test', ...argv], { folder });
const served = () => ['--base-url', model.baseUrl, '--model', 'scripted'];
const replies = () => readFileSync(join(folder, 'shop.sqlq.replies.yaml'), 'utf8');

const offline = `database: sample
profile: offline
cases:
  - question: how many customers are there?
    expect: {value: 60, count: 1, columns: 1, sql: 'count\\(', reads: [Customers], check: rows = 1 and value > 59}
  - name: the busiest country
    question: which country has the most customers?
    expect: {rows: [[United Kingdom]], columns: [country]}
  - name: countries
    question: how many customers per country?
    expect: {rows: {sql: "SELECT country, count(*) FROM customers GROUP BY country"}}
  - name: nonsense
    question: colourless green ideas sleep furiously
    expect: {refused: 4}
`;

describe('sqlq test, offline', () => {
  it('passes with a line a case and a summary, with no key and no server', async () => {
    write(offline);
    const ended = await test();
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout.replace(/\(\d.*?\)|, \d.*/gu, '')).toBe(
      '✓ how many customers are there? \n✓ the busiest country \n✓ countries \n✓ nonsense \n\n4 passed\n',
    );
  });

  it('says what differs, and exits with 1', async () => {
    write(`database: sample
profile: offline
cases:
  - name: all at once
    question: how many customers are there?
    expect: {value: 61, count: 2, columns: [n], sql: [count, JOIN], reads: [orders], check: rows > 1, rows: [[61]]}
  - name: not refused
    question: how many customers are there?
    expect: {refused: 3}
  - name: refused
    question: colourless green ideas sleep furiously
    expect: {count: 1}
  - name: a query that is wrong
    question: how many customers are there?
    expect: {rows: {sql: DELETE FROM customers}}
`);
    const { code, stdout } = await test('--jobs', '2');
    expect(code).toBe(1);
    for (const text of [
      'the SQL does not match /JOIN/',
      'it should read orders, and reads customers',
      'the columns should be n, and are number of customers',
      '2 rows are expected, and there are 1',
      'the value should be 61, and is 60',
      'rows > 1: rows are 1',
      '    - 61\n    + 60\n',
      'it should be refused with exit code 3, and was answered',
      '(exit code 4)',
      'the query of the right rows fails: ',
      '0 passed, 4 failed',
      'shop.sqlq.yaml:4',
      'SQL: SELECT COUNT(*) AS "number of customers" FROM customers',
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it('warns of what takes too long, and passes', async () => {
    write(offline.replace('value: 60,', 'value: 60, max_milliseconds: 0.001,'));
    const { code, stdout } = await test('--filter', 'how many customers are');
    expect(code).toBe(0);
    expect(stdout).toMatch(/! it took \d+ ms, more than 0\.001/u);
    expect(stdout).toContain('1 passed, 1 with a warning');
  });

  it('runs what a filter lets through, as often as it should', async () => {
    write(offline);
    expect(
      (await test('--filter', '/^count|BUSIEST/i', '--repeat', '3')).stdout.replace(/, \d.*/gu, ''),
    ).toBe('✓ the busiest country (3 of 3 right\n✓ countries (3 of 3 right\n\n2 passed\n');
    expect(await test('--filter', 'nothing')).toMatchObject({ code: 2, stdout: '' });
    expect(await test('--filter', '/(/')).toMatchObject({ code: 2, stdout: '' });
  });

  it('starts from the day that the suite names', async () => {
    write(`database: sample
profile: offline
cases:
  - {question: how many orders were placed this year?, today: 2025-06-30, expect: {sql: 2025-01-01}}
  - {question: "how many orders were placed this year? ", today: 2024-06-30, expect: {sql: 2024-01-01}}
`);
    expect((await test()).stdout).toContain('2 passed');
  });

  it('exits with 2 for a bad suite, a bad flag or none at all, before anything is asked', async () => {
    write('database: sample\ncases:\n  - qestion: x\n', 'bad.sqlq.yaml');
    const bad = await test();
    expect(bad).toMatchObject({ code: 2, stdout: '' });
    expect(bad.stderr).toContain(
      'bad.sqlq.yaml:3:5: cases[0].qestion: there is no such setting; did you mean question?',
    );
    for (const argv of [
      ['nowhere.yaml'],
      ['--jobs', '0'],
      ['--record', '--live'],
      ['--record', '--repeat', '2'],
      ['--reporter', 'xml'],
    ]) {
      expect(await test(...argv)).toMatchObject({ code: 2, stdout: '' });
    }
    write('database: nosuch\nprofile: offline\ncases:\n  - question: x\n', 'a.yaml');
    expect((await test('a.yaml')).stderr).toContain('a.yaml:4: No database is called "nosuch"');
    folder = mkdtempSync(join(tmpdir(), 'sqlq-suite-'));
    expect(await test()).toMatchObject({ code: 2, stderr: expect.stringContaining('no suite') });
  });

  it('takes a path of a database from the suite, and what the command line says before that', async () => {
    write(offline.replace('sample', './shop.db'));
    writeFileSync(join(folder, 'shop.db'), readFileSync('fixtures/shop/shop.sqlite'));
    const elsewhere = { folder: mkdtempSync(join(tmpdir(), 'sqlq-suite-')) };
    const path = join(folder, 'shop.sqlq.yaml');
    expect(await runProgram(['test', path], elsewhere)).toMatchObject({ code: 0 });
    writeFileSync(join(folder, 'shop.db'), 'none');
    expect(await runProgram(['test', path], elsewhere)).toMatchObject({ code: 1 });
    expect(await runProgram(['test', path, '--db', 'sample'], elsewhere)).toMatchObject({ code: 0 });
    // A variable of the user's says nothing against a suite.
    const environment = { SQLQ_DATABASE: 'sample', SQLQ_PROFILE: 'nosuch' };
    expect(await runProgram(['test', path], { ...elsewhere, environment })).toMatchObject({ code: 1 });
  });
});

describe('reporters', () => {
  const failing = offline.replace('value: 60', 'value: "<&>\\u0007"');

  it('json: one object', async () => {
    write(failing);
    const report = JSON.parse((await test('--reporter', 'json')).stdout);
    expect(report).toMatchObject({ passed: 3, failed: 1 });
    expect(report.cases[0]).toMatchObject({
      suite: 'shop.sqlq.yaml',
      line: 4,
      passed: false,
      sql: 'SELECT COUNT(*) AS "number of customers" FROM customers',
      failures: ['the value should be <&>\u0007, and is 60'],
    });
    expect(report.cases[1]).toMatchObject({ name: 'the busiest country', passed: true, failures: [] });
  });

  it('junit: XML to a file, the text besides', async () => {
    write(failing);
    const ended = await test('--reporter', 'junit', '--output', 'results.xml');
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('3 passed, 1 failed');
    const xml = readFileSync(join(folder, 'results.xml'), 'utf8');
    expect(xml).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="sqlq test" tests="4" failures="1"/u,
    );
    expect(xml).toContain('message="the value should be &#60;&#38;&#62;\ufffd, and is 60"');
    expect(xml.match(/<testcase /gu)).toHaveLength(4);
    expect(xml.match(/<failure /gu)).toHaveLength(1);
  });

  it('tap: version 14', async () => {
    write(failing);
    const lines = (await test('--reporter', 'tap')).stdout.split('\n');
    expect(lines.slice(0, 3)).toEqual(['TAP version 14', '1..4', 'not ok 1 - how many customers are there?']);
    expect(lines.filter((line) => line.startsWith('ok '))).toHaveLength(3);
  });
});

const recorded = `database: sample
cases:
  - name: customers
    question: how many customers?
    expect: {value: 60}
  - name: orders
    question: how many orders?
    expect: {check: value > 0}
`;

describe('sqlq test, recorded', () => {
  const record = async (...argv: readonly string[]) => {
    model.scriptAll((request, response) => {
      const question = JSON.stringify(request.body.messages.at(-1).content);
      const table = question.includes('orders') ? 'orders' : 'customers';
      return answers({ sql: `SELECT count(*)\nFROM ${table}`, assumptions: ['all of them'] })(
        request,
        response,
      );
    });
    return test('--record', ...served(), ...argv);
  };

  it('keeps the replies beside the suite, and gives them again: no key, no network, on any machine', async () => {
    write(recorded);
    expect(await record()).toMatchObject({ code: 0, stderr: expect.stringContaining('2 cases') });
    expect(model.requests).toHaveLength(2);
    expect(replies()).toMatch(/case: customers\n +question: how many customers\?/u);
    expect(replies()).toContain('sql: |-\n            SELECT count(*)\n            FROM customers');
    const seen = model.requests.length + model.others.length;
    expect(await test()).toMatchObject({ code: 0, stderr: '' });
    // Settings that name the same provider and model do not disturb; their key is not needed.
    writeFileSync(
      join(folder, '.sqlqrc'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the settings file
      'profile: custom\nmodel: scripted\nprofiles:\n  custom: {baseUrl: "https://llm.example/v1", apiKey: "${OPENAI_API_KEY}"}\n',
    );
    expect(await test()).toMatchObject({ code: 0 });
    expect(model.requests.length + model.others.length).toBe(seen);
  });

  it("minds the project's settings and not one's own", async () => {
    write(recorded);
    await record();
    const environment = emptyEnvironment();
    const own = join(environment['XDG_CONFIG_HOME'] ?? '', 'sqlq');
    mkdirSync(own, { recursive: true });
    const ownSettings = 'profile: ollama\nmodel: mine\nsend: [comments, defaults]\n';
    writeFileSync(join(own, '.sqlqrc'), ownSettings);
    const run = () => runProgram(['test'], { folder, environment: { ...environment, SQLQ_MODEL: 'other' } });
    expect(await run()).toMatchObject({ code: 0 });
    writeFileSync(join(own, '.sqlqrc'), 'profile: offline\n');
    expect(await run()).toMatchObject({ code: 0 });
    writeFileSync(join(folder, '.sqlqrc'), 'send: []\n');
    expect((await run()).stdout).toContain('The prompt has changed');
    writeFileSync(join(folder, '.sqlqrc'), 'profile: ollama\n');
    expect((await run()).stdout).toContain('recorded with the profile custom, and ollama is asked now');
    rmSync(join(folder, '.sqlqrc'));
    rmSync(join(folder, 'shop.sqlq.replies.yaml'));
    writeFileSync(join(own, '.sqlqrc'), ownSettings);
    expect((await run()).stdout).toContain('Nothing is recorded for this case');
  });

  it('replays a mend as well', async () => {
    write(recorded.slice(0, recorded.indexOf('  - name: orders')));
    model.script(answers({ sql: 'SELECT nothing FROM customers' }), answers({ sql: 'SELECT 60' }));
    expect(await test('--record', ...served())).toMatchObject({ code: 0 });
    expect(await test()).toMatchObject({ code: 0 });
    expect(model.requests).toHaveLength(2);
  });

  it('says what has changed, and which cases must be recorded again', async () => {
    write(recorded);
    await record();
    const stale = async (change: string, text: string, ...argv: readonly string[]) => {
      write(text);
      const ended = await test(...argv);
      expect(ended.code).toBe(1);
      expect(ended.stdout).toContain(change);
      expect(ended.stdout).toContain('To be recorded, with: sqlq test --record shop.sqlq.yaml\n');
      return ended;
    };
    const question = await stale('The question has changed', recorded.replace('many orders', 'few orders'));
    expect(question.stdout).toContain('✓ customers');
    expect(question.stdout).toMatch(/sqlq\.yaml\n {2}orders\n/u);
    await stale('recorded with the model scripted, and other is asked now', recorded, '--model', 'other');
    await stale('The prompt has changed', recorded, '--send', 'none');
    await stale('The schema has changed', recorded, '--exclude', 'reviews');
    await stale('Nothing is recorded', `${recorded}  - question: how many products?\n`);
    await stale('The prompt has changed', `today: 2020-01-01\n${recorded}`);
  });

  it('records again only what it is asked to, and forgets cases that are gone', async () => {
    write(recorded);
    await record();
    const text = recorded.replace('many orders', 'many orders really');
    write(text);
    expect(await record('--filter', 'orders')).toMatchObject({ code: 0 });
    expect(model.requests).toHaveLength(3);
    expect(await test()).toMatchObject({ code: 0 });
    write(text.slice(0, text.indexOf('  - name: orders')));
    await record();
    expect(replies()).not.toContain('orders');
  });

  it('lets the offline engine answer where nobody names a profile and nothing is recorded, and says so', async () => {
    write(offline.replace('profile: offline\n', ''));
    const ended = await test('--filter', 'how many customers are');
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('the offline engine answers') });
  });

  it('keeps what was recorded when it is stopped', async () => {
    write(recorded);
    model.script(answers({ sql: 'SELECT 60' }), hangs);
    const stop = new AbortController();
    const running = runProgram(['test', '--record', '--jobs', '1', ...served()], {
      folder,
      signal: stop.signal,
    });
    await expect.poll(() => model.requests.length, { timeout: 20_000 }).toBe(2);
    stop.abort();
    expect(await running).toMatchObject({ code: 130 });
    expect(replies()).toContain('case: customers');
    expect((await test('--filter', 'customers')).code).toBe(0);
  });

  it('asks again with --live, keeps nothing, and says how often it is right', async () => {
    write(recorded.slice(0, recorded.indexOf('  - name: orders')));
    model.script(answers({ sql: 'SELECT 60' }), answers({ sql: 'SELECT 61' }), answers({ sql: 'SELECT 60' }));
    const ended = await test('--live', '--repeat', '3', ...served());
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('✗ customers (2 of 3 right');
    expect(model.requests).toHaveLength(3);
    expect(existsSync(join(folder, 'shop.sqlq.replies.yaml'))).toBe(false);
  });

  it('shows nothing that a terminal would obey, in any report', async () => {
    write(`cases:\n  - {name: "a\\e]0;x\\a", question: "q\\e[31m?", expect: {rows: [["\\e[32m"]]}}\n`);
    model.scriptAll(answers({ sql: 'SELECT char(27) || \'[41m\' || char(7) AS "c\u001b[1m"' }));
    for (const reporter of ['text', 'json', 'junit', 'tap']) {
      const ended = await test('--live', '--db', 'sample', ...served(), '--reporter', reporter);
      expect(ended.code).toBe(1);
      expect(ended.stdout).toContain('41m');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(ended.stdout + ended.stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
    }
  });

  it('needs a recording where a profile is named, and a server for none', async () => {
    write(`profile: openai\n${recorded}`);
    const ended = await test();
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('Nothing is recorded for this case');
  });

  it('warns of too many tokens, fails a case whose model fails, and records nothing of it', async () => {
    write(recorded.replace('value: 60', 'value: 60, max_tokens: 100'));
    model.script(answers({ sql: 'SELECT 60' }), fails(401, { error: { message: 'no' } }));
    const ended = await test('--record', '--jobs', '1', ...served());
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('! it took 120 tokens, more than 100');
    expect(ended.stdout).toContain('1 passed, 1 failed, 1 with a warning');
    expect(replies()).not.toContain('orders');
  });

  it('refuses replies that are not what it wrote', async () => {
    write(recorded);
    write('version: 1\nreplies: [{}]\n', 'shop.sqlq.replies.yaml');
    expect(await test()).toMatchObject({ code: 2, stderr: expect.stringContaining('--record') });
  });
});

describe('on servers', () => {
  const admin = async (...statements: readonly string[]) => {
    const { default: pg } = await import('pg');
    const client = new pg.Client(`${inject('postgresUrl')}/postgres`);
    await client.connect();
    for (const statement of statements) {
      await client.query(statement);
    }
    await client.end();
  };
  beforeAll(async () => {
    await admin('DROP DATABASE IF EXISTS sqlq_suite', 'CREATE DATABASE sqlq_suite');
    const { default: pg } = await import('pg');
    const client = new pg.Client(`${inject('postgresUrl')}/sqlq_suite`);
    await client.connect();
    await client.query('CREATE TABLE t (a numeric)');
    await client.end();
  });
  afterAll(() => admin('DROP DATABASE sqlq_suite WITH (FORCE)'));

  it.each(['postgresUrl', 'mariadbUrl'] as const)('%s: several at once, exact values', async (name) => {
    const database =
      name === 'postgresUrl' ? `${inject(name)}/sqlq_suite` : `${inject(name)}/information_schema`;
    write(`cases:
  - name: exact
    question: exact?
    expect: {rows: [[12345678901234567890.123, ~, 9223372036854775807]]}
  - name: right
    question: right?
    expect: {rows: {sql: SELECT 2 AS b UNION ALL SELECT 1}}
`);
    model.scriptAll((request, response) =>
      answers({
        sql: JSON.stringify(request.body.messages).includes('exact?')
          ? 'SELECT 12345678901234567890.123, NULL, 9223372036854775807'
          : 'SELECT 1 AS a UNION ALL SELECT 2',
      })(request, response),
    );
    const ended = await test('--live', ...served(), '--db', database);
    expect(ended.stdout).toContain('2 passed');
  });
});
