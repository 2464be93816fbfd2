import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { emptyEnvironment, runProgram } from '../support/program.ts';

const root = new URL('../../', import.meta.url);

/** A folder with files. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-data-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const run = (folder: string, ...argv: readonly string[]) => runProgram(['run', ...argv], { folder });

describe("the README's second paragraph", () => {
  it('asks a file, and is answered with what the file holds', async () => {
    const readme = readFileSync(new URL('README.md', root), 'utf8');
    const [, file = '', question = ''] =
      /A file will do as well: `sqlq ask --db (\S+) --yes "([^"]+)"`/u.exec(readme) ?? [];
    const answered = await runProgram(['ask', '--profile', 'offline', '--db', file, '--yes', question], {
      folder: root.pathname,
    });
    expect(answered.code).toBe(0);
    const totals = new Map<string, number>();
    const text = new TextDecoder('windows-1252').decode(readFileSync(new URL(file, root)));
    for (const line of text.split('\r\n').slice(1, -1)) {
      const [, , , country = '', , amount = ''] = line.split(';');
      const cents = Number(amount.replace(' €', '').replaceAll(/[.,]/gu, ''));
      totals.set(country, (totals.get(country) ?? 0) + cents);
    }
    const [, ...rows] = answered.stdout.trimEnd().split('\n');
    expect(rows.sort()).toEqual(
      [...totals].map(([country, cents]) => `${country},${(cents / 100).toFixed(2)}`).sort(),
    );
  });
});

describe('files on the command line', () => {
  it('are read from standard input, whose kind is seen', async () => {
    const rows = Array.from({ length: 3 }, (_, id) => JSON.stringify({ id, big: id })).join('\n');
    const answered = await runProgram(['run', '--db', '-', 'SELECT sum(id) AS s, max(big) AS m FROM input'], {
      input: `${rows}\n{"id":7,"big":9007199254740993}\n`,
    });
    expect(answered).toMatchObject({ code: 0, stdout: 's,m\n10,9007199254740993\n' });
  });

  it('go together as one database', async () => {
    const folder = folderWith({
      'customers.csv': 'id,name\n1,Ada\n2,Bo\n',
      'orders.json': '[{"customer":1,"amount":2.5},{"customer":1,"amount":0.1},{"customer":2,"amount":3}]',
    });
    const sql =
      'SELECT name, sum(amount) AS total FROM orders JOIN customers ON customer = id GROUP BY name ORDER BY name';
    const answered = await run(folder, '--db', 'customers.csv', '--db', 'orders.json', sql);
    expect(answered).toMatchObject({ code: 0, stdout: 'name,total\nAda,2.6\nBo,3.0\n' });
  });

  it('say what was assumed, and keep it in the report', async () => {
    const folder = folderWith({ 'a.csv': 'day,n\n01/02/2024,N/A\n03/04/2024,5\n' });
    const answered = await run(folder, '--db', 'a.csv', '--report', 'r.json', 'SELECT max(n) AS n FROM a');
    expect(answered.stdout).toBe('n\n5\n');
    expect(answered.stderr.match(/read as no value/gu)).toHaveLength(1);
    const said = ["a.csv: read as no value: 'N/A' (once) in n.", 'a.csv: day is read as month, day, year'];
    const { warnings } = JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')) as { warnings: string[] };
    for (const sentence of said) {
      expect(answered.stderr).toContain(sentence);
      expect(warnings.join('\n')).toContain(sentence);
    }
  });

  it('are never written over', async () => {
    const folder = folderWith({ 'a.csv': 'n\n1\n', 'parts/b.csv': 'n\n2\n' });
    for (const [db, target] of [
      ['a.csv', 'a.csv'],
      ['parts', 'parts/b.csv'],
      ['parts/*.csv', './parts/b.csv'],
    ] as const) {
      const ended = await run(
        folder,
        '--db',
        db,
        '--output',
        target,
        '--force',
        '--format',
        'csv',
        'SELECT 1',
      );
      expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('never written over') });
    }
    expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe('n\n1\n');
    const written = await run(folder, '--db', 'a.csv', '--write', '--yes', 'UPDATE a SET n = 2');
    expect(written).toMatchObject({ code: 2, stderr: expect.stringContaining('never written') });
  });

  it('are read anew when they change', async () => {
    const folder = folderWith({ 'a.csv': 'n\n1\n' });
    const environment = emptyEnvironment(join(folder, 'home'));
    const ask = () =>
      runProgram(['ask', '--profile', 'offline', '--db', 'a.csv', '--yes', 'total n'], {
        folder,
        environment,
      });
    expect((await ask()).stdout).toBe('sum(n)\n1\n');
    writeFileSync(join(folder, 'a.csv'), 'n\n1.5\n2\n');
    expect((await ask()).stdout).toBe('sum(n)\n3.5\n');
  });

  it.each([
    ['gone.csv', {}, /gone\.csv can not be read: there is no such file/u],
    ['*.csv', {}, /No file fits \*\.csv/u],
    ['sub', { 'sub/picture.png': '\x89PNG' }, /sub is a folder without a file that can be read as a table/u],
    ['e.csv', { 'e.csv': '' }, /e\.csv is empty/u],
    ['b.parquet', { 'b.parquet': 'PAR1xxxxPAR1' }, /b\.parquet is a broken Parquet file/u],
    ['p.parquet', { 'p.parquet': 'a,b\n1,2\n' }, /p\.parquet is called \.parquet, and is none/u],
    [
      'w.xlsx',
      { 'w.xlsx': Buffer.from('d0cf11e0a1b11ae1', 'hex') },
      /w\.xlsx is a workbook of Excel 97 to 2003 \(\.xls\)/u,
    ],
    ['z.csv.gz', { 'z.csv.gz': gzipSync('a,b\n'.repeat(9999)).subarray(0, 40) }, /packed, and broken/u],
    ['j.json', { 'j.json': '[{"a":1},{"a":]' }, /j\.json.* is no JSON/u],
    [
      'l.csv',
      { 'l.csv': 'a,b\n1,2\n1,2,3\n' },
      /l\.csv, line 3: there are 3 values where the columns are 2/u,
    ],
    ['q.csv', { 'q.csv': 'a,b\n1,2\n"x,2\n' }, /q\.csv, line 3: a double quote is not closed/u],
  ])('say what is wrong with %s', async (db, files, message) => {
    const ended = await run(folderWith(files), '--db', db, 'SELECT 1');
    expect(ended.code).not.toBe(0);
    expect(ended.stdout).toBe('');
    expect(ended.stderr.split('\n')[0]).toMatch(message);
  });
});

describe('a settings file that was merely found', () => {
  const files = {
    'work/.sqlqrc':
      'databases: { own: data/a.csv, other: ../secret.csv, link: data/link.csv, all: "../*.csv", up: .. }\n',
    'work/data/a.csv': 'n\n1\n',
    'secret.csv': 'n\n99\n',
  };

  it('names what lies in its folder, and nothing else', async () => {
    const folder = folderWith(files);
    symlinkSync(join(folder, 'secret.csv'), join(folder, 'work/data/link.csv'));
    const work = join(folder, 'work');
    expect(await run(work, '--db', 'own', 'SELECT n FROM a')).toMatchObject({ code: 0, stdout: 'n\n1\n' });
    for (const name of ['other', 'link', 'all', 'up']) {
      const ended = await run(work, '--db', name, 'SELECT 1');
      expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('lies outside of its folder') });
    }
    // The user's own word reaches both.
    expect(await run(work, '--db', '../secret.csv', 'SELECT n FROM secret')).toMatchObject({
      stdout: 'n\n99\n',
    });
  });
});
