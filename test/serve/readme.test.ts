import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { emptyEnvironment, programFile } from '../support/program.ts';
import { startServe } from '../support/serve.ts';

const run = promisify(execFile);
const hasTools = ['bash', 'curl', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0);

const root = resolve(import.meta.dirname, '../..');
const fileOf = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

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

it.skipIf(!hasTools)(
  'the walk from nothing to a team makes two users and the files of systemd, nginx and Prometheus',
  async () => {
    const [, walk = ''] =
      /### From nothing to a team[^`]+.+?```sh\n(.+?)```/su.exec(await fileOf('README.md')) ?? [];
    const [, commands = ''] = /^(useradd .+)$/msu.exec(walk) ?? [];
    const machine = await mkdtemp(join(tmpdir(), 'sqlq-machine-'));
    for (const folder of [
      'bin',
      'etc/systemd/system',
      'etc/nginx/conf.d',
      'etc/prometheus',
      'etc/default',
      'var/lib',
    ]) {
      await mkdir(join(machine, folder), { recursive: true });
    }
    const program = join(machine, 'bin/sqlq');
    await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${programFile}' "$@"\n`);
    await chmod(program, 0o755);
    await symlink(join(root, 'deploy'), join(machine, 'deploy'));
    // What changes a machine is left out, and what lies in its folders lies in one of the test's own.
    const script = `set -e
      for name in useradd systemctl nginx curl; do eval "$name() { :; }"; done
      hostname() { echo team.test; }
      runuser() { shift 3; "$@"; }
      install() { command install "\${@/-osqlq/-p}"; }
      ${commands.replaceAll('-o sqlq', '-osqlq').replaceAll(/(?<= |=)\/(?:etc|var)\//gu, `${machine}$&`)}`;
    const environment = emptyEnvironment(machine);
    await run('bash', ['-c', script], {
      cwd: machine,
      env: { ...environment, PATH: `${join(machine, 'bin')}:${process.env['PATH']}` },
    });

    const unit = await readFile(join(machine, 'etc/systemd/system/sqlq.service'), 'utf8');
    const [, flags = ''] = /^ExecStart=sqlq serve (.+)$/mu.exec(unit) ?? [];
    const args = flags
      .replace('8080', `${await freePort()}`)
      .replace('9464', `${await freePort()}`)
      .replaceAll(/(?<= )\/etc\//gu, `${machine}$&`);
    const server = await startServe(args.split(' '), {
      environment: { XDG_STATE_HOME: join(machine, 'var/lib') },
    });
    for (const name of ['ana', 'ben']) {
      const password = (await readFile(join(machine, `password-of-${name}`), 'utf8')).trim();
      expect((await stat(join(machine, `password-of-${name}`))).mode & 0o077).toBe(0);
      const reply = await server.fetch('/auth/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, password }),
      });
      expect(reply.status).toBe(200);
    }
    await server.stop();
    const nginx = await readFile(join(machine, 'etc/nginx/conf.d/sqlq.conf'), 'utf8');
    expect(nginx).toContain('server 127.0.0.1:8080 ');
    expect(nginx.match(/server_name team\.test;/gu)).toHaveLength(2);
    expect(nginx).not.toMatch(/^\s*server sqlq-|example\.com/mu);
    const prometheus = await readFile(join(machine, 'etc/prometheus/prometheus.yml'), 'utf8');
    expect(prometheus).toContain('targets: [127.0.0.1:9464]');
    const options = await readFile(join(machine, 'etc/default/prometheus'), 'utf8');
    expect(options).toBe('ARGS="--web.listen-address=127.0.0.1:9090"\n');
    await rm(machine, { recursive: true });
  },
  120_000,
);
