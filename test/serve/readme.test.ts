import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { emptyEnvironment, programFile } from '../support/program.ts';

const run = promisify(execFile);
const hasTools = ['bash', 'curl', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0);

it.skipIf(!hasTools)(
  'the walk of the README leads from adding a user to rows',
  async () => {
    const readme = await readFile(resolve(import.meta.dirname, '../../README.md'), 'utf8');
    const walk = /From adding a user to their first rows[^`]+```sh\n(?<commands>.+?)```/su.exec(
      readme,
    )?.groups;
    const port = await freePort();
    const commands = (walk?.['commands'] ?? '')
      .replaceAll('8080', `${port}`)
      // What a slow machine needs to start.
      .replace('--retry 9', '--retry 60 --retry-delay 1');
    expect(commands).toContain('sqlq user add');
    const home = await mkdtemp(join(tmpdir(), 'sqlq-home-'));
    const script = `sqlq() { "${process.execPath}" "${programFile}" "$@"; }
      trap 'kill $(jobs -p); wait' EXIT
      ${commands.replace('sqlq serve', `exec "${process.execPath}" "${programFile}" serve`)}`;
    const { stdout } = await run('bash', ['-c', script], {
      cwd: home,
      env: { ...emptyEnvironment(home), PATH: process.env['PATH'] ?? '', SQLQ_PROFILE: 'offline' },
    });
    expect(stdout).toBe('country\nUnited Kingdom\n');
    await rm(home, { recursive: true });
  },
  120_000,
);
