import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { runDuckdb } from '../support/duckdb-engine.ts';
import { emptyEnvironment, runProgram } from '../support/program.ts';

const sales = 'country,amount,day\nDE,5,2024-01-05\nFR,7,2024-02-05\nDE,8,2025-01-06\nIT,2,2025-03-01\n';
const objects = sales
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [country, amount, day] = line.split(',');
    return JSON.stringify({ country, amount: Number(amount), day });
  });

let folder: string;
let environment: Record<string, string>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-ways-'));
  environment = emptyEnvironment();
});

const write = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const sqlq = (argv: readonly string[], input = '') => runProgram(argv, { folder, environment, input });

/** What `--db` takes, once the same four rows are there. */
const places: readonly (readonly [string, () => Promise<string>])[] = [
  [
    'a DuckDB file',
    async () => {
      await runDuckdb(join(folder, 'sales.duckdb'), [
        'CREATE TABLE sales (country VARCHAR, amount BIGINT, day DATE)',
        `INSERT INTO sales VALUES ${sales
          .trimEnd()
          .split('\n')
          .slice(1)
          .map((line) => `('${line.replaceAll(',', "', '")}')`)
          .join(', ')}`,
      ]);
      return 'sales.duckdb';
    },
  ],
  ['a CSV file', async () => write('sales.csv', sales)],
  ['a packed file of JSON lines', async () => write('sales.ndjson.gz', gzipSync(objects.join('\n')))],
];

describe.each(places)('%s', (_what, make) => {
  let db: string[];
  beforeEach(async () => {
    db = ['--db', await make()];
  });

  it('is asked in a session, with follow-ups, the last rows and a chart', async () => {
    const lines = [
      'total amount by country',
      'and in 2025?',
      '.last SELECT count(*) AS n FROM last',
      '.chart',
      '.back',
      '.last SELECT country FROM last ORDER BY "sum(amount)" DESC LIMIT 1',
    ];
    const ended = await sqlq(['repl', ...db, '--profile', 'offline', '--yes'], `${lines.join('\n')}\n`);
    expect(ended.code).toBe(0);
    const [first = '', second = '', counted = '', ...drawn] = ended.stdout.split(/(?=^country,|^n\n|^sum)/mu);
    expect(first.trimEnd().split('\n').sort()).toEqual(['DE,13', 'FR,7', 'IT,2', 'country,sum(amount)']);
    expect(second.trimEnd().split('\n').sort()).toEqual(['DE,8', 'IT,2', 'country,sum(amount)']);
    expect(counted).toBe('n\n2\n');
    expect(drawn.join('')).toMatch(
      /^sum\(amount\)\n(?:(?:DE {2}8|IT {2}2) +│[█▏▎▍▌▋▊▉]+\n){2}[\s\S]*^country\nDE\n$/mu,
    );
  });

  it('is drawn', async () => {
    const sql = 'SELECT country, sum(amount) AS total FROM sales GROUP BY country ORDER BY country';
    const { code, stdout } = await sqlq(['run', ...db, '--format', 'chart', sql]);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/ +│[█▏▎▍▌▋▊▉]+/gu, '')).toBe('total\nDE  13\nFR   7\nIT   2\n');
    await sqlq(['run', ...db, '--output', 'chart.svg', sql]);
    expect(readFileSync(join(folder, 'chart.svg'), 'utf8')).toMatch(/<svg[\s\S]*IT/u);
  });

  it('is tested by a suite', async () => {
    write(
      'sales.sqlq.yaml',
      `database: ${db[1]}
profile: offline
cases:
  - question: total amount
    expect: {value: 22, reads: [sales], doubts: none}
  - question: total amount per country
    expect: {rows: {sql: "SELECT country, sum(amount) FROM sales GROUP BY country"}}
  - question: total amount in DE
    expect: {value: 14}
`,
    );
    const { code, stdout } = await sqlq(['test', '--jobs', '1']);
    expect(code).toBe(1);
    expect(stdout).toContain('the value should be 14, and is 13');
    expect(stdout).toMatch(/2 passed, 1 failed/u);
  });

  it('is asked a batch', async () => {
    write('questions.txt', 'total amount in DE\nwill it rain?\nhow many sales are there?\n');
    const argv = [
      'ask',
      ...db,
      '--profile',
      'offline',
      '--batch',
      'questions.txt',
      '--output',
      'answers.jsonl',
    ];
    const ended = await sqlq(argv);
    const answers = readFileSync(join(folder, 'answers.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ rows }) => rows?.map(Object.values))).toEqual([[[13]], undefined, [[4]]]);
    expect(ended.code).toBe(4);
  });

  it('keeps a question, and says a command that answers it again', async () => {
    await sqlq(['ask', ...db, '--profile', 'offline', '--yes', 'total amount in DE']);
    const saved = await sqlq(['save', 'rev']);
    const [, command = ''] = /^Run it with: sqlq (.*)$/mu.exec(saved.stderr) ?? [];
    expect(command).toBe(`run rev --country DE --db ${db[1]}`);
    expect(await sqlq(command.split(' '))).toMatchObject({ code: 0, stdout: 'sum(amount)\n13\n' });
    expect((await sqlq(['run', 'rev', ...db, '--country', 'FR'])).stdout).toBe('sum(amount)\n7\n');
    // A setting that leads there needs no flag.
    write('.sqlqrc', `database: ${db[1]}\n`);
    const again = await sqlq(['save', 'rev', '--force']);
    expect(again.stderr).toContain('Run it with: sqlq run rev --country DE\n');
    expect((await sqlq(['run', 'rev'])).stdout).toBe('sum(amount)\n13\n');
  });
});

describe('what was assumed of a file', () => {
  it('is said once for a question', async () => {
    const db = write('a.csv', 'day,n\n01/02/2024,N/A\n03/04/2024,5\n');
    const ask = await sqlq(['ask', '--db', db, '--profile', 'offline', '--yes', 'total n']);
    expect(ask.stdout).toBe('sum(n)\n5\n');
    expect(ask.stderr.match(/a\.csv: /gu)).toHaveLength(2);
  });
});
