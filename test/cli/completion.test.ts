import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startModelServer } from '../support/model-server.ts';
import { programFile, runProgram } from '../support/program.ts';
import { startInTerminal } from '../support/pseudo-terminal.ts';

/** The words that may stand for the last one. */
async function complete(words: readonly string[], folder?: string): Promise<readonly string[]> {
  const { stdout, code } = await runProgram(['complete', '--', ...words], folder ? { folder } : {});
  expect(code).toBe(0);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
}

/** A folder with a settings file and a program named sqlq. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-complete-'));
  writeFileSync(
    join(folder, '.sqlqrc'),
    'databases:\n  warehouse: shop.db\n  "my shop": shop.db\nprofiles:\n  local:\n    baseUrl: http://127.0.0.1:9/v1\n',
  );
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/sqlq'), `#!/bin/sh\nexec "${process.execPath}" "${programFile}" "$@"\n`);
  chmodSync(join(folder, 'bin/sqlq'), 0o755);
  return folder;
}

describe('what may stand where the cursor is', () => {
  it.each<[readonly string[], readonly string[]]>([
    [['conf'], ['config']],
    [['help', 'doc'], ['doctor']],
    [['config', ''], ['init']],
    [['ask', '--form'], ['--format']],
    [['run', '--format', 'nd'], ['ndjson']],
    [['run', '--format=nd'], ['--format=ndjson']],
    [['run', '--format', '=', 'nd'], ['ndjson']],
    [['ask', '-f', 'mark'], ['markdown']],
    [['completion', 'z'], ['zsh']],
    [['run', '--file', ''], [':files']],
    [['ask', 'how many', ''], []],
    [['nonsense', '--db', ''], []],
  ])('%j', async (words, expected) => {
    expect(await complete(words)).toEqual(expected);
  });

  it('is a flag of the command that stands there', async () => {
    expect(await complete(['models', '--'])).not.toContain('--format');
    expect(await complete(['schema', '--s'])).toEqual(['--sent', '--schema', '--send']);
  });

  it('is a name of the settings', async () => {
    const folder = makeFolder();
    expect(await complete(['ask', '--db', ''], folder)).toEqual([':files', 'warehouse', 'my shop', 'sample']);
    expect(await complete(['models', '--profile', 'l'], folder)).toEqual(['local']);
    expect(await complete(['models', '--profile', 'o'], folder)).toEqual(['openai', 'ollama', 'offline']);
  });

  it('is a saved question of the project', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, '.sqlq'));
    writeFileSync(join(folder, '.sqlq/revenue.sql'), 'SELECT 1');
    expect(await complete(['run', 're'], folder)).toEqual(['revenue']);
  });

  it('is a model of the server that was chosen, and nothing where none answers', async () => {
    const server = await startModelServer();
    server.models(['llama-small', 'llama-large', 'qwen']);
    expect(await complete(['ask', '--base-url', server.baseUrl, '--model', 'llama'])).toEqual([
      'llama-small',
      'llama-large',
    ]);
    await server.close();
    expect(await complete(['ask', '--base-url', server.baseUrl, '--model', 'llama'])).toEqual([]);
  });

  it('is nothing where the settings are broken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-complete-'));
    writeFileSync(join(folder, '.sqlqrc'), 'databases: 3\n');
    expect(await complete(['ask', '--db', ''], folder)).toEqual([]);
  });
});

describe('in bash', () => {
  it('completes flags, names and files, and runs nothing of what is typed', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'wares.db'), '');
    const terminal = startInTerminal([], {
      folder,
      command: 'exec bash --norc --noprofile -i',
      environment: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, PS1: '> ' },
    });
    await terminal.waitFor(/^>/mu);
    terminal.type('eval "$(sqlq completion bash)"\r');
    terminal.type('sqlq ask --form\t');
    await terminal.waitFor('sqlq ask --format');
    terminal.type('nd\t');
    await terminal.waitFor('--format ndjson');
    terminal.type('--db wareh\t');
    await terminal.waitFor('--db warehouse');
    terminal.type('--report=wares\t');
    await terminal.waitFor('--report=wares.db');
    terminal.type('"$(touch ran)" --verb\t');
    await terminal.waitFor('--verbose');
    terminal.type('\u0003');
    terminal.type('[ -e ran ] && echo it ran || echo it did not\r');
    await terminal.waitFor(/^it did not$/mu);
    terminal.type('exit\r');
    await terminal.exited;
  });
});

describe('the scripts', () => {
  it.each(['bash', 'zsh', 'fish'])('of %s asks the program', async (shell) => {
    const { stdout, code } = await runProgram(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('sqlq complete -- ');
  });

  it('are of no other shell', async () => {
    const { stderr, code } = await runProgram(['completion', 'csh']);
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are bash, zsh, fish');
  });
});
