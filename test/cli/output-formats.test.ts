import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';

const sample = ['--db', 'sample'];
const two = 'SELECT id, name FROM products ORDER BY id LIMIT 2';
const folder = (): string => mkdtempSync(join(tmpdir(), 'sqlq-formats-'));

describe('the ending of --output', () => {
  it.each([
    ['json', /^\[\n\{"id":1,"name":"Oak Chair"\},\n\{/u],
    ['md', /^\| id \| name \|\n\| --- \| --- \|\n/u],
    ['ndjson', /^\{"id":1,"name":"Oak Chair"\}\n\{"id":2/u],
    ['tsv', /^id\tname\n1\tOak Chair\n/u],
    ['csv', /^id,name\n1,Oak Chair\n/u],
    ['html', /^<!DOCTYPE html>/u],
    ['txt', /^┌/u],
  ])('names the format of %s', async (ending, expected) => {
    const file = join(folder(), `rows.${ending}`);
    const ended = await runProgram(['run', ...sample, '--output', file, two]);
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(file, 'utf8')).toMatch(expected);
  });

  it('names it for ask too, and --format goes before it', async () => {
    const place = folder();
    const ask = ['ask', ...sample, '--profile', 'offline', '--yes'];
    await runProgram([...ask, '--output', join(place, 'a.json'), 'how many customers are there?']);
    expect(readFileSync(join(place, 'a.json'), 'utf8')).toMatch(/^\[\n\{.*:60\}\n\]\n$/u);
    await runProgram(['run', ...sample, '--format', 'csv', '--output', join(place, 'b.json'), two]);
    expect(readFileSync(join(place, 'b.json'), 'utf8')).toMatch(/^id,name\n/u);
  });

  it('is an error where no format has it, before anything is written', async () => {
    const place = folder();
    const ended = await runProgram(['run', ...sample, '--output', join(place, 'rows.pdf'), two]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('end in ".pdf"');
    expect(ended.stderr).toContain('.xlsx');
    expect(readdirSync(place)).toEqual([]);
  });

  it('of - is that of stdout', async () => {
    expect(await runProgram(['run', ...sample, '--output', '-', two])).toMatchObject({
      code: 0,
      stdout: 'id,name\n1,Oak Chair\n2,Office Chair\n',
    });
  });
});

describe('--output rows.xlsx', () => {
  it('is a workbook', async () => {
    const file = join(folder(), 'rows.xlsx');
    await runProgram(['run', ...sample, '--output', file, `SELECT 1.5 AS n, '=1+1' AS t`]);
    const { sheets } = await readXlsx(readFileSync(file));
    expect(sheets[0]?.rows).toEqual([
      ['n', 't'],
      [1.5, '=1+1'],
    ]);
  });

  it('is refused, before the rows are read, where a sheet has no room for them', async () => {
    const place = folder();
    const many =
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1048576) SELECT i FROM n';
    const ended = await runProgram(['run', ...sample, '--output', join(place, 'rows.xlsx'), many]);
    expect(ended.code).toBe(5);
    expect(ended.stderr).toContain('more rows than the 1,048,575 that xlsx holds');
    expect(readdirSync(place)).toEqual([]);
  });
});
