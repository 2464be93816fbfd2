import { describe, expect, it } from 'vitest';
import { choosePlot, isTelling, titleOf } from '../../src/render/chart/plot.ts';
import { markTexts, scaleOf } from '../../src/render/chart/scale.ts';
import { createRenderer } from '../../src/render/format.ts';
import { readableName } from '../../src/render/readable-name.ts';
import type { Page } from '../../src/render/renderer.ts';
import type { ResultColumn, Row } from '../../src/result.ts';

const column = (name: string, kind: ResultColumn['kind'] = 'text'): ResultColumn => ({
  name,
  kind,
  type: '',
});
const page: Page = {
  question: null,
  sql: 'SELECT 1',
  database: 'sqlite:shop.db',
  assumptions: [],
  time: '2026-01-02T03:04:05.000Z',
};

async function draw(format: 'svg' | 'png', columns: readonly ResultColumn[], rows: readonly Row[]) {
  const renderer = await createRenderer({ format, csvSafe: false, width: null, color: false, page });
  await renderer.begin(columns);
  await renderer.rows(rows);
  const written = await renderer.end();
  return { written: Buffer.from(written), notes: renderer.notes?.() ?? [] };
}

describe('a scale', () => {
  it.each([
    [{ lowest: 6, highest: 13 }, [0, 2, 4, 6, 8, 10, 12, 14]],
    [{ lowest: 0, highest: 97 }, [0, 20, 40, 60, 80, 100]],
    [{ lowest: 983, highest: 1017 }, [980, 990, 1000, 1010, 1020]],
    [{ lowest: -13, highest: 27 }, [-20, -10, 0, 10, 20, 30]],
    [{ lowest: -9, highest: -1 }, [-10, -8, -6, -4, -2, 0]],
    [{ lowest: 0.12, highest: 0.48 }, [0, 0.1, 0.2, 0.3, 0.4, 0.5]],
  ])('of %j has round marks that begin at a sensible place', (extent, marks) => {
    expect(scaleOf(extent).marks).toEqual(marks);
  });

  it.each([
    [
      [0, 0.1, 0.2, 0.3],
      ['0.0', '0.1', '0.2', '0.3'],
    ],
    [
      [0, 50, 100],
      ['0', '50', '100'],
    ],
    [
      [0, 1e20],
      ['0', '100000000000000000000'],
    ],
  ])('writes %j with the decimals that tell them apart', (marks, texts) => {
    expect(markTexts(marks)).toEqual(texts);
  });

  it.each([
    [1e-300, 2e-300],
    [-1e300, 1e300],
    [5, 5],
  ])('holds between %d and %d', (lowest, highest) => {
    const { bottom, top, marks } = scaleOf({ lowest, highest });
    expect(bottom).toBeLessThanOrEqual(lowest);
    expect(top).toBeGreaterThanOrEqual(highest);
    expect(marks.length).toBeGreaterThan(0);
  });
});

describe('names', () => {
  it.each([
    ['count(*)', 'number of rows'],
    ['COUNT(DISTINCT o.customer_id)', 'number of different customer id'],
    ['AVG(unit_price)', 'average unit price'],
    ['order_count', 'order count'],
    ['Item Name', 'Item Name'],
    ['substr(a, 1)', 'substr(a, 1)'],
    ['MiXed', 'MiXed'],
  ])('%s is read as %s', (name, words) => {
    expect(readableName(name)).toBe(words);
  });

  it('make a title', () => {
    const columns = [column('country'), column('count(*)', 'number')];
    const rows: Row[] = [
      ['Spain', 3],
      ['Norway', 2],
    ];
    expect(titleOf(columns, choosePlot(columns, rows))).toBe('number of rows by country');
    expect(titleOf([column('name'), column('city')], null)).toBe('name and city');
  });
});

describe('a chart', () => {
  const columns = [column('name'), column('flag', 'number')];

  it('of many bars of two lengths tells nothing, and is left out of a page', async () => {
    const rows: Row[] = Array.from({ length: 50 }, (_, index) => [`customer ${index}`, index % 2]);
    const plot = choosePlot(columns, rows);
    expect(plot !== null && isTelling(plot)).toBe(false);
    const renderer = await createRenderer({
      format: 'html',
      csvSafe: false,
      width: null,
      color: false,
      page,
    });
    const text = `${await renderer.begin(columns)}${await renderer.rows(rows)}${await renderer.end()}`;
    expect(text).not.toContain('<h2>Chart</h2>');
    expect(text).toContain('<h1>Flag by name</h1>');
    expect(text).toContain('50 rows of sqlite:shop.db');
  });

  it('of a few bars, or of many lengths, tells something', () => {
    const few = choosePlot(columns, [
      ['a', 0],
      ['b', 1],
    ]);
    const many = choosePlot(
      columns,
      Array.from({ length: 50 }, (_, index): Row => [`c${index}`, index]),
    );
    expect([few, many].map((plot) => plot !== null && isTelling(plot))).toEqual([true, true]);
  });
});

describe('a picture', () => {
  const columns = [column('country'), column('n', 'number')];

  it('has the title, the labels and the exact values as text, escaped', async () => {
    const { written } = await draw('svg', columns, [
      ['Spain & <Co>', '12345678901234567890'],
      ['Norway', -2],
    ]);
    const svg = written.toString();
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 1600 900"/u);
    expect(svg).toContain('>N by country</text>');
    expect(svg).toContain('Spain &amp; &lt;Co&gt;');
    expect(svg).toContain('12345678901234567890');
    expect(svg).toContain('sqlite:shop.db, 2026-01-02');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/u);
  });

  it('draws lines over round marks', async () => {
    const { written } = await draw(
      'svg',
      [column('month'), column('n', 'number')],
      [
        ['2025-01', 6],
        ['2025-02', null],
        ['2025-03', 13],
      ],
    );
    const svg = written.toString();
    for (const mark of [0, 2, 14]) {
      expect(svg).toContain(`>${mark}</text>`);
    }
    expect(svg).toContain('>2025-03</text>');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/u);
  });

  it.each<[string, readonly ResultColumn[], readonly Row[]]>([
    ['no row', columns, []],
    ['one value', [column('n', 'number')], [[5]]],
    ['no number', [column('a'), column('b')], [['x', 'y']]],
    ['NULL alone', columns, [['a', null]]],
    [
      'extremes',
      columns,
      [
        ['a', 1e300],
        ['b', -1e300],
      ],
    ],
  ])('of %s holds', async (_what, found, rows) => {
    const { written } = await draw('svg', found, rows);
    expect(written.toString()).not.toMatch(/NaN|Infinity|undefined/u);
  });

  it('says what it has no room for', async () => {
    const rows = Array.from({ length: 30 }, (_, index): Row => [`c${index}`, index]);
    expect((await draw('svg', columns, rows)).notes).toEqual(['The picture shows the first 24 of 30 rows.']);
  });

  it('is pixels as PNG', async () => {
    const { written } = await draw('png', columns, [
      ['Spain', 1],
      ['Norway', 2],
    ]);
    expect(written.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
    expect([written.readUInt32BE(16), written.readUInt32BE(20)]).toEqual([1600, 900]);
  });
});
