import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { ResultColumn, Row, Value } from '../../src/database/database.ts';
import { choosePlot } from '../../src/render/chart/plot.ts';
import { createSample } from '../../src/render/chart/sample.ts';
import { createRenderer } from '../../src/render/format.ts';
import type { RenderOptions } from '../../src/render/renderer.ts';

const column = (name: string, kind: ResultColumn['kind'] = 'text'): ResultColumn => ({
  name,
  kind,
  type: '',
});

async function chart(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  options: Partial<RenderOptions> = {},
): Promise<{ readonly lines: readonly string[]; readonly notes: readonly string[] }> {
  const renderer = await createRenderer({
    format: 'chart',
    csvSafe: false,
    width: null,
    color: false,
    ...options,
  });
  const text = `${await renderer.begin(columns)}${await renderer.rows(rows)}${await renderer.end()}`;
  return { lines: text.trimEnd().split('\n'), notes: renderer.notes?.() ?? [] };
}

describe('the picture that suits a result', () => {
  const number = column('n', 'number');
  const kindOf = (columns: readonly ResultColumn[], rows: readonly Row[]) => choosePlot(columns, rows)?.kind;

  it.each<[string, readonly ResultColumn[], readonly Row[], string | undefined]>([
    [
      'names',
      [column('country'), number],
      [
        ['Spain', 1],
        ['Norway', 2],
      ],
      'bars',
    ],
    [
      'days',
      [column('day'), number],
      [
        ['2025-01-02', 1],
        ['2025-01-01', 2],
      ],
      'lines',
    ],
    [
      'months',
      [column('month'), number],
      [
        ['2025-01', 1],
        ['2025-02', 2],
      ],
      'lines',
    ],
    [
      'quarters',
      [column('quarter'), number],
      [
        ['2025-Q1', 1],
        ['2025-Q2', 2],
      ],
      'lines',
    ],
    [
      'times with a zone',
      [column('at'), number],
      [
        ['2025-01-01 00:00:00+00', 1],
        ['2025-01-01 01:00:00.5+00', 2],
      ],
      'lines',
    ],
    [
      'years as numbers',
      [column('year', 'number'), number],
      [
        [2024, 1],
        [2025, 2],
      ],
      'lines',
    ],
    [
      'keys',
      [column('customer_id', 'number'), number],
      [
        [1, 1],
        [2, 2],
      ],
      'bars',
    ],
    [
      'the same day twice',
      [column('day'), number],
      [
        ['2025-01-01', 1],
        ['2025-01-01', 2],
      ],
      'bars',
    ],
    [
      'a group besides days',
      [column('day'), column('status'), number],
      [
        ['2025-01-01', 'a', 1],
        ['2025-01-01', 'b', 2],
        ['2025-01-02', 'a', 3],
      ],
      'lines',
    ],
    ['numbers alone', [number], [[1], [2], [3]], 'histogram'],
    ['one row of numbers', [number, column('m', 'number')], [[1, 2]], 'bars'],
    ['one value', [number], [[1]], undefined],
    ['no number', [column('name')], [['a'], ['b']], undefined],
    ['nothing but NULL', [column('name'), number], [['a', null]], undefined],
    ['no row', [column('name'), number], [], undefined],
  ])('%s', (_, columns, rows, kind) => {
    expect(kindOf(columns, rows)).toBe(kind);
  });

  it('puts days in order and keeps a gap for NULL', () => {
    const plot = choosePlot(
      [column('day'), number],
      [
        ['2025-01-03', 3],
        ['2025-01-01', 1],
        ['2025-01-02', null],
      ],
    );
    expect(plot).toMatchObject({
      labels: ['2025-01-01', '2025-01-02', '2025-01-03'],
      series: [{ marks: [{ value: 1 }, { value: null, text: 'NULL' }, { value: 3 }] }],
    });
  });
});

describe('bars', () => {
  const columns = [column('name'), column('balance', 'number')];

  it('stand at both sides of zero, with exact numbers', async () => {
    const { lines } = await chart(
      columns,
      [
        ['up', '12345678901234567890.10'],
        ['down', '-12345678901234567890.10'],
        ['none', null],
        ['not', 'NaN'],
      ],
      { width: 62 },
    );
    expect(lines).toEqual([
      'balance',
      `up     12345678901234567890.10  ${' '.repeat(14)}│${'█'.repeat(14)}`,
      `down  -12345678901234567890.10  ${'█'.repeat(14)}│`,
      `none                      NULL  ${' '.repeat(14)}│`,
      `not                        NaN  ${' '.repeat(14)}│`,
    ]);
  });

  it('start at one column, also after wide characters, and never pass the window', async () => {
    const rows: Row[] = [
      ['日本語の長い名前がここにあります', 5],
      ['한국', 3],
      ['e\u0301t\u00e9', 1],
      ['🇳🇴', 4],
    ];
    const { lines } = await chart(columns, rows, { width: 50 });
    const bars = lines.slice(1);
    expect(new Set(bars.map((line) => stringWidth(line.slice(0, line.indexOf('│'))))).size).toBe(1);
    for (const line of bars) {
      expect(stringWidth(line)).toBeLessThan(50);
    }
  });

  it('are as many as the window is high, and the rest is told', async () => {
    const rows = Array.from({ length: 200 }, (_, index): Row => [`name ${index}`, index]);
    const { lines, notes } = await chart(columns, rows, { width: 80, height: 24 });
    expect(lines.length).toBeLessThan(24);
    expect(notes).toEqual([`The chart shows the first ${lines.length - 1} of 200 rows.`]);
  });

  it('are ASCII where the terminal shows no more', async () => {
    const { lines } = await chart(
      columns,
      [
        ['up', 2],
        ['down', -2],
      ],
      { ascii: true, width: 40 },
    );
    expect(lines.join('')).toMatch(/^[\x20-\x7e]+$/u);
    expect(lines[2]).toContain('###|');
  });

  it('fit any window with any values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.option(fc.double())), {
          minLength: 1,
        }),
        fc.integer({ min: 60, max: 200 }),
        async (pairs, width) => {
          const rows = pairs.map(([name, value]): Row => [`a${name}`, value]);
          const { lines } = await chart([column('name'), column('value', 'real')], rows, { width });
          for (const line of lines) {
            expect(stringWidth(line)).toBeLessThan(width);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('lines', () => {
  const columns = [column('month'), column('total', 'number')];

  it('have gaps where there is NULL, and their exact extremes below', async () => {
    const rows: Row[] = [
      ['2025-01', '1.10'],
      ['2025-02', null],
      ['2025-03', '-3.30'],
      ['2025-04', '2.20'],
    ];
    const { lines } = await chart(columns, rows, { width: 60, height: 20 });
    expect(lines[0]).toBe('total by month');
    expect(lines.at(-1)).toBe(
      'first 1.10 (2025-01), lowest -3.30 (2025-03), highest 2.20 (2025-04), last 2.20 (2025-04), NULL 1 times',
    );
    expect(lines.length).toBeLessThan(20);
    for (const line of lines.slice(0, -1)) {
      expect(line.length).toBeLessThan(60);
    }
    // On the way from a value to NULL and from NULL to the next there is no line.
    for (const line of lines.slice(1, -2)) {
      expect(line.slice(10, 30)).toMatch(/^\s*$/u);
    }
  });

  it('say when several values share a column', async () => {
    const rows = Array.from({ length: 1000 }, (_, index): Row => [index, Math.sin(index / 50)]);
    const { notes } = await chart([column('x', 'number'), column('y', 'real')], rows, { width: 80 });
    expect(notes).toEqual(['1,000 values on 79 columns: the line shows the mean of those side by side.']);
  });

  it('stand for any values', async () => {
    const value = fc.option(
      fc.oneof(fc.double(), fc.integer(), fc.constantFrom<Value>('1e999', 'NaN', '-0')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 2, maxLength: 300 }), async (values) => {
        const rows = values.map((each, index): Row => [index, each]);
        const { lines } = await chart([column('x', 'number'), column('y', 'number')], rows, { ascii: true });
        expect(lines.length).toBeLessThan(40);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a histogram', () => {
  it('counts every value once, and NULL by itself', async () => {
    const values = [...Array.from({ length: 100 }, (_, index) => index / 10), null, null];
    const { lines } = await chart(
      [column('price', 'real')],
      values.map((value): Row => [value]),
    );
    expect(lines[0]).toBe('price: rows in each range');
    const counts = lines.slice(1).map((line) => Number(/\s(\d+) {2}│/u.exec(line)?.[1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(102);
    expect(lines.at(-1)).toMatch(/^NULL\s+2 {2}│/u);
  });
});

it('shows a table where there is nothing to draw, and says so', async () => {
  const { lines, notes } = await chart([column('name')], [['Ann'], ['Bob']], { width: 80 });
  expect(lines.join('\n')).toContain('│ Ann');
  expect(notes).toEqual(['There is no column of numbers to draw, so here are the rows as a table.']);
});

it('draws a long result from a part of it that is evenly taken, and says so', async () => {
  const rows = Array.from({ length: 250_000 }, (_, index): Row => [index % 1000]);
  const { notes } = await chart([column('n', 'number')], rows);
  expect(notes).toEqual(['Drawn from 62,500 of 250,000 rows, evenly taken: one in 4.']);
});

it('keeps every so many rows, whatever the batches', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 20 }), (batches) => {
      const sample = createSample(20);
      let next = 0;
      for (const size of batches) {
        sample.add(Array.from({ length: size }, (): Row => [next++]));
      }
      expect(sample.total).toBe(next);
      expect(sample.rows.length).toBeLessThanOrEqual(20);
      expect(sample.rows).toEqual(sample.rows.map((_, index) => [index * sample.stride]));
      expect(sample.rows.length).toBe(Math.ceil(next / sample.stride));
    }),
  );
});

it('counts any numbers in a histogram', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.double(), { minLength: 2, maxLength: 100 }), async (values) => {
      const { lines } = await chart(
        [column('x', 'real')],
        values.map((value): Row => [value]),
      );
      const counts = lines.slice(1).map((line) => Number(/\s(\d+) {2}│/u.exec(line)?.[1]));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
    }),
  );
});

it('does not take the extremes of a part for those of the whole', async () => {
  const rows = Array.from({ length: 250_000 }, (_, index): Row => [index, index % 1000]);
  const { lines } = await chart([column('x', 'number'), column('y', 'number')], rows);
  expect(lines.at(-1)).toMatch(/^of the rows drawn: first 0 \(0\), /u);
});
