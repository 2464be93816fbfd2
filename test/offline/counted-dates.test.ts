import { describe, expect, it } from 'vitest';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

// Ann came in 2024 and buys in 2025; Bo came in 2025 and bought in 2026.
const rows = rowsOf(`
  CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL, joined_on DATE NOT NULL);
  CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, added_on DATE NOT NULL);
  CREATE TABLE sales (id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL REFERENCES members (id), sold_on DATE NOT NULL);
  CREATE TABLE sale_lines (sale_id INTEGER NOT NULL REFERENCES sales (id), article_id INTEGER NOT NULL REFERENCES articles (id),
    quantity INTEGER NOT NULL, unit_price DECIMAL NOT NULL, PRIMARY KEY (sale_id, article_id));
  INSERT INTO members VALUES (1, 'Ann', 'Leeds', '2024-05-01'), (2, 'Bo', 'York', '2025-02-01'), (3, 'Cy', 'York', '2025-03-01');
  INSERT INTO articles VALUES (1, 'lamp', 'light', '2025-01-01'), (2, 'bulb', 'light', '2024-01-01'), (3, 'desk', 'wood', '2024-01-01');
  INSERT INTO sales VALUES (1, 1, '2025-01-10'), (2, 1, '2025-02-10'), (3, 2, '2025-02-11'), (4, 2, '2026-01-05'), (5, 2, '2026-01-06'),
    (6, 2, '2026-02-07');
  INSERT INTO sale_lines VALUES (1, 1, 1, 10), (1, 2, 5, 1), (2, 3, 1, 100), (3, 2, 2, 1), (4, 1, 9, 10), (5, 3, 1, 100), (6, 2, 1, 1);
`);
const schema = schemaOf(
  'sqlite',
  `
  members: id integer, name text, city text, joined_on date
  articles: id integer, title text, kind text, added_on date
  sales: id integer, member_id integer >members.id, sold_on date
  sale_lines: sale_id integer >sales.id, article_id integer >articles.id, quantity integer, unit_price decimal
  `,
);
const model = createOfflineModel();
const now = new Date('2026-11-28T12:00:00Z');

async function answered(question: string): Promise<unknown> {
  const { answer } = await model.answer(
    { ...requestOf(question, schema, rows.values), now },
    new AbortController().signal,
  );
  return answer.kind === 'sql' ? rows.run(answer.sql) : answer.kind;
}

describe('a period behind a count is that of what is counted', () => {
  it.each([
    ['which member had the most sales in 2025', [['Ann']]],
    [
      'top 2 members by number of sales in 2025',
      [
        ['Ann', 2],
        ['Bo', 1],
      ],
    ],
    [
      'top 2 members by revenue in 2025',
      [
        ['Ann', 115],
        ['Bo', 2],
      ],
    ],
    ['members with more than 1 sale in 2025', [['Ann']]],
    ['members with more than 2 sales this year', [['Bo']]],
    [
      'top 2 articles by revenue in 2025',
      [
        ['desk', 100],
        ['lamp', 10],
      ],
    ],
  ])('%s', async (question, expected) => {
    expect(await answered(question)).toEqual(expected);
  });

  it.each(['in 2025 which member had the most sales', 'in 2025, top 2 members by number of sales'])(
    'is not guessed where it stands before: %s',
    async (question) => {
      expect(['unanswerable', 'clarification']).toContain(await answered(question));
    },
  );
});

describe('lines have the date of what they are lines of', () => {
  it.each([
    ['revenue in 2025', [[117]]],
    ['total revenue', [[308]]],
    [
      'revenue per year',
      [
        ['2025', 117],
        ['2026', 191],
      ],
    ],
    [
      'revenue by month in 2025',
      [
        ['2025-01', 15],
        ['2025-02', 102],
      ],
    ],
    [
      'revenue by kind',
      [
        ['light', 108],
        ['wood', 200],
      ],
    ],
    [
      'revenue per member in 2025',
      [
        ['Ann', 115],
        ['Bo', 2],
      ],
    ],
  ])('%s', async (question, expected) => {
    expect(await answered(question)).toEqual(expected);
  });
});
