import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResultColumn, Row } from '../../src/database/database.ts';
import { createRenderer } from '../../src/render/format.ts';
import { script } from '../../src/render/html/script.ts';
import type { Page } from '../../src/render/renderer.ts';

const column = (name: string, kind: ResultColumn['kind'] = 'text'): ResultColumn => ({
  name,
  kind,
  type: '',
});

const page: Page = {
  question: 'who owes most?',
  sql: 'SELECT name, balance FROM accounts',
  assumptions: ['owes → balance'],
  time: '2026-01-02T03:04:05.000Z',
};

async function html(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  about: Page | null = page,
  truncated = false,
): Promise<string> {
  const renderer = await createRenderer({
    format: 'html',
    csvSafe: false,
    width: null,
    color: false,
    ...(about === null ? {} : { page: about }),
  });
  return `${await renderer.begin(columns)}${await renderer.rows(rows)}${await renderer.end(truncated)}`;
}

describe('a page', () => {
  it('has the question, the rows, the assumptions and the SQL', async () => {
    const text = await html(
      [column('name'), column('balance', 'number')],
      [
        ['Ann', '12345678901234567890.10'],
        ['Bob', null],
      ],
    );
    expect(text).toContain('<h1>who owes most?</h1>');
    expect(text).toContain('<title>who owes most?</title>');
    expect(text).toContain('<li>owes → balance</li>');
    expect(text).toContain('SELECT name, balance FROM accounts');
    expect(text).toContain('<td class="n">12345678901234567890.10</td>');
    expect(text).toContain('<td class="n null">NULL</td>');
    expect(text).toContain('2 rows, <time datetime="2026-01-02T03:04:05.000Z">2026-01-02 03:04 UTC</time>');
  });

  it('says when there are more rows', async () => {
    expect(await html([column('name')], [['Ann']], page, true)).toContain('The first 1 row; there are more');
  });

  it('takes nothing from anywhere else, and runs only its own script and style', async () => {
    const text = await html([column('name'), column('n', 'number')], [['a', 1]]);
    expect(text).not.toMatch(/(?:src|href|url|@import|https?:)\s*[=(/]/iu);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/u.exec(text)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    for (const element of ['style', 'script']) {
      const inside = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, 'u').exec(text)?.[1] ?? '';
      const hash = createHash('sha256').update(inside).digest('base64');
      expect(policy).toContain(`${element}-src 'sha256-${hash}'`);
    }
    // The policy forbids them, so that they would do nothing.
    expect(text).not.toMatch(/ (?:style|on\w+)=/u);
  });

  it('escapes whatever a database or a model says', async () => {
    const bare = (await html([column('a'), column('n', 'number')], [['x', 1]])).match(/<\w+/gu)?.length;
    const nasty = fc.oneof(
      fc.constantFrom(
        '</td><script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "'</title>",
        '<!--',
        '&lt;',
        '\u202eevil',
        '\u0000',
      ),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        const made = await html([column(text), column('n', 'number')], [[text, 1]], {
          ...page,
          question: text,
          sql: text,
          assumptions: [text],
        });
        expect(made.match(/<\w+/gu)?.length).toBe(bare);
        expect(made).not.toContain('\u202e');
        expect(made).not.toContain('\u0000');
      }),
      { numRuns: 100 },
    );
  });

  it('has a chart that suits the columns, with gaps and bars below zero', async () => {
    const bars = await html(
      [column('name'), column('n', 'number')],
      [
        ['a', 3],
        ['b', -1],
        ['c', null],
      ],
    );
    expect(bars).toContain('<rect class="up" x="25%" width="75%"');
    expect(bars).toContain('<rect class="down" x="0%" width="25%"');
    const lines = await html(
      [column('day'), column('n', 'number')],
      [
        ['2025-01-01', 1],
        ['2025-01-02', 2],
        ['2025-01-03', null],
        ['2025-01-04', 1],
        ['2025-01-05', 2],
      ],
    );
    expect(/class="stroke s0" d="([^"]*)"/u.exec(lines)?.[1]).toBe('M0 300L250 0M750 300L1000 0');
    expect(await html([column('name')], [['a']])).not.toContain('<h2>Chart</h2>');
  });
});

describe('sorting', () => {
  /** The comparison of numbers that the page's own script has. */
  const compareNumbers: (a: string, b: string) => number = new Function(
    `const document = { querySelector: () => null, querySelectorAll: () => [] };${script};return compareNumbers;`,
  )();

  it('tells numbers apart that a browser can not', () => {
    const sorted = [
      '10',
      '9',
      '-1',
      '9007199254740993',
      '9007199254740992',
      '-0.5',
      '0',
      '0.25',
      '0.3',
      '1e3',
    ];
    expect(sorted.toSorted(compareNumbers)).toEqual([
      '-1',
      '-0.5',
      '0',
      '0.25',
      '0.3',
      '9',
      '10',
      '1e3',
      '9007199254740992',
      '9007199254740993',
    ]);
  });

  it('agrees with arithmetic', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        expect(Math.sign(compareNumbers(String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});

it('draws any numbers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.double(), { minLength: 2, maxLength: 50 }), async (values) => {
      const dated = values.map((value, index): Row => [`${2000 + index}-01`, value]);
      const named = values.map((value, index): Row => [`name ${index}`, value]);
      for (const rows of [dated, named]) {
        const text = await html([column('label'), column('x', 'real')], rows);
        expect(text).not.toMatch(/NaN%|[MLh]NaN| NaN"|Infinity%/u);
      }
    }),
    { numRuns: 300 },
  );
});
