import { describe, expect, it } from 'vitest';
import { tablesOf, withFiles } from '../../support/data-files.ts';

/** A CSV file of a header and rows. */
const csv = (...lines: string[]): string => `${lines.join('\n')}\n`;
const many = (count: number, line: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => line(i));

/** The types of one column of these values, and what is said of it. */
async function typed(values: readonly string[], reading: Parameters<typeof tablesOf>[1] = {}) {
  const { tables, warnings } = await tablesOf(
    { 't.csv': csv('id;v', ...values.map((value, index) => `${index + 1};${value}`)) },
    reading,
  );
  return { type: tables['t']?.[1], warnings };
}

describe('the type of a column', () => {
  it.each([
    ['whole numbers', ['1', '-20', '0'], 'v BIGINT'],
    ['numbers past 2^63', ['1', '12345678901234567890123456789'], 'v HUGEINT'],
    ['decimals, all digits kept', ['1.5', '20.25', '-0.125'], 'v DECIMAL(18,3)'],
    ['decimals with a comma', ['1,5', '1.234,50', '12'], 'v DECIMAL(18,2)'],
    ['thousands with a comma', ['1,234.5', '1,234,567.25', '3.5'], 'v DECIMAL(18,2)'],
    ['thousands with blanks', ['1 234,5', '12 345 678,25'], 'v DECIMAL(18,2)'],
    ['exponents', ['1.5e3', '2E-5', '7'], 'v DOUBLE'],
    ['amounts', ['1.234,50 €', '-3,20 €', '7 €'], 'v DECIMAL(18,2)'],
    ['dollars, negative in brackets', ['$1,234.50', '($3.20)', '-$7.00'], 'v DECIMAL(18,2)'],
    ['percent', ['12%', '7.5%', '3 %'], 'v DECIMAL(18,1)'],
    ['postcodes with a leading zero', ['01067', '80331', '10115'], 'v VARCHAR'],
    ['telephone numbers', ['+4930123456', '+4989654321'], 'v VARCHAR'],
    ['days', ['2024-01-05', '2024-12-31'], 'v DATE'],
    ['German days', ['05.01.2024', '31.12.2024', '1.2.24'], 'v DATE'],
    ['American days', ['01/05/2024', '12/31/2024'], 'v DATE'],
    ['British days', ['05/01/2024', '31/12/2024'], 'v DATE'],
    ['days with the month in words', ['5 Jan 2024', '31 December 2024', '1-Sep-2024'], 'v DATE'],
    ['days with a time', ['05.01.2024 13:05', '31.12.2024 23:59:59'], 'v TIMESTAMP'],
    ['times of a half day', ['01/05/2024 1:05 PM', '12/31/2024 11:59 AM'], 'v TIMESTAMP'],
    [
      'moments with a zone',
      ['2024-01-05T10:00:00Z', '2024-01-05T10:00:00+02:00'],
      'v TIMESTAMP WITH TIME ZONE',
    ],
    ['nanoseconds', ['2024-01-05 10:00:00.123456789'], 'v TIMESTAMP_NS'],
    ['times of day', ['10:05', '23:59:59'], 'v TIME'],
    ['truths', ['true', 'FALSE', 'True'], 'v BOOLEAN'],
    ['words', ['yes', 'no', 'maybe'], 'v VARCHAR'],
    ['versions, which are no dates', ['1.2.24', '2.14.12', '10.99.1'], 'v VARCHAR'],
    ['days that no calendar has', ['30.02.2024', '31.02.2024', '30.02.2023'], 'v VARCHAR'],
    ['two currencies', ['5 €', '7 $', '8 €'], 'v VARCHAR'],
  ])('is right for %s', async (_what, values, type) => {
    expect((await typed(values)).type).toBe(type);
  });

  it('keeps each value as it is written', async () => {
    const rows = await withFiles(
      {
        't.csv': csv(
          'a;b;c;d',
          '"1.234,50 €";31.12.2024 23:59;(7,00);12345678901234567890',
          '-0,05 €;1.2.2024 0:05;1.000,25;3',
        ),
      },
      {},
      ({ rows: ask }) => ask('SELECT a::VARCHAR, b::VARCHAR, c::VARCHAR, d::VARCHAR FROM t'),
    );
    expect(rows).toEqual([
      ['1234.50', '2024-12-31 23:59:00', '-7.00', '12345678901234567890'],
      ['-0.05', '2024-02-01 00:05:00', '1000.25', '3'],
    ]);
  });

  it('comes from all rows, not from the first', async () => {
    const { tables, warnings } = await tablesOf({
      't.csv': csv(
        'n,zip,empty',
        ...many(30_000, (index) => `${index},${index + 10_000},`),
        'x1,01234,2024-01-05',
      ),
    });
    expect(tables['t']).toEqual(['n VARCHAR', 'zip VARCHAR', 'empty DATE']);
    expect(warnings).toEqual([
      "t.csv: n is kept as text: 1 of 30,001 values are not numbers: 'x1'. To read those as no value: --type t.n=decimal",
    ]);
  });
});

describe('a doubtful column', () => {
  it('stays text, and says which values keep it so', async () => {
    const { type, warnings } = await typed([
      ...many(40, (index) => `2024-01-${10 + (index % 20)}`),
      'soon',
      'soon',
      'later',
    ]);
    expect(type).toBe('v VARCHAR');
    expect(warnings).toEqual([
      "t.csv: v is kept as text: 3 of 43 values are not dates: 'soon', 'later'. To read those as no value: --type t.v=date",
    ]);
  });

  it('is read as the user says, and says what is lost', async () => {
    const { type, warnings } = await typed(['2024-01-05', '2024-01-06', 'soon'], { types: ['t.v=date'] });
    expect(type).toBe('v DATE');
    expect(warnings).toEqual(["t.csv: 1 of 3 values of v are no date, and are read as no value: 'soon'."]);
  });

  it('says which words are read as no value', async () => {
    const { type, warnings } = await typed(['1.5', 'N/A', '-', '2.5', 'N/A']);
    expect(type).toBe('v DECIMAL(18,1)');
    expect(warnings).toEqual(["t.csv: read as no value: 'N/A' (2 times), '-' (once) in v."]);
  });

  it('says where the day and the month can be told apart by nothing', async () => {
    const { type, warnings } = await typed(['01/02/2024', '03/04/2024']);
    expect(type).toBe('v DATE');
    expect(warnings).toEqual([
      't.csv: v is read as month, day, year, and no value tells that from day, month, year. If that is wrong: --type t.v=dmy',
    ]);
    const told = await withFiles(
      { 't.csv': csv('id,v', '1,01/02/2024') },
      { types: ['v=dmy'] },
      async ({ rows, warnings: said }) => [await rows('SELECT v::VARCHAR FROM t'), said],
    );
    expect(told).toEqual([[['2024-02-01']], []]);
  });

  it.each([
    [['1/2/24', '3/4/99', '12/31/23'], [], ['2024-01-02', '1999-03-04', '2023-12-31']],
    [['1/15/1999', '12/31/23'], [], ['1999-01-15', '2023-12-31']],
    [['03.02.24', '31.12.69', '01.01.70'], [], ['2024-02-03', '2069-12-31', '1970-01-01']],
    [['2-Jan-24', '3-Sept-98'], [], ['2024-01-02', '1998-09-03']],
    [['1/2/24 10:30', '1/13/24 1:05 PM'], [], ['2024-01-02 10:30:00', '2024-01-13 13:05:00']],
    [['03.02.24, 10:30'], [], ['2024-02-03 10:30:00']],
    [['24-01-02', '24-01-15', '23-12-31'], [], ['2024-01-02', '2024-01-15', '2023-12-31']],
    [['15-03-24', '28-04-23'], [], ['2024-03-15', '2023-04-28']],
    [['1/2/24', '3/4/24'], ['v=dmy'], ['2024-02-01', '2024-04-03']],
    [['1/2/24', '3/4/24'], ['v=mdy'], ['2024-01-02', '2024-03-04']],
    [['15-03-24', '28-04-23'], ['v=ymd'], ['2015-03-24', '2028-04-23']],
    [['03.02.24', '04.05.24'], ['v=mdy'], ['2024-03-02', '2024-04-05']],
  ])('has no year of the first century in %s %s', async (values, types, days) => {
    const seen = await withFiles(
      { 't.csv': csv('id;v', ...values.map((value, index) => `${index};${value}`)) },
      { types },
      async ({ rows, warnings }) => ({
        days: (await rows('SELECT v::VARCHAR FROM t ORDER BY id')).flat(),
        warnings,
      }),
    );
    expect(seen.days).toEqual(days);
    expect(seen.warnings).toContain(
      't.csv: the years of v have two digits, and are read as 1970 to 2069. To keep them as they are written: --type t.v=text',
    );
  });

  it('says where the year can stand first or last', async () => {
    expect((await typed(['24-01-02', '24-01-15'])).warnings).toContain(
      't.csv: v is read as year, month, day, though its two digits leave that open. If that is wrong: --type t.v=dmy',
    );
    expect((await typed(['15-03-24', '28-03-24'])).warnings).toContain(
      't.csv: v is read as day, month, year, though its two digits leave that open. If that is wrong: --type t.v=ymd',
    );
  });

  it('says of a column of text nothing about the order of its days', async () => {
    const { type, warnings } = await typed(['01/02/2024', '03/04/2024', '05/06/2024', '07/08/2024', 'soon']);
    expect([type, warnings.length]).toEqual(['v VARCHAR', 1]);
    const told = await typed(['01/02/2024', 'soon'], { types: ['v=dmy'] });
    expect(told.warnings).toEqual([
      "t.csv: 1 of 2 values of v are no dates of day, month, year, and are read as no value: 'soon'.",
    ]);
  });

  it('stays text where floating point would make infinity or nothing of a number', async () => {
    const { type, warnings } = await typed(['1e10', '2e10', '3e10', '4e10', '1e400']);
    expect(type).toBe('v VARCHAR');
    expect(warnings[0]).toContain("1 of 5 values are not numbers: '1e400'");
    expect((await typed(['1e10', '1e-400'])).type).toBe('v VARCHAR');
    expect((await typed(['1e10', '0e0', 'inf'])).type).toBe('v DOUBLE');
  });

  it('says where a mark can be of decimals or of thousands', async () => {
    expect(await tablesOf({ 't.csv': csv('id,v', '1,1.234', '2,2.345') })).toEqual({
      tables: { t: ['id BIGINT', 'v DECIMAL(18,3)'] },
      warnings: [
        "t.csv: '1.234' in v is read as a number with decimals, though it could be 1234. If it is: --read decimal=comma",
      ],
    });
    // Where a comma can't stand between values, it stands before decimals.
    expect(await typed(['1.234', '2.345'])).toEqual({
      type: 'v BIGINT',
      warnings: [
        "t.csv: '1.234' in v is read as 1234, though its mark could be a decimal one. If it is: --read decimal=point",
      ],
    });
    expect((await typed(['1.234', '0.345'])).type).toBe('v DECIMAL(18,3)');
    const { tables, warnings } = await tablesOf({ 't.csv': csv('a;b', '1.234;2,5', '2.345;3,75') });
    expect([tables['t'], warnings]).toEqual([['a BIGINT', 'b DECIMAL(18,2)'], []]);
    const said = await tablesOf(
      { 't.csv': csv('id;a', '1;1.234', '2;2.345') },
      { reading: ['decimal=comma'] },
    );
    expect([said.tables['t'], said.warnings]).toEqual([['id BIGINT', 'a BIGINT'], []]);
  });

  it('says that no decimal mark reads all numbers, and takes the one that the user names', async () => {
    const values = ['1.234,56', '1,234.56', '1.500'];
    const { type, warnings } = await typed(values);
    expect([type, warnings]).toEqual([
      'v VARCHAR',
      [
        "t.csv: v is kept as text: no decimal mark reads all of its numbers, such as '1,234.56' and '1.234,56'. To read those with a comma, and the others as no value: --type t.v=decimal --read decimal=comma",
      ],
    ]);
    const rows = await withFiles(
      { 't.csv': csv('id;v', ...values.map((value, index) => `${index};${value}`)) },
      { types: ['t.v=decimal'], reading: ['decimal=comma'] },
      async (read) => [await read.rows('SELECT CAST(v AS DECIMAL(9,2))::VARCHAR FROM t'), read.warnings],
    );
    expect(rows).toEqual([
      [['1234.56'], [null], ['1500.00']],
      ["t.csv: 1 of 3 values of v are no numbers, and are read as no value: '1,234.56'."],
    ]);
  });

  it('of JSON of several kinds is said, and is what the user says of it', async () => {
    const files = { 'm.json': '[{"a":1,"b":7},{"a":"two","b":8},{"a":2.5,"b":9},{"a":null,"b":null}]' };
    expect(await tablesOf(files)).toEqual({
      tables: { m: ['a JSON', 'b BIGINT'] },
      warnings: [
        'm.json: a holds values of several kinds, and is kept as JSON. To read it as text, or as numbers: --type m.a=text',
      ],
    });
    expect((await tablesOf(files, { hide: ['a'] })).warnings).toEqual([]);
    const read = (...types: readonly string[]) =>
      withFiles(files, { types }, async ({ rows, tables, warnings }) => [
        tables['m'],
        await rows('SELECT a::VARCHAR, b::VARCHAR FROM m'),
        warnings,
      ]);
    expect(await read('m.a=text', 'b=text')).toEqual([
      ['a VARCHAR', 'b VARCHAR'],
      [
        ['1', '7'],
        ['two', '8'],
        ['2.5', '9'],
        [null, null],
      ],
      [],
    ]);
    expect(await read('a=decimal')).toEqual([
      ['a DECIMAL(18,1)', 'b BIGINT'],
      [
        ['1.0', '7'],
        [null, '8'],
        ['2.5', '9'],
        [null, null],
      ],
      ["m.json: 1 of 3 values of a are no numbers, and are read as no value: 'two'."],
    ]);
  });

  it('keeps amounts of several currencies apart', async () => {
    expect((await typed(['5 €', '7 $', '8 €'])).warnings).toEqual([
      't.csv: v has amounts in $ and €, and is kept as text so that nobody adds them up.',
    ]);
  });

  it.each([
    ['v=number', /--type takes COLUMN=TYPE/u],
    ['t.w=date', /names the column t\.w, and there is none/u],
  ])('refuses the type %s', async (told, message) => {
    await expect(typed(['1'], { types: [told] })).rejects.toThrow(message);
  });

  it.each([
    ['text', 'VARCHAR'],
    ['integer', 'BIGINT'],
    ['real', 'DOUBLE'],
    ['boolean', 'BOOLEAN'],
  ])('is of the type %s where the user says so', async (word, type) => {
    expect((await typed(['0', '1', '1'], { types: [`v=${word}`] })).type).toBe(`v ${type}`);
  });
});

describe('a total below the rows', () => {
  it.each([
    ['d,n,x', 'Total,30,3.75', "'Total', '30', '3.75'"],
    ['d,n,x', 'Summe:,30,', "'Summe:', '30'"],
    ['d,n,x', ',Grand Total,3.75', null],
  ])('is left out where it is the sum, and said (%s, %s)', async (header, total, shown) => {
    const seen = await withFiles(
      { 't.csv': csv(header, '2024-01-05,10,1.5', '2024-01-06,20,2.25', total) },
      {},
      async ({ rows, warnings }) => [await rows('SELECT count(*)::VARCHAR, min(typeof(d)) FROM t'), warnings],
    );
    expect(seen).toEqual([
      [['2', 'DATE']],
      [
        `t.csv: the last row looks like a total (${shown ?? "'Grand Total', '3.75'"}): it is left out, as its numbers are the sums of those above.`,
      ],
    ]);
  });

  it('is told of as one of several where there are subtotals', async () => {
    const { warnings } = await tablesOf({
      't.csv': csv('who,n', 'Ada,10', 'Subtotal,10', 'Bo,20', 'Zwischensumme:,20', 'Total,30'),
    });
    expect(warnings).toEqual([
      "t.csv: 2 rows are called a total ('Subtotal' in who), and are rows of the table: what adds up its rows counts them twice.",
      "t.csv: the last row looks like a total ('Total', '30'), and is a row of the table, as its numbers are not the sums of those above.",
    ]);
    const hidden = await tablesOf({ 't.csv': csv('who,n', 'Sum,10', 'Bo,20') }, { hide: ['who'] });
    expect(hidden.warnings).toEqual([]);
  });

  it('stays where its numbers are others, and is said', async () => {
    const { tables, warnings } = await tablesOf({ 't.csv': csv('who,n', 'Ada,10', 'Bo,20', 'Total,31') });
    expect(tables['t']).toEqual(['who VARCHAR', 'n BIGINT']);
    expect(warnings).toEqual([
      "t.csv: the last row looks like a total ('Total', '31'), and is a row of the table, as its numbers are not the sums of those above.",
    ]);
  });
});
