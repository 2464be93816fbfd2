import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyEnvironment, runProgram, sampleFile } from '../support/program.ts';
import { keys, startInTerminal } from '../support/pseudo-terminal.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(at(name), 'latin1');
/** One user's runs: what was written is known to the next. */
const run = (...argv: readonly string[]) =>
  runProgram(['run', ...argv], { folder, environment: emptyEnvironment(join(folder, 'home')) });
const one = 'SELECT 1 AS a';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-overwrite-'));
  copyFileSync(sampleFile, at('shop.db'));
  mkdirSync(at('home'));
});

/** Runs something that must not touch a file. */
async function refused(file: string, argv: readonly string[], input?: string) {
  const before = read(file);
  const ended = await runProgram(argv, { folder, ...(input === undefined ? {} : { input }) });
  expect(read(file)).toBe(before);
  expect(ended.stderr).toMatch(/never written over/u);
  expect(ended.code).toBe(2);
}

describe('a file that the run reads', () => {
  it('is not written over: the database itself, and by any link', async () => {
    symlinkSync(at('shop.db'), at('symbolic.csv'));
    linkSync(at('shop.db'), at('hard.csv'));
    for (const target of ['shop.db', './shop.db', at('shop.db'), 'symbolic.csv', 'hard.csv']) {
      for (const force of [[], ['--force']]) {
        await refused('shop.db', [
          'run',
          '--db',
          'shop.db',
          '--format',
          'csv',
          '--output',
          target,
          ...force,
          one,
        ]);
      }
    }
  });

  it('is not written over by a report either, nor are the files that SQLite keeps beside it', async () => {
    await refused('shop.db', ['run', '--db', 'shop.db', '--report', 'shop.db', '--force', one]);
    for (const ending of ['-wal', '-journal', '-shm']) {
      await refused('shop.db', [
        'run',
        '--db',
        'shop.db',
        '--format',
        'csv',
        '--output',
        `shop.db${ending}`,
        one,
      ]);
    }
  });

  it('is not written over by .export in a session', async () => {
    await refused(
      'shop.db',
      ['repl', '--db', 'shop.db', '--yes', '--format', 'csv'],
      `${one}\n.export shop.db --force\n`,
    ).catch(async () => {
      // The name of a database is no format's, which is said first.
      const before = read('shop.db');
      const ended = await runProgram(['repl', '--db', 'shop.db', '--yes'], {
        folder,
        input: `${one}\n.export shop.db --force\n`,
      });
      expect(ended.code).toBe(2);
      expect(read('shop.db')).toBe(before);
    });
    linkSync(at('shop.db'), at('link.csv'));
    await refused('shop.db', ['repl', '--db', 'shop.db', '--yes'], `${one}\n.export link.csv --force\n`);
  });

  it('is not written over: a batch, a suite, a statement, a saved question, settings, notes', async () => {
    writeFileSync(at('q.jsonl'), '{"question":"how many customers are there?"}\n');
    const ask = ['ask', '--db', 'shop.db', '--profile', 'offline'];
    await refused('q.jsonl', [...ask, '--batch', 'q.jsonl', '--output', 'q.jsonl', '--force']);
    writeFileSync(
      at('s.yaml'),
      'cases:\n  - question: how many customers are there?\n    expect: { value: 60 }\n',
    );
    await refused('s.yaml', [
      'test',
      's.yaml',
      '--db',
      'shop.db',
      '--profile',
      'offline',
      '--output',
      's.yaml',
    ]);
    writeFileSync(at('one.sql'), one);
    const toFile = (name: string) => ['--db', 'shop.db', '--format', 'csv', '--output', name, '--force'];
    await refused('one.sql', ['run', '--file', 'one.sql', ...toFile('one.sql')]);
    writeFileSync(at('.sqlqrc'), 'format: csv\n');
    await refused('.sqlqrc', ['run', ...toFile('.sqlqrc'), one]);
    writeFileSync(at('sqlq.notes.md'), '- loyal means a customer with the newsletter\n');
    await refused('sqlq.notes.md', ['run', ...toFile('sqlq.notes.md'), one]);
  });

  it('is not written over by the report of a run that fails before it has read it', async () => {
    writeFileSync(at('broken.yaml'), 'cases: 1\n');
    writeFileSync(at('broken.jsonl'), '{\n');
    writeFileSync(at('query.sql'), one);
    writeFileSync(at('broken.db'), 'no database');
    const report = (file: string): readonly string[] => ['--force', '--report', file];
    await refused('broken.yaml', ['test', 'broken.yaml', ...report('broken.yaml')]);
    await refused('broken.jsonl', [
      'ask',
      '--db',
      'shop.db',
      '--batch',
      'broken.jsonl',
      ...report('broken.jsonl'),
    ]);
    await refused('query.sql', ['run', '--db', 'none.db', '--file', 'query.sql', ...report('query.sql')]);
    await refused('broken.db', ['run', '--db', 'broken.db', one, ...report('broken.db')]);
  });

  it('is no log either, whatever is forced', async () => {
    const before = read('shop.db');
    const { code, stderr } = await run('--db', 'shop.db', '--force', '--log-json', 'shop.db', one);
    expect([code, read('shop.db') === before]).toEqual([2, true]);
    expect(stderr).toContain('it is added to what is there');
    expect(stderr).not.toContain('--force');
  });

  it('is not written over by a redirection to it', async () => {
    const before = read('shop.db');
    const terminal = startInTerminal([], {
      folder,
      command: `"$SQLQ_NODE" "$SQLQ_PROGRAM" run --db shop.db "${one}" >> shop.db`,
    });
    expect(await terminal.exited).toBe(2);
    // What was written last may come a moment after the end.
    await expect.poll(() => terminal.screen()).toMatch(/never\s+written over/u);
    expect(read('shop.db')).toBe(before);
  });

  it('is told from two results in one file', async () => {
    for (const [index, other] of ['--report', '--log-json'].entries()) {
      const name = `a${index}.json`;
      const ended = await run('--db', 'shop.db', '--output', name, other, name, one);
      expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('written twice') });
    }
  });
});

describe('a file that is there', () => {
  it('is replaced where it is an earlier result of the same kind, or empty', async () => {
    for (const name of ['a.csv', 'a.tsv', 'a.json', 'a.ndjson', 'a.md', 'a.html', 'a.txt', 'a.xlsx']) {
      writeFileSync(at(name), '');
      for (const value of [1, 2]) {
        expect(
          await run(
            '--db',
            'shop.db',
            '--output',
            name,
            '--report',
            `${name}.report`,
            `SELECT ${value} AS a`,
          ),
        ).toMatchObject({ code: 0 });
      }
      if (!name.endsWith('xlsx')) {
        expect(read(name)).toContain('2');
      }
    }
  });

  it.each([
    ['package.json', '{ "name": "precious" }'],
    ['README.md', '# Precious\n'],
    ['page.html', '<!DOCTYPE html><title>Precious</title>'],
    ['notes.txt', 'precious\n'],
    ['data.csv', 'SQLite format 3\0precious'],
    ['log.ndjson', 'precious'],
    ['prices.csv', 'name,price\nprecious,12\n'],
    ['prices.tsv', 'name\tprice\nprecious\t12\n'],
    ['rows.json', '[\n{"precious":1}\n]\n'],
    ['rows.ndjson', '{"precious":1}\n'],
    ['table.md', '| precious |\n| --- |\n| 1 |\n'],
    ['book.xlsx', 'PK\u0003\u0004precious'],
    ['picture.png', 'PNG precious'],
  ])('%s is not replaced without --force where it is anything else', async (name, content) => {
    writeFileSync(at(name), content);
    const ended = await run('--db', 'shop.db', '--output', name, one);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect(read(name)).toBe(content);
    expect(await run('--db', 'shop.db', '--output', name, '--force', one)).toMatchObject({ code: 0 });
    expect(read(name)).not.toContain('recious');
  });

  it('is not replaced where it was changed since, is of another kind, or is a report by its looks alone', async () => {
    const write = (name: string, ...more: readonly string[]) =>
      run('--db', 'shop.db', '--output', name, ...more, one);
    const isKept = async (name: string, ...more: readonly string[]) => {
      const before = read(name);
      expect(await write(name, ...more)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--force'),
      });
      expect(read(name)).toBe(before);
    };
    expect((await write('a.csv')).code).toBe(0);
    await isKept('a.csv', '--format', 'json');
    appendFileSync(at('a.csv'), 'a line of my own\n');
    await isKept('a.csv');
    expect((await write('a.csv', '--force')).code).toBe(0);
    expect((await write('a.csv')).code).toBe(0);
    utimesSync(at('a.csv'), 1, 1);
    await isKept('a.csv');
    writeFileSync(at('q.jsonl'), '{"question":"how many customers are there?"}\n');
    const reported = await run('--db', 'shop.db', '--report', 'q.jsonl', one);
    expect(reported).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect(read('q.jsonl')).toContain('how many');
  });

  it('is replaced by .export where the session or an earlier one wrote it', async () => {
    const session = (input: string) =>
      runProgram(['repl', '--db', 'shop.db', '--yes'], {
        folder,
        input,
        environment: emptyEnvironment(join(folder, 'home')),
      });
    const twice = await session('SELECT 1 AS a\n.export e.csv\nSELECT 2 AS a\n.export e.csv\n');
    expect(twice.code).toBe(0);
    expect(read('e.csv')).toBe('a\n2\n');
    expect(await session('SELECT 3 AS a\n.export e.csv\n')).toMatchObject({ code: 0 });
    expect(read('e.csv')).toBe('a\n3\n');
    writeFileSync(at('e.csv'), 'mine\n');
    expect(await session('SELECT 4 AS a\n.export e.csv\n')).toMatchObject({ code: 2 });
    expect(read('e.csv')).toBe('mine\n');
  });

  it('is asked about in a terminal', async () => {
    writeFileSync(at('README.md'), '# Precious\n');
    const start = () => startInTerminal(['run', '--db', 'shop.db', '--output', 'README.md', one], { folder });
    const kept = start();
    await kept.waitFor('Replace it?');
    kept.type(`n${keys.enter}`);
    expect(await kept.exited).toBe(130);
    expect(read('README.md')).toBe('# Precious\n');
    const replaced = start();
    await replaced.waitFor('Replace it?');
    replaced.type(`y${keys.enter}`);
    expect(await replaced.exited).toBe(0);
    expect(read('README.md')).toMatch(/^\| a \|/u);
  });
});
