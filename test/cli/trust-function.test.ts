import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { postgresTarget, runPostgres, uniquePostgresName } from '../support/postgres-engine.ts';
import { runProgram } from '../support/program.ts';

/** Code in C that is not on the guard's list: `isn_weak` of `isn` changes how its values are read. */
const sql = 'SELECT isn_weak() AS weak';

describe('a function that the user answers for', () => {
  const url = inject('postgresUrl') ?? '';
  const server = postgresTarget(url);
  const database = uniquePostgresName('trust');
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sqlq-trust-'));
    await runPostgres(server, [`CREATE DATABASE ${database}`]);
    await runPostgres({ ...server, database }, [
      'CREATE EXTENSION isn',
      'CREATE EXTENSION file_fdw',
      'CREATE SERVER files FOREIGN DATA WRAPPER file_fdw',
      "CREATE FOREIGN TABLE lines (t text) SERVER files OPTIONS (filename '/etc/hostname')",
    ]);
  });
  afterAll(async () => {
    await runPostgres(server, [`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`]);
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...argv: readonly string[]) =>
    runProgram(['run', '--db', `${url}/${database}`, '--format', 'csv', ...argv], { folder });

  it('is refused at first, with the flag that admits it, which works as it is told', async () => {
    const refused = await run(sql);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    const [, flag = ''] = /(--trust-function \w+) admits it/.exec(refused.stderr) ?? [];
    expect(flag).toBe('--trust-function isn_weak');
    expect(await run(...flag.split(' '), sql)).toMatchObject({ code: 0, stdout: 'weak\nfalse\n' });
    expect(await run('--trust-function', 'public.isn_weak', sql)).toMatchObject({ code: 0 });
    expect(await run('--trust-function', 'other.isn_weak', sql)).toMatchObject({ code: 3 });
  });

  it('is never named by a file that is found', async () => {
    writeFileSync(join(folder, '.sqlqrc.json'), '{"trustFunctions": ["isn_weak"]}');
    try {
      const ended = await run(sql);
      expect(ended.code).not.toBe(0);
      expect(ended.stdout).toBe('');
      expect(ended.stderr).toMatch(/trustFunctions/);
    } finally {
      rmSync(join(folder, '.sqlqrc.json'));
    }
  });

  it('does not lift a limit on rows that are read where nobody can tell how many they are', async () => {
    const refused = await run('--max-rows-scanned', '1000000', 'SELECT count(*) FROM lines');
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(refused.stderr).toMatch(/--max-rows-scanned/);
    expect(await run('SELECT count(*) >= 1 AS any FROM lines')).toMatchObject({ code: 0 });
  });
});
