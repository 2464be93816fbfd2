import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { answers, fails, hangs, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { runProgram } from '../support/program.ts';

let model: ModelServerFake;
let folder: string;

beforeEach(async () => {
  model = await startModelServer();
  folder = mkdtempSync(join(tmpdir(), 'sqlq-batch-'));
});
afterEach(() => model.close());

const served = () => ['--db', 'sample', '--base-url', model.baseUrl, '--model', 'scripted'];
const batch = (...argv: readonly string[]) =>
  runProgram(['ask', ...served(), '--batch', 'questions.txt', ...argv], { folder });
const write = (text: string, name = 'questions.txt') => writeFileSync(join(folder, name), text);
const output = () => readFileSync(join(folder, 'answers.jsonl'), 'utf8');
const lines = () =>
  output()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const questionOf = (body: { messages: { content: string }[] }) =>
  /Question: (.*)/u.exec(body.messages[1]?.content ?? '')?.[1] ?? '';

/** Answers `q N?` with the number N. */
const number = answersByQuestion((question) => ({
  sql: `SELECT ${/\d+/u.exec(question)?.[0]} AS n`,
  assumptions: [question],
}));

function answersByQuestion(answer: (question: string) => Record<string, unknown>) {
  return (...[request, response]: Parameters<ReturnType<typeof answers>>) =>
    answers(answer(questionOf(request.body)))(request, response);
}

describe('ask --batch', () => {
  it('answers each question as a line of JSON, several at once, in order', async () => {
    write('q 1?\n# a note\n\nq 2?\nweather?\nq 3?\ndrop?\n');
    model.scriptAll(
      answersByQuestion((question) =>
        question === 'weather?'
          ? { unanswerable: 'no weather' }
          : question === 'drop?'
            ? { sql: 'DROP TABLE orders' }
            : { sql: `SELECT ${question.slice(2, 3)}, '12345678901234567890' + 0.5 AS x, NULL AS y` },
      ),
    );
    const ended = await batch('--output', 'answers.jsonl', '--jobs', '3');
    expect(ended).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('3 of 5 questions answered'),
    });
    expect(lines()).toMatchObject([
      { question: 'q 1?', columns: ['1', 'x', 'y'], rows: [{ 1: 1, y: null }], exitCode: 0, error: null },
      { question: 'q 2?', exitCode: 0 },
      {
        question: 'weather?',
        sql: null,
        columns: null,
        rows: null,
        exitCode: 4,
        error: expect.stringContaining('no weather'),
      },
      { question: 'q 3?', exitCode: 0 },
      { question: 'drop?', sql: 'DROP TABLE orders', rows: null, exitCode: 3 },
    ]);
    expect(existsSync(join(folder, 'answers.jsonl.part'))).toBe(false);
  });

  it('goes on where it was stopped, without asking again', async () => {
    write(Array.from({ length: 6 }, (_, index) => `q ${index}?\n`).join(''));
    model.script(number, number, number, hangs);
    const stop = new AbortController();
    const first = runProgram(
      ['ask', ...served(), '--batch', 'questions.txt', '--output', 'answers.jsonl', '--jobs', '1'],
      {
        folder,
        signal: stop.signal,
      },
    );
    await expect.poll(() => model.requests.length, { timeout: 20_000 }).toBe(4);
    stop.abort();
    const stopped = await first;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('3 of 6 answers are in answers.jsonl.part');
    expect(existsSync(join(folder, 'answers.jsonl'))).toBe(false);
    model.scriptAll(number);
    const second = await batch('--output', 'answers.jsonl');
    expect(second).toMatchObject({ code: 0 });
    expect(second.stderr).toContain('Going on: 3 of 6 are answered');
    expect(
      model.requests
        .slice(4)
        .map(({ body }) => questionOf(body))
        .sort(),
    ).toEqual(['q 3?', 'q 4?', 'q 5?']);
    expect(lines().map(({ rows }) => rows)).toEqual([0, 1, 2, 3, 4, 5].map((n) => [{ n }]));
  });

  it('does not go on with the answers of another model', async () => {
    write('q 1?\nq 2?\n');
    model.script(number, hangs);
    const stop = new AbortController();
    const first = runProgram(
      ['ask', ...served(), '--batch', 'questions.txt', '--output', 'answers.jsonl', '--jobs', '1'],
      {
        folder,
        signal: stop.signal,
      },
    );
    await expect.poll(() => model.requests.length, { timeout: 20_000 }).toBe(2);
    stop.abort();
    await first;
    expect(await batch('--output', 'answers.jsonl', '--model', 'other')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('answers.jsonl.part is of another batch'),
    });
  });

  it('writes lines to a pipe, keeps what fails apart, and runs nothing on a dry run', async () => {
    write('{"question": "q 1?", "id": "a"}\n"q 2?"\n', 'questions.jsonl');
    model.script(number, fails(500, { error: { message: 'broken' } }));
    const argv = ['ask', ...served(), '--batch', 'questions.jsonl', '--jobs', '1', '--no-cache'];
    const ended = await runProgram(argv, { folder });
    expect(ended.code).toBe(1);
    const [first, second] = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ id: 'a', rows: [{ n: 1 }], assumptions: ['q 1?'] });
    expect(second).toMatchObject({ question: 'q 2?', exitCode: 1, error: expect.stringContaining('broken') });
    model.scriptAll(number);
    const dry = await runProgram([...argv, '--dry-run'], { folder });
    expect(JSON.parse(dry.stdout.split('\n')[0] ?? '')).toMatchObject({
      sql: 'SELECT 1 AS n',
      rows: null,
      exitCode: 0,
    });
  });

  it('stops at a limit of rows and says so', async () => {
    write('all?\n');
    model.script(answers({ sql: 'SELECT id FROM customers ORDER BY id' }));
    await batch('--output', 'answers.jsonl', '--limit', '2');
    expect(lines()).toMatchObject([{ rows: [{ id: 1 }, { id: 2 }], truncated: true }]);
  });

  it.each([
    ['a question besides', ['how many?']],
    ['--write', ['--write']],
    ['--format', ['--format', 'csv']],
    ['--check', ['--check', 'rows > 0']],
  ])('refuses %s', async (what, argv) => {
    write('q 1?\n');
    expect(await batch(...argv)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(what),
    });
    expect(model.requests).toHaveLength(0);
  });

  it('answers offline, on each engine', async () => {
    write('how many customers are there?\n');
    const offline = await runProgram(
      ['ask', '--db', 'sample', '--profile', 'offline', '--batch', 'questions.txt'],
      { folder },
    );
    expect(JSON.parse(offline.stdout)).toMatchObject({ rows: [{ 'number of customers': 60 }], exitCode: 0 });
    model.scriptAll(answers({ sql: 'SELECT 12345678901234567890.25 AS n' }));
    write('n?\nn, again?\n');
    const database = `${inject('mariadbUrl')}/information_schema`;
    const ended = await runProgram(
      ['ask', '--db', database, '--base-url', model.baseUrl, '--model', 'm', '--batch', 'questions.txt'],
      { folder },
    );
    expect(ended.stdout.match(/"rows":\[\{"n":12345678901234567890\.25\}\]/gu)).toHaveLength(2);
  });
});

describe('ask --check', () => {
  const ask = (sql: string, ...checks: readonly string[]) => {
    model.script(answers({ sql }));
    return runProgram(['ask', ...served(), '--yes', ...checks.flatMap((check) => ['--check', check]), 'q?'], {
      folder,
    });
  };

  it('lets what holds pass, with its rows', async () => {
    const ended = await ask(
      'SELECT id FROM customers ORDER BY id LIMIT 2',
      'rows = 2 and columns = 1',
      'value = 1',
    );
    expect(ended).toMatchObject({ code: 0, stdout: 'id\n1\n2\n' });
  });

  it('ends with 1 and a clear text where it does not', async () => {
    const ended = await ask('SELECT id FROM customers WHERE 0', 'rows > 0');
    expect(ended).toMatchObject({ code: 1, stdout: 'id\n' });
    expect(ended.stderr).toContain('The check failed: rows > 0: rows are 0.');
    const exact = await ask('SELECT 9007199254740993 AS n', 'value = 9007199254740992');
    expect(exact).toMatchObject({ code: 1, stdout: 'n\n9007199254740993\n' });
    expect(exact.stderr).toContain('value is 9007199254740993');
  });

  it('is read before anything is asked', async () => {
    for (const flags of [
      ['--check', 'rows >'],
      ['--check', 'rows > 0', '--dry-run'],
    ]) {
      expect(await runProgram(['ask', ...served(), '--yes', ...flags, 'q?'])).toMatchObject({
        code: 2,
        stdout: '',
      });
    }
    expect(model.requests).toHaveLength(0);
  });
});
