import { closeSync, existsSync, openSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, type RunOptions, runProgram } from '../support/program.ts';

/** A device that refuses whatever is written to it, as a disk without room does. */
const fullDevice = '/dev/full';
const isThere = existsSync(fullDevice);
let full: number;

beforeEach(() => {
  full = isThere ? openSync(fullDevice, 'w') : -1;
});
afterEach(() => {
  if (isThere) {
    closeSync(full);
  }
});

const sample = ['--db', 'sample'];
const offline = [...sample, '--profile', 'offline', '--yes'];

/** Commands that write to stdout and end well where it takes what they write. */
const commands: readonly { readonly argv: readonly string[]; readonly input?: string }[] = [
  { argv: ['--help'] },
  { argv: ['help', 'run'] },
  { argv: ['--version'] },
  { argv: ['run', ...sample, 'SELECT id FROM customers'] },
  { argv: ['run', ...sample, '--format', 'json', 'SELECT 1 AS a'] },
  { argv: ['run', ...sample, '--format', 'table', 'SELECT 1 AS a'] },
  { argv: ['run', ...sample, '--dry-run', 'SELECT 1 AS a'] },
  { argv: ['ask', ...offline, 'how many customers are there?'] },
  { argv: ['schema', ...sample] },
  { argv: ['config'] },
  { argv: ['doctor', ...sample, '--profile', 'offline'] },
  { argv: ['completion', 'bash'] },
  { argv: ['repl', ...offline], input: 'SELECT 1 AS a\n' },
];

const run = (argv: readonly string[], input = '', instead: RunOptions['instead'] = {}) =>
  runProgram(argv, { instead, input });

describe.skipIf(!isThere)('a full device behind stdout', () => {
  it.each(commands)('is one error of $argv', async ({ argv, input }) => {
    const { code, stderr } = await run(argv, input, { stdout: full });
    expect(code).toBe(1);
    expect(stderr.match(/^sqlq: .*$/gmu)).toEqual([
      'sqlq: Writing to standard output failed: the disk is full. What was written is not complete.',
    ]);
    expect(stderr).not.toMatch(/^\s+at |node:|ENOSPC|bug in sqlq/mu);
    // A hint that is no flag of every command names none.
    expect(stderr).toContain('Free some space, or write to another place.');
  });

  it('hides no other error', async () => {
    const { code, stderr } = await run(['run', ...sample, 'DELETE FROM customers'], '', { stdout: full });
    expect(code).toBe(3);
    expect(stderr).toContain('sqlq only reads');
  });
});

describe.skipIf(!isThere)('a full device behind stderr', () => {
  const withoutTime = ({ stdout }: Ended): string => stdout.replaceAll(/\d+(?:\.\d+)? m?s\b/gu, 'T');

  it.each(commands)('loses nothing that $argv writes to stdout', async ({ argv, input }) => {
    const usual = await run(argv, input);
    const ended = await run(argv, input, { stderr: full });
    expect(usual.stdout).not.toBe('');
    // A folder of its own is in some texts.
    const shown = (text: Ended): string => withoutTime(text).replaceAll(/sqlq-(?:home|folder)-\w+/gu, 'X');
    expect(shown(ended)).toBe(shown(usual));
    expect(ended).toMatchObject({ code: usual.code, signal: null });
    expect(usual.code).toBe(0);
  });

  it.each([
    [1, ['run', '--db', 'nowhere.db', 'SELECT 1']],
    [2, ['run', '--frmat', 'csv']],
    [3, ['run', ...sample, 'DELETE FROM customers']],
    [4, ['ask', ...offline, 'will it rain?']],
    [5, ['run', ...sample, '--max-rows-scanned', '1', 'SELECT * FROM orders']],
  ])('leaves the exit code %i as it is', async (code, argv) => {
    expect(await run(argv, '', { stderr: full })).toMatchObject({ code, stdout: '', signal: null });
  });

  it('and stdout ends the run with 1', async () => {
    const ended = await run(['run', ...sample, 'SELECT 1'], '', { stdout: full, stderr: full });
    expect(ended).toMatchObject({ code: 1, signal: null });
  });
});
