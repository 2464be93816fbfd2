import { describe, expect, it } from 'vitest';
import { askedByPeriod } from '../../src/offline/adjust/group-by-period.ts';
import { analyse } from '../../src/offline/analysis/analysis.ts';
import { makeLinker } from '../../src/offline/link/link.ts';
import { makeValueLookup } from '../../src/offline/link/values.ts';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { unsupportedIntent } from '../../src/offline/refusals/unsupported-intent.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const schema = schemaOf(
  'sqlite',
  `
  customers: id integer, name text, country text
  orders: id integer, customer_id integer >customers.id, status text, ordered_at date, shipped_at date
  harvests: id integer, crop text, year integer, share decimal, weekly_yield decimal
  `,
);
const rows = rowsOf(`
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, country TEXT);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, status TEXT, ordered_at DATE, shipped_at DATE);
  CREATE TABLE harvests (id INTEGER PRIMARY KEY, crop TEXT, year INTEGER, share DECIMAL, weekly_yield DECIMAL);
  INSERT INTO customers VALUES (1, 'Ann', 'Spain'), (2, 'Bo', 'Norway'), (3, 'Forecast', 'Peru');
  INSERT INTO orders VALUES (1, 1, 'open', '2024-01-05', NULL), (2, 1, 'sent', '2024-01-20', '2024-02-01'),
    (3, 2, 'sent', '2024-02-02', '2024-02-03'), (4, 3, 'open', '2025-02-02', NULL);
  INSERT INTO harvests VALUES (1, 'rye', 2020, 0.2, 5), (2, 'oat', 2021, 0.4, 7);
`);
const schemaIndex = indexSchema(schema);
const lookup = makeValueLookup(schemaIndex, rows.values);
const linker = makeLinker(schemaIndex, () => 0);
const analysisOf = (question: string) => analyse(question, schemaIndex, linker, lookup);
const signal = new AbortController().signal;
const model = createOfflineModel();
const answer = async (question: string, attempts: { sql: string; problem: string; source: 'user' }[] = []) =>
  (await model.answer({ ...requestOf(question, schema, rows.values), attempts }, signal)).answer;

describe('what is more than the engine can say', () => {
  it.each([
    ['What is the ratio of orders to customers?', 'a share'],
    ['What is the median number of orders?', 'statistics'],
    ['What is the average number of orders per month?', 'a mean of counts'],
    ['How many orders per month on average?', 'a mean of counts'],
    ['Show the running total of orders', 'a running total'],
    ['How many more orders were sent than open?', 'a comparison of two results'],
    ['Which customers will order tomorrow?', 'what is not in the data yet'],
    ['Why are orders open?', 'advice or reasons'],
    ['Who is the second oldest customer?', 'one from the middle of an order'],
    ['Which crop sells best?', 'what sells best'],
    ['delete all orders', 'a change of the data'],
    ['orders shipped more than 5 days after they were ordered', 'a time between two dates'],
    ['How long does an order take?', 'a time between two dates'],
  ])('%s', async (question, wish) => {
    expect(unsupportedIntent(analysisOf(question))).toBe(wish);
    expect(await answer(question)).toMatchObject({
      kind: 'unanswerable',
      reason: expect.stringContaining(wish),
    });
  });

  it.each([
    ['a column is called so', 'What is the share of each harvest?'],
    ['it is a stored value', 'How many orders does Forecast have?'],
    ['it is quoted', 'How many customers are called "median"?'],
    ['nothing of the kind is asked', 'How many orders are there?'],
    ['a year is compared with', 'How many harvests are there in the years before 2021?'],
  ])('is not asked for where %s', (_why, question) => {
    expect(unsupportedIntent(analysisOf(question))).toBeNull();
  });
});

describe('one row a stretch of time', () => {
  it('is read from the question, and the rest without it', () => {
    expect(askedByPeriod(analysisOf('How many orders per month?'))).toEqual({
      part: 'month',
      words: 'per month',
      rest: 'How many orders ?',
    });
    expect(askedByPeriod(analysisOf('monthly orders'))).toMatchObject({ part: 'month', rest: 'orders' });
  });

  it('is no order', () => {
    expect(askedByPeriod(analysisOf('List the orders sorted by month'))).toBeNull();
    expect(askedByPeriod(analysisOf('orders by month'))).not.toBeNull();
  });

  it('is what a column says where one is called so', () => {
    expect(askedByPeriod(analysisOf('How many harvests by year?'))).toBeNull();
    expect(askedByPeriod(analysisOf('What is the weekly yield of rye?'))).toBeNull();
  });

  it('counts, in the order of time, and says by which date', async () => {
    const reply = await answer('How many orders are there per month?');
    if (reply.kind !== 'sql') {
      throw new Error(JSON.stringify(reply));
    }
    expect(rows.run(reply.sql)).toEqual([
      ['2024-01', 2],
      ['2024-02', 1],
      ['2025-02', 1],
    ]);
    expect(reply.assumptions).toContain('per month → one row for each month of orders.ordered_at');
  });

  it('keeps what is grouped already', async () => {
    const reply = await answer('How many orders are there for each status per year?');
    const sql = reply.kind === 'sql' ? reply.sql : '';
    expect(rows.run(sql).map((row) => row.join())).toEqual(['open,2024,1', 'sent,2024,2', 'open,2025,1']);
  });

  it('is refused where nothing that is asked for has a date', async () => {
    const question = 'How many harvests per month?';
    expect(await answer(question)).toMatchObject({ kind: 'unanswerable' });
  });

  it('is not offered again once it was tried', async () => {
    const question = 'How many orders are there per month?';
    const first = await answer(question);
    const sql = first.kind === 'sql' ? first.sql : '';
    expect(await answer(question, [{ sql, problem: 'not this', source: 'user' }])).toMatchObject({
      kind: 'unanswerable',
    });
  });
});
