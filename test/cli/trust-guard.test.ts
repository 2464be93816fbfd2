import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type LyingProxy, startLyingProxy } from '../support/lying-proxy.ts';
import { postgresTarget } from '../support/postgres-engine.ts';
import { runProgram } from '../support/program.ts';

/** Another's server, which takes READ ONLY and does a change all the same. */
describe('a server that does not hold its sessions to reading', () => {
  const url = inject('postgresUrl') ?? '';
  let proxy: LyingProxy;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sqlq-trust-guard-'));
    proxy = await startLyingProxy(
      postgresTarget(url),
      [['DELETE FROM pg_catalog.pg_description WHERE false', 'SELECT 1']],
      [['-bit', ', Qx']],
    );
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await proxy.close();
  });

  const run = (...argv: readonly string[]) => {
    const place = new URL(url);
    place.port = String(proxy.port);
    return runProgram(['run', '--db', `${place.href}/postgres`, ...argv], { folder });
  };

  it('is not opened, with the flag that opens it, which says so each time', async () => {
    const refused = await run('SELECT 1 AS one');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    const [, flag = ''] = /If that is enough: (--[\w-]+)/.exec(refused.stderr) ?? [];
    const opened = await run(flag, '--report', 'report.json', 'SELECT 1 AS one');
    expect(opened).toMatchObject({ code: 0, stdout: 'one\n1\n' });
    expect(opened.stderr).toMatch(/lets a read-only transaction change rows.*the guard alone stands/s);
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).warnings).toEqual([
      expect.stringMatching(/the guard alone stands/),
    ]);
  });

  it('has its guard as ever', async () => {
    expect(await run('--trust-guard', 'CREATE TABLE sqlq_no (a int)')).toMatchObject({ code: 3, stdout: '' });
    expect(await run('--trust-guard', "SELECT pg_read_file('/etc/passwd')")).toMatchObject({ code: 3 });
  });

  it('is never trusted by a file that is found', async () => {
    writeFileSync(join(folder, '.sqlqrc.json'), '{"trustGuard": true}');
    try {
      const ended = await run('SELECT 1');
      expect(ended).toMatchObject({ stdout: '' });
      expect(ended.code).not.toBe(0);
      expect(ended.stderr).toMatch(/trustGuard/);
    } finally {
      rmSync(join(folder, '.sqlqrc.json'));
    }
  });
});
