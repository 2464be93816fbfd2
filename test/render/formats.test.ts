import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResultColumn, Row, Value } from '../../src/database/database.ts';
import { createRenderer, type Format } from '../../src/render/format.ts';
import { uniqueNames } from '../../src/render/json.ts';
import type { RenderOptions } from '../../src/render/renderer.ts';

function column(name: string, kind: ResultColumn['kind'] = 'text'): ResultColumn {
  return { name, kind, type: '' };
}

async function render(
  format: Format,
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  options: Partial<RenderOptions> = {},
): Promise<string> {
  const renderer = await createRenderer({ format, csvSafe: false, width: null, color: false, ...options });
  let text = String(await renderer.begin(columns));
  // One row a batch shows what stands between batches.
  for (const row of rows) {
    text += await renderer.rows([row]);
  }
  return text + (await renderer.end());
}

describe('values', () => {
  const columns = [
    column('n', 'number'),
    column('r', 'real'),
    column('b', 'boolean'),
    column('j', 'json'),
    column('x', 'bytes'),
  ];
  const rows: Row[] = [
    ['12345678901234567890.123456789', 1, true, '{"a": [1,\n2]}', Uint8Array.of(0, 255)],
    ['NaN', 0.1, false, 'not json', null],
    [9007199254740993n, -0, null, '"text"', new Uint8Array()],
    [7, Number.POSITIVE_INFINITY, true, null, null],
  ];

  it('are exact in CSV', async () => {
    expect(await render('csv', columns, rows)).toBe(
      [
        'n,r,b,j,x',
        '12345678901234567890.123456789,1.0,true,"{""a"": [1,\n2]}",\\x00ff',
        'NaN,0.1,false,not json,',
        '9007199254740993,-0.0,,"""text""",\\x',
        '7,Infinity,true,,',
        '',
      ].join('\n'),
    );
  });

  it('are exact in JSON, digit for digit', async () => {
    expect(await render('ndjson', columns, rows)).toBe(
      [
        '{"n":12345678901234567890.123456789,"r":1.0,"b":true,"j":{"a": [1, 2]},"x":"\\\\x00ff"}',
        '{"n":"NaN","r":0.1,"b":false,"j":"not json","x":null}',
        '{"n":9007199254740993,"r":-0.0,"b":null,"j":"text","x":"\\\\x"}',
        '{"n":7,"r":"Infinity","b":true,"j":null,"x":null}',
        '',
      ].join('\n'),
    );
  });
});

describe('csv', () => {
  it('round-trips any text, and tells NULL from an empty one', async () => {
    const cell = fc.option(fc.string({ unit: 'grapheme' }), { nil: null });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), async (rows) => {
        const text = await render('csv', [column('a'), column('b')], rows);
        const parsed: string[][] = parse(text, { relax_column_count: false, record_delimiter: '\n' });
        expect(parsed).toEqual([['a', 'b'], ...rows.map((row) => row.map((value) => value ?? ''))]);
      }),
    );
    expect(await render('csv', [column('a'), column('a')], [[null, '']])).toBe('a,a\n,""\n');
  });

  it('neutralises formulas where asked, and leaves numbers alone', async () => {
    const rows: Row[] = [
      ['=cmd()', -5],
      ['@x', '-1.5'],
      ['+1', 3],
      ['-2', null],
      ['plain', 1],
      ['\t=1', 2],
    ];
    const columns = [column('=h'), column('n', 'number')];
    expect(await render('csv', columns, rows, { csvSafe: true })).toBe(
      `'=h,n\n'=cmd(),-5\n'@x,-1.5\n'+1,3\n'-2,\nplain,1\n'\t=1,2\n`,
    );
    expect(await render('csv', columns, [['=1', 1]])).toBe('=h,n\n=1,1\n');
  });
});

describe('tsv', () => {
  it('escapes what would end a field or a line', async () => {
    expect(await render('tsv', [column('a\tb'), column('c')], [['x\ty\nz\\', null]])).toBe(
      'a\\tb\tc\nx\\ty\\nz\\\\\t\\N\n',
    );
  });
});

describe('json', () => {
  it('is an array that parses, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }), async (texts) => {
        const parsed: unknown = JSON.parse(
          await render(
            'json',
            [column('t')],
            texts.map((text) => [text]),
          ),
        );
        expect(parsed).toEqual(texts.map((t) => ({ t })));
      }),
    );
    expect(await render('json', [column('t')], [])).toBe('[]\n');
    expect(await render('json', [column('t')], [['a'], ['b']])).toBe('[\n{"t":"a"},\n{"t":"b"}\n]\n');
  });

  it('gives columns of one name a suffix that hides no other', () => {
    expect(uniqueNames(['id', 'id', 'id_2', 'id', '__proto__'])).toEqual([
      'id',
      'id_3',
      'id_2',
      'id_4',
      '__proto__',
    ]);
  });
});

describe('markdown', () => {
  it('keeps text in its cell', async () => {
    expect(
      await render(
        'markdown',
        [column('a|b'), column('n', 'number')],
        [
          ['x\ny|<b>', 1],
          [null, null],
        ],
      ),
    ).toBe('| a\\|b | n |\n| --- | ---: |\n| x<br>y\\|&lt;b> | 1 |\n|  |  |\n');
  });
});

describe('table', () => {
  const table = (
    columns: readonly ResultColumn[],
    rows: readonly Row[],
    options: Partial<RenderOptions> = {},
  ) => render('table', columns, rows, options);

  it('aligns numbers right and wide text by its width', async () => {
    const text = await table(
      [column('name'), column('n', 'number')],
      [
        ['東京', 5],
        ['Oslo', 1234],
        ['👩‍👩‍👧', null],
      ],
    );
    expect(text).toBe(
      [
        '┌──────┬──────┐',
        '│ name │    n │',
        '├──────┼──────┤',
        '│ 東京 │    5 │',
        '│ Oslo │ 1234 │',
        '│ 👩‍👩‍👧   │ NULL │',
        '└──────┴──────┘',
        '',
      ].join('\n'),
    );
  });

  it('cuts long cells to the window with a mark', async () => {
    const text = await table([column('id', 'number'), column('text')], [[1, 'x'.repeat(500)]], { width: 40 });
    for (const line of text.trimEnd().split('\n')) {
      expect(line.length).toBeLessThanOrEqual(40);
    }
    expect(text).toContain('x…');
  });

  it('turns too many columns to a block a row', async () => {
    const columns = Array.from({ length: 30 }, (_, index) => column(`column_${index}`));
    const rows: Row[] = [columns.map((_, index) => `value ${index}`), columns.map(() => null)];
    const text = await table(columns, rows, { width: 60 });
    expect(text).toContain('── row 1 ─');
    expect(text).toContain('── row 2 ─');
    expect(text).toContain('column_29 │ value 29');
    for (const line of text.trimEnd().split('\n')) {
      expect(line.length).toBeLessThanOrEqual(60);
    }
  });

  it('keeps to ASCII around the data where the terminal shows no more', async () => {
    const columns = [column('name')];
    expect(await table(columns, [['São Paulo']], { ascii: true })).toBe(
      ['+-----------+', '| name      |', '+-----------+', '| São Paulo |', '+-----------+', ''].join('\n'),
    );
    const many = Array.from({ length: 30 }, (_, index) => column(`column_${index}`));
    const blocks = await table(many, [many.map(() => 'x'.repeat(100))], { width: 60, ascii: true });
    expect(blocks).toMatch(/^-- row 1 -+\n/u);
    expect(blocks).toMatch(/^[\x20-\x7e\n]*$/u);
  });

  it('shows what a terminal would obey or hide', async () => {
    const hostile: Value = '\u001b[2Jred\u0007\u202eevil\u200b\r\n\u009b31m\u{e0041}';
    const text = await table([column('\u001b]0;title\u0007')], [[hostile]]);
    expect(text).toContain('\\e[2Jred\\u{0007}\\u{202e}evil\\u{200b}\\r\\n\\u{009b}31m\\u{e0041}');
    expect(text).toContain('\\e]0;title');
    for (const character of ['\u001b', '\u0007', '\u202e', '\u200b', '\r', '\u009b']) {
      expect(text).not.toContain(character);
    }
  });

  it('tells NULL from the text, by colour, and draws an empty result', async () => {
    const text = await table([column('a')], [[null], ['NULL'], ['']], { color: true });
    expect(text).toContain('\u001b[2mNULL\u001b[22m');
    expect(await table([column('a')], [])).toContain('│ a │');
  });
});
