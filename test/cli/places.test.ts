import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyEnvironment, programFile, runProgram, sampleFile } from '../support/program.ts';

const question = ['ask', '--db', 'sample', '--profile', 'offline', '--yes', 'how many customers are there?'];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-places-'));
});

describe('places that are not as usual', { timeout: 60_000 }, () => {
  it('a working folder that was deleted', () => {
    const gone = mkdtempSync(join(tmpdir(), 'sqlq-gone-'));
    const run = (...argv: readonly string[]) =>
      spawnSync('/bin/sh', ['-c', `rmdir ${gone}; exec "$0" "$@"`, process.execPath, programFile, ...argv], {
        cwd: gone,
        env: emptyEnvironment(),
        encoding: 'utf8',
      });
    const { status, stderr } = run('run', '--db', 'sample', 'SELECT 1');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        'sqlq: The folder that you are in is not there any more.\nGo to another one first, such as: cd ~\n',
    });
    expect(run('--version').status).not.toBe(2);
  });

  it.each(['--output', '--report', '--log-json', '--file'])('%s without a name', async (flag) => {
    const { code, stderr } = await runProgram(['run', '--db', 'sample', flag, '', 'SELECT 1']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `sqlq: ${flag} takes the name of a file, not "".\n`,
    });
  });

  it('a folder that takes no file', async () => {
    const { code, stderr } = await runProgram(['config', 'init'], { folder: '/proc' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^sqlq: \/proc\/\.sqlqrc can't be written: .*\n.*sqlq config init --user\n$/u);
  });

  it('a home that is not there is not made, and said', async () => {
    const home = join(folder, 'home');
    const environment = {
      HOME: home,
      XDG_CONFIG_HOME: undefined,
      XDG_CACHE_HOME: undefined,
      XDG_STATE_HOME: undefined,
    };
    const { code, stdout, stderr } = await runProgram(question, { environment });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'number of customers\n60\n' });
    expect(stderr).toContain(`The home folder ${home} is not there: nothing is remembered`);
    expect(existsSync(home)).toBe(false);
  });

  it('folders of XDG where none can be, and relative ones', async () => {
    const environment = {
      XDG_CACHE_HOME: '/proc/x',
      XDG_STATE_HOME: '/proc/y',
      XDG_CONFIG_HOME: '/dev/null/z',
    };
    const { code, stdout } = await runProgram(question, { environment });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'number of customers\n60\n' });
    const relative = { XDG_CACHE_HOME: 'a', XDG_STATE_HOME: './b', XDG_CONFIG_HOME: '../c' };
    expect((await runProgram(question, { environment: relative, folder })).code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['null', '{}', '[]', '"x"', '{"format":1}', '{"format":1,"fingerprint":"x","schema":null}'])(
    'a schema cache that holds %s',
    async (text) => {
      const environment = emptyEnvironment(folder);
      await runProgram(question, { environment });
      const cache = join(environment['XDG_CACHE_HOME'] ?? '', 'sqlq');
      for (const name of readdirSync(cache).filter((file) => file.endsWith('.json'))) {
        writeFileSync(join(cache, name), text);
      }
      expect(await runProgram(question, { environment })).toMatchObject({
        code: 0,
        stdout: 'number of customers\n60\n',
      });
    },
  );

  it('pipes and devices where settings and notes would be', async () => {
    for (const name of ['.sqlqrc', 'sqlq.notes.md']) {
      execFileSync('mkfifo', [join(folder, name)]);
      const { code, stderr } = await runProgram(question, { folder });
      expect(code).toBe(name === '.sqlqrc' ? 2 : 0);
      expect(stderr).toContain('it is no plain file');
      rmSync(join(folder, name));
    }
  });
});

it.each([
  ['ask', '--profile', 'offline', '--yes', '--batch', 'pipe.txt'],
  ['run', '--file', 'pipe.txt'],
])('%s ends at a signal while a pipe that nobody writes to is read', { timeout: 60_000 }, async (...argv) => {
  execFileSync('mkfifo', [join(folder, 'pipe.txt')]);
  const { code, signal, stderr } = await runProgram([...argv, '--db', 'sample'], {
    folder,
    signal: AbortSignal.timeout(3000),
  });
  expect([code, signal]).toEqual([null, 'SIGINT']);
  expect(stderr).toContain('Cancelled.');
});

describe('--log-json', { timeout: 60_000 }, () => {
  const events = (file: string): Record<string, unknown>[] =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('appends a line for each event of each run, and nothing of question, SQL or rows', async () => {
    const file = join(folder, 'log.jsonl');
    const run = [...question.slice(0, -1), '--log-json', file];
    await runProgram([...run, "customers in country 'Norway'"]);
    await runProgram(['run', '--db', 'sample', '--log-json', file, "SELECT 'canary' FROM no_such_table"]);
    const [start, ...rest] = events(file);
    expect(start).toMatchObject({ event: 'start', command: 'ask', version: expect.any(String) });
    expect(rest.filter(({ event }) => event === 'step').map(({ name }) => name)).toContain('model');
    expect(rest.filter(({ event }) => event === 'end')).toMatchObject([
      { exitCode: expect.any(Number), provider: 'offline', database: expect.stringContaining('sqlite:') },
      { exitCode: 1, rows: null },
    ]);
    for (const { time, run: id } of events(file)) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT/u);
      expect(id).toMatch(/^[0-9a-f]{12}$/u);
    }
    expect(new Set(events(file).map(({ run: id }) => id)).size).toBe(2);
    expect(readFileSync(file, 'utf8')).not.toMatch(/Norway|canary|SELECT|no_such_table/iu);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('says how each question of a batch went, and writes into no file of another kind', async () => {
    const file = join(folder, 'log.jsonl');
    const questions = join(folder, 'q.txt');
    writeFileSync(questions, 'how many customers are there?\nwill it rain tomorrow?\n');
    const { code } = await runProgram([
      ...question.slice(0, -1),
      '--log-json',
      file,
      '--jobs',
      '1',
      '--batch',
      questions,
    ]);
    expect(code).toBe(4);
    expect(events(file).filter(({ event }) => event === 'question')).toMatchObject([
      { exitCode: 0, rows: 1 },
      { exitCode: 4 },
    ]);
    const refused = await runProgram(['run', '--db', sampleFile, '--log-json', sampleFile, 'SELECT 1']);
    expect(refused.code).toBe(2);
  });

  it('the report says time, version and database', async () => {
    const report = join(folder, 'report.json');
    await runProgram([...question, '--report', report]);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/u),
      version: expect.stringMatching(/^\d+\.\d+\.\d+/u),
      database: `sqlite:${sampleFile}`,
    });
  });
});
