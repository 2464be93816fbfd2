import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { tablesOf, withFiles } from '../../support/data-files.ts';

const many = (count: number, line: (index: number) => string): string =>
  `${Array.from({ length: count }, (_, index) => line(index)).join('\n')}\n`;

/** The rows of one table `t` of a file, as text. */
const rowsOf = (file: string, content: string | Uint8Array, reading = {}) =>
  withFiles({ [file]: content }, reading, async ({ rows, warnings, tables }) => ({
    rows: await rows(`SELECT COLUMNS(*)::VARCHAR FROM ${Object.keys(tables)[0]}`),
    warnings,
    tables,
  }));

describe('delimited text', () => {
  it.each([
    ['semicolons', 'a;b\n1;2\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['pipes', 'a|b\n1|2\n'],
    ['sep=', 'sep=;\r\na;b\r\n1;2\r\n'],
    ['a mark of UTF-8', '\uFEFFa,b\n1,2\n'],
    ['UTF-16', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le')],
    ['UTF-16 of the other order, unmarked', Buffer.from('a,b\n1,2\n', 'utf16le').swap16()],
    ['line ends of three kinds', 'a,b\r\n1,2\n'],
    ['old line ends', 'a,b\r1,2\r'],
    ['blank lines', '\n\na,b\n\n1,2\n\n'],
    ['gzip', gzipSync('a,b\n1,2\n')],
    ['zstd', zstdCompressSync('a,b\n1,2\n')],
    ['no line end at the end', 'a,b\n1,2'],
  ])('is read with %s', async (_what, content) => {
    const { rows, tables, warnings } = await rowsOf('t.csv', content);
    expect([Object.values(tables), rows, warnings]).toEqual([[['a BIGINT', 'b BIGINT']], [['1', '2']], []]);
  });

  it('is decoded from Windows-1252, also where the first odd letter comes late', async () => {
    const early = Buffer.from('name;price\nM\xfcller \x96 S\xf6hne;5 \x80\n', 'latin1');
    const { rows, warnings } = await rowsOf('t.csv', early);
    expect(rows).toEqual([['Müller – Söhne', '5']]);
    expect(warnings[0]).toBe(
      't.csv: it is read as Windows-1252 with semicolons between its values, as it is no UTF-8; --read encoding=NAME names another encoding.',
    );
    const told = await rowsOf('t.csv', early, { reading: ['encoding=latin1'] });
    expect(told.warnings.join()).not.toContain('Windows-1252');
    const late = Buffer.concat([
      Buffer.from(`name,n\n${many(40_000, (n) => `plain,${n}`)}`),
      Buffer.from('M\xfcller,1\n', 'latin1'),
    ]);
    const read = await withFiles({ 't.csv': late }, {}, async ({ rows, warnings }) => [
      await rows("SELECT name FROM t WHERE name <> 'plain'"),
      warnings,
    ]);
    expect(read).toEqual([
      [['Müller']],
      ['t.csv: it is read as Windows-1252, as it is no UTF-8; --read encoding=NAME names another encoding.'],
    ]);
  });

  it('keeps line breaks and delimiters in quotes', async () => {
    const { rows } = await rowsOf('t.csv', 'a,b\n"x\ny, ""z""",1\n');
    expect(rows).toEqual([['x\ny, "z"', '1']]);
  });

  it('names columns that have no name, or one twice, or one that can not be seen', async () => {
    const { tables } = await tablesOf({ 't.csv': 'id,,name,NAME,"a\nb\x07 \u202E"\n1,2,x,y,z\n' });
    expect(tables['t']).toEqual([
      'id BIGINT',
      'column2 BIGINT',
      'name VARCHAR',
      'NAME_2 VARCHAR',
      'a b VARCHAR',
    ]);
  });

  it('says where there is no header', async () => {
    const { rows, tables, warnings } = await rowsOf('t.csv', '1,Ada,2024-01-05\n2,Bo,2024-01-06\n');
    expect(tables['t']).toEqual(['column1 BIGINT', 'column2 VARCHAR', 'column3 DATE']);
    expect(rows).toHaveLength(2);
    expect(warnings).toEqual([
      't.csv: there seems to be no header, and its columns are called column1, column2 and so on.',
    ]);
  });

  it('passes over what stands above the header, and says it', async () => {
    const { rows, warnings } = await rowsOf(
      't.csv',
      'Report\nof 2024\n\nday;n\n01.02.2024;5\n02.02.2024;6\n',
    );
    expect(rows).toEqual([
      ['2024-02-01', '5'],
      ['2024-02-02', '6'],
    ]);
    expect(warnings).toEqual(["t.csv: 2 lines above the header are no rows of the table: 'Report'."]);
  });

  it('ends short rows with nothing, and says how many', async () => {
    const { rows, warnings } = await rowsOf('t.csv', 'a,b,c\n1,2,3\n4,5\n6\n');
    expect(rows).toEqual([
      ['1', '2', '3'],
      ['4', '5', null],
      ['6', null, null],
    ]);
    expect(warnings).toEqual([
      't.csv: 2 rows have fewer values than there are columns, the first in line 3, and end with empty ones.',
    ]);
  });

  it('names the line that is too long, not one that is short', async () => {
    await expect(tablesOf({ 't.csv': 'a,b,c\n1,2,3\n4,5\n6,7,8\n1,2,3\n1,2,3,4,5\n' })).rejects.toThrow(
      't.csv, line 6: there are more values than the 3 columns.',
    );
  });

  it('takes a header without the name of the first column, and one without a value', async () => {
    const { tables } = await tablesOf({ 'r.csv': 'x,y\na,1,2\nb,3,4\n' });
    expect(tables['r']).toEqual(['row VARCHAR', 'x BIGINT', 'y BIGINT']);
    expect(await tablesOf({ 'h.csv': 'a,b\n' })).toEqual({
      tables: { h: ['a VARCHAR', 'b VARCHAR'] },
      warnings: ['h.csv has columns, and no row.'],
    });
  });

  it('is read as the user says', async () => {
    const reading = ['delimiter=|', 'header=no', 'encoding=cp437'];
    await expect(tablesOf({ 't.csv': 'a|1\n' }, { reading })).rejects.toThrow(
      /--read does not take "encoding=cp437"/u,
    );
    const { tables } = await tablesOf(
      { 't.csv': 'a|1\n', 'u.csv': 'a|b\n' },
      { reading: ['delimiter=|', 't.header=no'] },
    );
    expect(tables).toEqual({ t: ['column1 VARCHAR', 'column2 BIGINT'], u: ['a VARCHAR', 'b VARCHAR'] });
  });

  it('of lines alone is a table of lines', async () => {
    const line = '127.0.0.1 - - [10/Oct/2024:13:55:36 +0000] "GET / HTTP/1.1" 200 2326';
    const { tables, rows } = await rowsOf('access.log', `${line}\n${line}, again\n`);
    expect([tables, rows]).toEqual([{ access: ['line VARCHAR'] }, [[line], [`${line}, again`]]]);
  });

  it('may have three thousand columns', async () => {
    const line = (cell: (index: number) => string) =>
      Array.from({ length: 3000 }, (_, index) => cell(index)).join(',');
    const { tables } = await tablesOf({
      't.csv': `${line((i) => `c${i}`)}\n${line(String)}\n${line(() => 'x')}\n`,
    });
    expect(tables['t']).toHaveLength(3000);
  });
});

describe('JSON', () => {
  it('keeps numbers digit for digit, and takes texts for dates alone', async () => {
    const { tables, rows } = await rowsOf(
      't.json',
      '[{"i":9007199254740993,"h":123456789012345678901234567890,"p":0.10,"t":"12","d":"2024-01-05","z":"2024-01-05T10:00:00Z"},{"i":1,"h":2,"p":3,"t":"7","d":null,"z":null}]',
    );
    expect(tables['t']).toEqual([
      'i BIGINT',
      'h HUGEINT',
      'p DECIMAL(18,1)',
      't VARCHAR',
      'd DATE',
      'z TIMESTAMP WITH TIME ZONE',
    ]);
    expect(rows[0]?.slice(0, 5)).toEqual([
      '9007199254740993',
      '123456789012345678901234567890',
      '0.1',
      '12',
      '2024-01-05',
    ]);
  });

  it('of lines with different keys is one table with all of them', async () => {
    const { tables, rows } = await rowsOf('t.ndjson', '{"a":1,"o":{"x":[1,2]}}\n{"b":true}\n{"a":2.5}\n');
    expect(tables['t']).toEqual(['a DECIMAL(18,1)', 'o STRUCT(x BIGINT[])', 'b BOOLEAN']);
    expect(rows).toHaveLength(3);
  });

  it('that is one object has a table for each of its arrays', async () => {
    const one = await tablesOf({ 't.json': '{"meta":{"n":2},"rows":[{"a":1},{"a":2}]}' });
    expect(one).toEqual({
      tables: { t: ['a BIGINT'] },
      warnings: ['t.json: beside its array the file has meta, which is no rows.'],
    });
    const two = await tablesOf({ 't.json': '{"users":[{"a":1}],"orders":[{"b":"2024-01-05"}]}' });
    expect(two.tables).toEqual({ users: ['a BIGINT'], orders: ['b DATE'] });
  });
});

describe('a workbook', () => {
  it('is a table a sheet, below its titles', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: 'Umsatz 2024',
          rows: [
            ['Umsatzbericht', null, null],
            [null, null, null],
            [null, 'Datum', 'PLZ', 'Betrag'],
            [null, new Date('2024-01-05T00:00:00Z'), '01067', 12.5],
            [null, new Date('2024-02-05T00:00:00Z'), '10115', 1234567.25],
          ],
        },
        { name: 'Leer', rows: [] },
        {
          name: 'Kunden',
          rows: [
            ['id', 'name'],
            [1, 'Ada'],
          ],
        },
      ],
    });
    expect(await tablesOf({ 'b.xlsx': bytes })).toEqual({
      tables: {
        umsatz_2024: ['Datum DATE', 'PLZ VARCHAR', 'Betrag DECIMAL(18,2)'],
        kunden: ['id BIGINT', 'name VARCHAR'],
      },
      warnings: ["b.xlsx: a row above the header is no row of the table: 'Umsatzbericht'."],
    });
  });

  it('tells nothing of what stands above the header where a column is hidden', async () => {
    const rows = [['Ada, 123-45-6789'], ['name', 'ssn'], ['Ada', '123-45-6789']];
    const bytes = await writeXlsx({ sheets: [{ name: 'a', rows }] });
    const text = `Ada, 123-45-6789\nname;ssn;n\nAda;123-45-6789;1\nBo;123-45-6780;2\nTotal;123-45-6789;3\n`;
    const { warnings } = await tablesOf({ 'b.xlsx': bytes, 't.csv': text }, { hide: ['ssn'] });
    expect(warnings).toEqual([
      'b.xlsx: a row above the header is no row of the table.',
      't.csv: a line above the header is no row of the table.',
      "t.csv: the last row looks like a total ('Total', '3'): it is left out, as its numbers are the sums of those above.",
    ]);
  });

  it('of Excel 97 to 2003 are refused with what to do', async () => {
    const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)]);
    compound.write('Workbook', 600, 'utf16le');
    for (const name of ['old.xls', 'old.xlsx']) {
      await expect(tablesOf({ [name]: compound })).rejects.toMatchObject({
        message: expect.stringContaining(`${name} is a workbook of Excel 97 to 2003`),
        hint: expect.stringContaining('soffice --headless --convert-to xlsx FILE'),
      });
    }
  });

  it('says which formulas have no value', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: 'A',
          rows: [
            ['id', 'sum'],
            [1, null],
            [2, null],
          ],
          cells: new Map([
            ['1,1', { formula: 'A2*2' }],
            ['2,1', { formula: 'A3*2', formulaResult: 4 }],
          ]),
        },
      ],
    });
    expect((await tablesOf({ 'b.xlsx': bytes })).warnings).toEqual([
      'b.xlsx, sheet A: a formula has no value stored in the file, and is read as no value. Open it in a spreadsheet program and save it there.',
    ]);
  });

  it('that a password protects is refused in words', async () => {
    const bytes = await writeXlsx({
      sheets: [{ name: 'a', rows: [['n'], [1]] }],
      encryption: { password: 'x', spinCount: 10 },
    });
    await expect(tablesOf({ 'p.xlsx': bytes })).rejects.toThrow('p.xlsx is protected by a password.');
  });
});

describe('several files', () => {
  it('of a folder are a table each, parts of one set together, and what is no data is named', async () => {
    const { tables, warnings } = await tablesOf(
      {
        'd/2024-01.csv': 'day,n\n2024-01-05,1\n',
        'd/2024-02.csv': 'day,n\n2024-02-05,2.5\n',
        'd/customers.csv': 'day,n\n2024-02-05,2\n',
        'd/Umsatz 2024 (final).csv': 'a,b\n1,x\n',
        'd/order.csv': 'a,c\n1,x\n',
        'd/README.md': '# hello\n',
      },
      { db: 'd' },
    );
    expect(tables).toEqual({
      d: ['day DATE', 'n DECIMAL(18,1)'],
      customers: ['day DATE', 'n BIGINT'],
      umsatz_2024_final: ['a BIGINT', 'b VARCHAR'],
      data_order: ['a BIGINT', 'c VARCHAR'],
    });
    expect(warnings).toContain('d: not read: README.md.');
  });

  it('that fit a pattern are one table where they are of one shape', async () => {
    const files = { 'logs/a.csv': 'n\n1\n', 'logs/b.csv': 'n\n2\n' };
    const sum = await withFiles(files, { db: 'logs/*.csv' }, ({ rows }) =>
      rows('SELECT sum(n)::VARCHAR FROM logs'),
    );
    expect(sum).toEqual([['3']]);
  });

  it('are schemas where one may hold several tables', async () => {
    const { tables } = await tablesOf(
      { 'a.csv': 'n\n1\n', 'more/b.csv': 'm\n1\n', 'more/c.csv': 'k\n1\n', 'x/a.csv': 'n\n1\n' },
      { db: 'a.csv\nmore\nx/a.csv' },
    );
    expect(Object.keys(tables)).toEqual(['a', 'a_2', 'more.b', 'more.c']);
  });
});

describe('a file that is too large for memory', () => {
  it('stays where it is, and is the only one that can be read', async () => {
    const files = { "we[i]rd 'q'*.csv": `id,zip\n${many(2000, (n) => `${n},0${n}`)}`, 'other.csv': 'n\n1\n' };
    await withFiles(files, { db: Object.keys(files)[0] ?? '', room: 0 }, async ({ rows, tables }, folder) => {
      expect(Object.values(tables)).toEqual([['id BIGINT', 'zip VARCHAR']]);
      const [table = ''] = Object.keys(tables);
      expect(await rows('SELECT view_name FROM duckdb_views() WHERE NOT internal')).toEqual([[table]]);
      expect(await rows(`SELECT sum(id)::VARCHAR, max(zip) FROM ${table}`)).toEqual([['1999000', '0999']]);
      const other = join(folder, 'other.csv');
      for (const sql of [
        `FROM read_csv('${other}')`,
        `FROM '${other}'`,
        `FROM read_text('${folder}/*')`,
        `ATTACH '${folder}/new.duckdb'`,
        `COPY (SELECT 1) TO '${folder}/new.csv'`,
        "SET allowed_paths = ['/']",
        'SET enable_external_access = true',
      ]) {
        await expect(rows(sql), sql).rejects.toThrow(/Permission Error|locked|Cannot/u);
      }
      expect(readFileSync(other, 'utf8')).toBe('n\n1\n');
    });
  });
});
