import { describe, expect, it } from 'vitest';
import { chooseFormat, requireFile } from '../../src/render/choose-format.ts';
import { type Format, formats } from '../../src/render/format.ts';
import { rowLimit } from '../../src/render/row-limit.ts';

const plain = { named: null, usual: null, output: null, onTerminal: false } as const;

describe('the format of a result', () => {
  it.each<[string, Format]>([
    ['rows.json', 'json'],
    ['rows.md', 'markdown'],
    ['rows.ndjson', 'ndjson'],
    ['rows.jsonl', 'ndjson'],
    ['rows.tsv', 'tsv'],
    ['rows.html', 'html'],
    ['ROWS.XLSX', 'xlsx'],
    ['rows.parquet', 'parquet'],
    ['a.b/rows.csv', 'csv'],
    ['a.json/rows', 'csv'],
    ['/dev/stdout', 'csv'],
    ['/proc/self/fd/1', 'csv'],
  ])('of %s is %s', (output, format) => {
    expect(chooseFormat({ ...plain, output })).toBe(format);
    // A file is no terminal, whatever the usual format is.
    expect(chooseFormat({ ...plain, output, usual: 'table' })).toBe(format);
  });

  it('is the named one before all else, and the settings one only where no ending speaks', () => {
    expect(chooseFormat({ ...plain, named: 'tsv', output: 'rows.json' })).toBe('tsv');
    expect(chooseFormat({ ...plain, usual: 'markdown', output: 'rows.json' })).toBe('json');
    expect(chooseFormat({ ...plain, usual: 'markdown', output: 'rows' })).toBe('markdown');
    expect(chooseFormat({ ...plain, usual: 'markdown', onTerminal: true })).toBe('markdown');
    expect(chooseFormat({ ...plain, onTerminal: true })).toBe('table');
    expect(chooseFormat(plain)).toBe('csv');
  });

  it.each(['rows.foo', 'rows.pdf', 'rows.csv.gz'])('is an error for %s that lists the endings', (output) => {
    expect(() => chooseFormat({ ...plain, output })).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('.csv, .tsv') }),
    );
    expect(chooseFormat({ ...plain, named: 'json', output })).toBe('json');
  });
});

describe('a format', () => {
  it.each(formats)('%s tells whether a terminal shows it', (format) => {
    if (['html', 'xlsx', 'png', 'svg', 'parquet'].includes(format)) {
      expect(() => requireFile(format)).toThrow(/terminal/u);
    } else {
      requireFile(format);
    }
  });

  it('takes as many rows as it can', () => {
    expect(rowLimit('table', null, true)).toBe(1000);
    expect(rowLimit('table', null, false)).toBeNull();
    expect(rowLimit('html', null, false)).toBe(10_000);
    expect(rowLimit('xlsx', 1_048_575, false)).toBe(1_048_575);
    expect(() => rowLimit('xlsx', 1_048_576, false)).toThrow(/at most 1,048,575 rows/u);
  });
});
