import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlq-doubts-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Looks take longer on a machine that runs other tests. */
const environment = { SQLQ_DOUBT_TIMEOUT: '20s' };
const fanOut = 'SELECT SUM(p.stock) FROM products p JOIN reviews r ON r.product_id = p.id';
const wrongCase = "SELECT count(*) FROM customers WHERE country = 'germany'";

it('are said before the rows, and stand in the report', async () => {
  const report = join(folder, 'report.json');
  const ended = await runProgram(['run', '--db', 'sample', '--report', report, fanOut], { environment });
  expect(ended).toMatchObject({ code: 0, stdout: 'SUM(p.stock)\n19651\n' });
  expect(ended.stderr).toContain('Doubt: The join with reviews repeats the rows of products: 150 are summed');
  const { doubts } = JSON.parse(readFileSync(report, 'utf8'));
  expect(doubts).toMatchObject([{ kind: 'fan-out', evidence: { rows: 150, own: 26 } }]);
  const mended = await runProgram(['run', '--db', 'sample', doubts[0].mendedSql], { environment });
  expect(mended.stdout.split('\n')[1]).toBe('3592');
});

it('end a strict run before it starts, with the SQL that has none', async () => {
  const ended = await runProgram(['run', '--db', 'sample', '--strict', wrongCase], { environment });
  expect(ended).toMatchObject({ code: 4, stdout: '' });
  expect(ended.stderr).toMatch(
    /Doubt: No row has customers\.country = 'germany'.*\n(?:.*\n)*sqlq: With --strict nothing runs/u,
  );
  expect(ended.stderr).toMatch(/country\W* = 'Germany'/u);
});

it('are not looked for where the user does not want them', async () => {
  const ended = await runProgram(['run', '--db', 'sample', '--no-doubts', '--strict', wrongCase]);
  expect(ended).toMatchObject({ code: 0, stdout: 'count(*)\n0\n', stderr: '' });
});

it('can not be turned off by a settings file that was found', async () => {
  const ended = await runProgram(['run', '--db', 'sample', wrongCase], {
    environment: { ...environment, SQLQ_DOUBTS: undefined },
    folder: projectWith('doubts: false\n'),
  });
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain("doubts counts in the user's own file alone, and is ignored.");
  expect(ended.stderr).toContain("Doubt: No row has customers.country = 'germany'.");
});

it('stand in the lines of a batch, and can be excluded by a suite', async () => {
  const questions = join(folder, 'questions.txt');
  writeFileSync(questions, 'how many customers are there in Germany?\n');
  const batch = await runProgram(['ask', '--db', 'sample', '--batch', questions, '--yes'], { environment });
  expect(JSON.parse(batch.stdout)).toMatchObject({ doubts: [] });
  const suite = join(folder, 'doubts.sqlq.yaml');
  writeFileSync(
    suite,
    `database: sample
profile: offline
cases:
  - question: how many customers are there?
    expect: { value: 60, doubts: none }
  - question: which city has the most customers?
    expect: { doubts: none }
`,
  );
  const tested = await runProgram(['test', suite], { environment });
  expect(tested.code).toBe(1);
  expect(tested.stdout + tested.stderr).toMatch(/there is a doubt: .*the same value/u);
});

it('say how many rows a limit cuts', async () => {
  const report = join(folder, 'cut.json');
  const argv = ['run', '--db', 'sample', '--limit', '3', 'SELECT id FROM customers'];
  const ended = await runProgram([...argv, '--report', report], { environment });
  expect(ended).toMatchObject({ code: 0, stdout: 'id\n1\n2\n3\n' });
  expect(ended.stderr).toBe('Doubt: The first 3 rows are shown, of 60: raise --limit for more.\n');
  expect(JSON.parse(readFileSync(report, 'utf8')).doubts).toMatchObject([{ kind: 'cut' }]);
  expect(await runProgram([...argv, '--strict'], { environment })).toMatchObject({ code: 4, stdout: '' });
});

it('are looked for on after a query that took long, where there was no time before', async () => {
  const slow = `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000000)
    SELECT (SELECT count(*) FROM numbers) AS n, count(*) AS germans FROM customers WHERE country = 'germany'`;
  const report = join(folder, 'slow.json');
  const ended = await runProgram(['run', '--db', 'sample', '--verbose', '--report', report, slow], {
    environment: { SQLQ_DOUBT_TIMEOUT: '1ms' },
  });
  expect(ended).toMatchObject({ code: 0, stdout: 'n,germans\n2000000,0\n' });
  expect(ended.stderr).toMatch(
    /There was no time to look for values that are not there, .*\n(?:.*\n)*Doubt: No row has customers\.country = 'germany'/u,
  );
  expect(ended.stderr).toMatch(/^Looked for doubts by \d+ quer/mu);
  // What there was no time for before was looked for after.
  expect(JSON.parse(readFileSync(report, 'utf8')).notLooked).toEqual([]);
});

it('give their sentence to a saved question, with its values in place', async () => {
  const project = projectWith('');
  mkdirSync(join(project, '.sqlq'));
  writeFileSync(
    join(project, '.sqlq', 'in-country.sql'),
    `-- how many customers are there in Germany?
--
-- database: sqlite
-- parameter country: text = Germany
-- reads customers: country TEXT

SELECT count(*) FROM customers WHERE country = :country
`,
  );
  const argv = ['run', 'in-country', '--db', 'sample'];
  const right = await runProgram(argv, { environment, folder: project });
  expect(right).toMatchObject({ code: 0 });
  expect(right.stderr).not.toContain('Doubt');
  const wrong = await runProgram([...argv, '--country', 'germany'], { environment, folder: project });
  expect(wrong.stderr).toContain("Doubt: No row has customers.country = 'germany'. Near it: 'Germany'.");
});

function projectWith(settings: string): string {
  const project = mkdtempSync(join(folder, 'project-'));
  mkdirSync(join(project, '.git'));
  if (settings !== '') {
    writeFileSync(join(project, '.sqlqrc'), settings);
  }
  return project;
}
