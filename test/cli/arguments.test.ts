import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normalizeArguments } from '../../src/cli/arguments.ts';
import { placeIn } from '../../src/cli/run/database-process.ts';
import { runProgram } from '../support/program.ts';
import { keys, startInTerminal } from '../support/pseudo-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlq-arguments-'));
writeFileSync(join(folder, 'data.bin'), '');

describe('arguments without a command', () => {
  it.each<[argv: readonly string[], meant: readonly string[]]>([
    [['how many customers are there?'], ['ask', 'how many customers are there?']],
    [
      ['how', 'many', 'customers'],
      ['ask', 'how', 'many', 'customers'],
    ],
    [['customers?'], ['ask', 'customers?']],
    [
      ['--db', 'sample', 'customers'],
      ['ask', '--db', 'sample', 'customers'],
    ],
    [
      ['-d', 'sample', '--yes', 'how many?'],
      ['ask', '-d', 'sample', '--yes', 'how many?'],
    ],
    [
      ['how many?', '--db', 'sample'],
      ['ask', 'how many?', '--db', 'sample'],
    ],
    [
      ['--db=sample', 'how many?'],
      ['ask', '--db=sample', 'how many?'],
    ],
    [
      ['--db', 'sample'],
      ['repl', '--db', 'sample'],
    ],
    [['shop.db'], ['repl', '--db', 'shop.db']],
    [['data.bin'], ['repl', '--db', 'data.bin']],
    [
      ['./data.bin', '--profile', 'offline'],
      ['repl', '--db', './data.bin', '--profile', 'offline'],
    ],
    [['postgres://localhost/shop'], ['repl', '--db', 'postgres://localhost/shop']],
    [['host=localhost dbname=shop'], ['repl', '--db', 'host=localhost dbname=shop']],
    [
      ['shop.db', 'how many orders?'],
      ['ask', '--db', 'shop.db', 'how many orders?'],
    ],
  ])('%j', (argv, meant) => {
    expect(normalizeArguments(argv, folder)).toEqual(meant);
  });

  it.each<[argv: readonly string[]]>([
    [['ask', 'x']],
    [['--help']],
    [['-V']],
    [['help', 'ask']],
    [['exampels']],
    [['exampels', 'list']],
    [['custmers']],
    [['history', 'run', '3']],
    [['--quiet', 'models']],
    [[]],
  ])('%j stays as it is', (argv) => {
    expect(normalizeArguments(argv, folder)).toEqual(argv);
  });

  it('ask a question, and open a database in a session', async () => {
    const asked = await runProgram([
      '--db',
      'sample',
      '--profile',
      'offline',
      '--yes',
      'how many customers are there?',
    ]);
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('60') });
    expect((await runProgram(['exampels'])).stderr).toContain('Did you mean examples?');
    const shop = join(import.meta.dirname, '../../fixtures/shop/shop.sqlite');
    const terminal = startInTerminal([shop, '--profile', 'offline']);
    await terminal.waitFor(/^shop> ?$/mu);
    terminal.type(keys.controlD);
    expect(await terminal.exited).toBe(0);
  });
});

it('the place of a database is what stands behind --db', () => {
  const lines = [
    ['ask --db shop.db how many', 'shop.db'],
    ['run --db=postgres://localhost/a?b=c select', 'postgres://localhost/a?b=c'],
    ['ask --dbase x how many', null],
    ['ask how many', null],
    ['ask --db', null],
  ] as const;
  expect(lines.map(([line]) => placeIn(line.split(' ')))).toEqual(lines.map(([, place]) => place));
});
