import { readXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import type { ResultColumn, Row } from '../../src/database/database.ts';
import { createXlsxRenderer } from '../../src/render/xlsx/xlsx.ts';

const column = (name: string, kind: ResultColumn['kind'] = 'text', type = ''): ResultColumn => ({
  name,
  kind,
  type,
});

async function write(columns: readonly ResultColumn[], batches: readonly (readonly Row[])[]) {
  const renderer = createXlsxRenderer();
  const pieces = [Buffer.from(await renderer.begin(columns))];
  for (const batch of batches) {
    pieces.push(Buffer.from(await renderer.rows(batch)));
  }
  pieces.push(Buffer.from(await renderer.end()));
  return { bytes: Buffer.concat(pieces), notes: renderer.notes?.() ?? [] };
}

async function rowsOf(columns: readonly ResultColumn[], rows: readonly Row[]) {
  const { bytes, notes } = await write(columns, [rows]);
  const { sheets } = await readXlsx(bytes);
  return { rows: (sheets[0]?.rows ?? []).slice(1), header: sheets[0]?.rows[0], notes };
}

describe('a workbook', () => {
  it('has the names and the rows of every batch', async () => {
    const batches = [
      [[1, 'a']],
      [
        [2, 'b'],
        [3, null],
      ],
    ] as const;
    const { bytes } = await write([column('n', 'number'), column('t')], batches);
    const { sheets } = await readXlsx(bytes);
    expect(sheets.map(({ rows }) => rows)).toEqual([
      [
        ['n', 't'],
        [1, 'a'],
        [2, 'b'],
        [3, null],
      ],
    ]);
  });

  it('can be without rows', async () => {
    expect((await rowsOf([column('n')], [])).header).toEqual(['n']);
  });

  it('has numbers as numbers as far as a spreadsheet keeps their digits, and says where it does not', async () => {
    const columns = [column('n', 'number'), column('r', 'real')];
    const { rows, notes } = await rowsOf(columns, [
      ['123456789012.345', 0.1 + 0.2],
      ['12345678901234567.1', Number.NaN],
      [9007199254740993n, -0.5],
      ['100000000000000000000', 1e300],
    ]);
    expect(rows).toEqual([
      [123456789012.345, 0.1 + 0.2],
      ['12345678901234567.1', 'NaN'],
      ['9007199254740993', -0.5],
      [1e20, 1e300],
    ]);
    expect(notes).toEqual(['Numbers of more than 15 digits stand as text, digit for digit: 2.']);
  });

  it('has days as days and times as times; what no calendar of a spreadsheet has stays text', async () => {
    const columns = [column('d', 'text', 'date'), column('t', 'text', 'timestamp without time zone')];
    const { rows, notes } = await rowsOf(columns, [
      ['2024-02-29', '2024-02-29 23:59:58.25'],
      ['2023-02-29', 'infinity'],
      ['1815-06-18', '2024-01-01 10:00:00.000001'],
    ]);
    expect(rows[0]).toEqual([new Date('2024-02-29T00:00:00Z'), new Date('2024-02-29T23:59:58.250Z')]);
    expect(rows[1]).toEqual(['2023-02-29', 'infinity']);
    expect(rows[2]).toEqual(['1815-06-18', new Date('2024-01-01T10:00:00Z')]);
    expect(notes).toEqual(['Times stand to the millisecond, as finely as a spreadsheet counts.']);
  });

  it('shows a time with an offset as the database does, and says so', async () => {
    const { rows, notes } = await rowsOf([column('t', 'text', 'timestamptz')], [['2024-06-01 08:00:00+02']]);
    expect(rows).toEqual([[new Date('2024-06-01T08:00:00Z')]]);
    expect(notes).toEqual(['Times stand as the database shows them, without their zone.']);
  });

  it('has no formula, whatever the rows and the names hold', async () => {
    const evil = [
      '=1+1',
      '+cmd|calc',
      '-2',
      '@SUM(A1)',
      '\t=1',
      '{=A1}',
      '#REF!',
      '_x0041_',
      ' a ',
      'a\u0007b<&>',
    ];
    const { bytes } = await write(
      evil.map((name) => column(name)),
      [[evil]],
    );
    const { sheets } = await readXlsx(bytes);
    expect(sheets[0]?.rows).toEqual([evil, evil]);
    const cells = [...(sheets[0]?.cells?.values() ?? [])];
    expect(cells.filter((cell) => cell.formula !== undefined)).toEqual([]);
  });

  it('cuts a text that no cell holds, and says so', async () => {
    const { rows, notes } = await rowsOf([column('t')], [['x'.repeat(40_000)]]);
    expect(rows).toEqual([['x'.repeat(32_767)]]);
    expect(notes).toEqual(['Texts longer than the 32,767 characters of a cell are cut: 1.']);
  });
});
