import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
    [['help', 'doct'], ['doctor']],
    [
      ['help', 'doc'],
      ['docs', 'doctor'],
    ],
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

/** Ends of names that are commands where a shell takes them as they are: within no quote, single ones, double ones. */
const hostile = [
  "$(touch ran)`touch ran`;touch ran;'; touch ran; '\"; touch ran; \"| touch ran & $(touch$IFS'ran')",
  "\\$(touch ran) '$(touch ran)' (touch ran)",
];

/** A folder whose files, saved questions and settings have names that are commands, each with its own first letters. */
function makeHostileFolder(): string {
  const folder = makeFolder();
  mkdirSync(join(folder, '.sqlq'));
  hostile.forEach((end, index) => {
    writeFileSync(join(folder, '.sqlq', `s${index}-${end}.sql`), 'SELECT 1');
    writeFileSync(join(folder, `f${index}-${end}.db`), '');
  });
  const named = (letter: string, value: unknown): Record<string, unknown> =>
    Object.fromEntries(
      [...hostile, '\ntouch ran\n', '\u001b]0;x\u0007'].map((end, index) => [
        `${letter}${index}-${end}`,
        value,
      ]),
    );
  writeFileSync(
    join(folder, '.sqlqrc'),
    JSON.stringify({
      databases: named('d', 'shop.db'),
      profiles: named('p', { baseUrl: 'http://127.0.0.1:9/v1', model: 'm' }),
    }),
  );
  return folder;
}

it('offers no saved question whose name can not be one, and no name that a terminal obeys', async () => {
  const folder = makeHostileFolder();
  expect(await complete(['run', 's'], folder)).toEqual([]);
  expect(await complete(['models', '--profile', 'p'], folder)).toEqual(
    hostile.map((end, index) => `p${index}-${end}`),
  );
});

it.each([
  ["'my", ['my shop']],
  ['"my', ['my shop']],
  ['my\\ s', ['my shop']],
  ['m"y s"', ['my shop']],
])('reads what was typed as the shell does: %s', async (typed, expected) => {
  const found = await complete(['ask', '--db', typed], makeFolder());
  expect(found.filter((word) => word !== ':files')).toEqual(expected);
});

const shells = {
  bash: { start: 'exec bash --norc --noprofile -i', load: 'eval "$(sqlq completion bash)"' },
  zsh: { start: 'exec zsh -f -i', load: 'autoload -U compinit; compinit -D; eval "$(sqlq completion zsh)"' },
  fish: { start: 'exec fish --no-config -i', load: 'sqlq completion fish | source' },
} as const;

describe.each(Object.keys(shells) as (keyof typeof shells)[])('in %s', (shell) => {
  const isThere = spawnSync(shell, ['--version']).status === 0;

  it.skipIf(!isThere)(
    'a name that is put there by Tab is no command',
    async () => {
      const folder = makeHostileFolder();
      const terminal = startInTerminal([], {
        folder,
        command: shells[shell].start,
        environment: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, PS1: '> ', HOME: folder },
      });
      const settled = async (): Promise<void> => {
        for (let before = -1; before !== terminal.raw().length; await sleep(300)) {
          before = terminal.raw().length;
        }
      };
      await settled();
      terminal.type(`${shells[shell].load}\r`);
      await settled();
      for (const before of [
        'models --profile p',
        "models --profile 'p",
        'models --profile "p',
        'saved --report f',
      ]) {
        for (const index of hostile.keys()) {
          const seen = terminal.raw().length;
          terminal.type(`sqlq ${before}${index}\t`);
          await terminal.waitFor(new RegExp(`${before}${index}\\S`, 'u'));
          terminal.type('\r');
          await settled();
          // It was put there, and not merely left out.
          expect(terminal.raw().slice(seen).replaceAll('\\', '')).toContain('touch ran');
          terminal.type('\u0003');
          await settled();
        }
      }
      expect(existsSync(join(folder, 'ran')), terminal.screen()).toBe(false);
      terminal.type('exit\r');
    },
    90_000,
  );
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
