import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = new URL('../..', import.meta.url).pathname;
/** The benchmarks of package.json, each with its file. */
const benches = Object.entries(manifest.scripts)
  .filter(([name]) => name.startsWith('bench:'))
  .map(([name, command]) => [name, command.replace(/^.*node /u, '')] as const);

/** Runs a file of Node.js where no other program is on the PATH and no server is named. */
async function runBare(file: string, args: readonly string[]) {
  const home = mkdtempSync(join(tmpdir(), 'sqlq-bench-home-'));
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    env: { PATH: home, HOME: home, TMPDIR: tmpdir(), SQLQ_BENCH_WIDE: '/nowhere' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [code, said, printed] = await Promise.all([ended, text(child.stderr), text(child.stdout)]);
  return { code, said: said.trimEnd().split('\n'), printed };
}

describe('each benchmark', () => {
  it.each(benches)('%s ends with one line where a flag is not known', async (_name, file) => {
    const { code, said, printed } = await runBare(file, ['--no-such-flag']);
    expect({ code, printed, lines: said.length }).toEqual({ code: 2, printed: '', lines: 1 });
    expect(said[0]).toContain('--no-such-flag');
  });

  it('says in its first lines how it is called', () => {
    for (const [name, file] of benches) {
      const [first = ''] = readFileSync(join(root, file), 'utf8').split('*/');
      expect(first, name).toContain(`usage: npm run ${name}`);
    }
  });
});

describe('a benchmark of data or a model that is not there', () => {
  const cases = ['--cases', 'fixtures/questions/alquiler.jsonl', '--databases', 'fixtures/questions'];
  it.each([
    ['introspection', [], 'SQLQ_BENCH_WIDE has to name a folder'],
    ['link', [], 'SQLQ_BENCH_WIDE has to name a folder'],
    ['peers', [], '--cases has to name a file'],
    ['peers', cases, 'needs --base-url URL and --model NAME'],
    ['peers', [...cases, '--base-url', 'http://127.0.0.1:1/v1', '--model', 'm'], 'needs python3 on the PATH'],
    ['prompts', [], '--cases has to name a file'],
    ['answers', [], '--cases has to name a file'],
    ['answers', [...cases, '--engine', 'mysql'], 'needs mariadbd on the PATH'],
    [
      'answers',
      [...cases, '--engine', 'mysql', '--server', 'mysql://127.0.0.1:1'],
      'No server answers at 127.0.0.1:1',
    ],
    ['doubts', [], 'needs --cases FILE.jsonl and --databases DIR'],
    ['defog', [], '--folder has to name a copy'],
    ['questions', ['--folder', '/nowhere'], '--folder has to name a folder'],
    ['rows', ['1', '1', 'oracle'], 'has to be one of sqlite, duckdb, postgres, mysql'],
    ['files', ['1e6'], 'It needs 1000000 GB of room'],
    ['serve/streams', ['--streams', '1e9'], 'need as many file descriptors'],
  ])('bench:%s %j says in one line what it needs', async (name, args, need) => {
    const { code, said, printed } = await runBare(`bench/${name}.ts`, args);
    expect(said.join('\n')).toContain(need);
    expect({ code, printed, lines: said.length }).toEqual({ code: 2, printed: '', lines: 1 });
  });
});

describe('a benchmark of several parts', () => {
  it('names each program that is not there', async () => {
    const { code, said, printed } = await runBare('bench/rows.ts', ['10', '1']);
    expect(said).toEqual([
      'sqlite: not measured. It needs sqlite3 on the PATH.',
      'duckdb: not measured. It needs duckdb on the PATH.',
      'postgres: not measured. It needs psql on the PATH.',
      expect.stringMatching(
        /^mysql: not measured\. It needs mariadbd on the PATH, or a server that SQLQ_TEST_M/u,
      ),
    ]);
    expect({ code, printed }).toEqual({ code: 2, printed: '' });
  });

  it('measures the parts that can be', async () => {
    const { code, said, printed } = await runBare('bench/guard.ts', ['1']);
    // What the npm package of PostgreSQL itself has to say comes before.
    expect(said.slice(-2)).toEqual([
      expect.stringMatching(/^PostgreSQL: not measured\. It needs a PostgreSQL that SQLQ_TEST_POSTGRES=/u),
      expect.stringMatching(/^MariaDB: not measured\. It needs mariadbd/u),
    ]);
    expect(printed).toMatch(/^SQLite +driver +[\d.]+ ms, with guard and child +[\d.]+ ms:/u);
    expect(code).toBe(0);
  });

  it('measures the service where its peer can not be had', async () => {
    const brief = ['--seconds', '1', '--rounds', '1', '--connections', '1', '--delay', '1'];
    const { code, said, printed } = await runBare('bench/serve/compare.ts', brief);
    expect(said).toEqual(['nl2sql-api: not measured. It needs python3 on the PATH.']);
    expect(printed.match(/^sqlq serve +[\d.]+ questions\/s .* 0 errors of/gmu)).toHaveLength(2);
    expect(code).toBe(0);
  }, 60_000);
});
