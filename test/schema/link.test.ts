import { describe, expect, it } from 'vitest';
import { dialectOf } from '../../src/database/engines.ts';
import { describeSchema } from '../../src/schema/describe.ts';
import { linkSchema } from '../../src/schema/link/link.ts';
import { words } from '../../src/schema/link/words.ts';
import { column, reference, schema, table } from '../support/schema.ts';

const dialect = dialectOf('sqlite');

const sought = (question: string, budget: number) => ({ question, background: [], budget });
const options = { comments: true, defaults: false };
const noise = Array.from({ length: 200 }, (_, index) =>
  table(`log_${index}`, [column('id'), column('payload'), column('written_at')]),
);
const shop = schema([
  ...noise,
  table('customers', [column('id'), column('name')]),
  table('orders', [column('id'), column('customer_id')], {
    foreignKeys: [reference(['customer_id'], 'customers')],
  }),
  table('order_items', [column('order_id'), column('product_id')], {
    foreignKeys: [reference(['order_id'], 'orders'), reference(['product_id'], 'products')],
  }),
  table('products', [column('id'), column('title')]),
]);
const names = (linked: { schema: { tables: readonly { name: string }[] } }): string[] =>
  linked.schema.tables.map(({ name }) => name);

describe('linkSchema', () => {
  it('keeps all of a schema that fits', () => {
    expect(linkSchema(shop, dialect, sought('anything', 1_000_000), options).schema).toBe(shop);
  });

  it('keeps the tables that the question names and those that join them', () => {
    const linked = linkSchema(shop, dialect, sought('Which products did each customer buy?', 520), options);
    expect(names(linked)).toEqual(expect.arrayContaining(['customers', 'orders', 'order_items', 'products']));
    expect(linked.total).toBe(204);
    expect(linked.schema.tables.length).toBeLessThan(15);
  });

  it('never passes its budget and keeps the order of the schema', () => {
    for (const budget of [0, 60, 200, 500, 1500]) {
      const linked = linkSchema(shop, dialect, sought('log payload of customers', budget), options);
      expect(describeSchema(linked.schema, dialect, options).length).toBeLessThanOrEqual(budget);
      const places = names(linked).map((name) =>
        shop.tables.findIndex((candidate) => candidate.name === name),
      );
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });

  it('fills the room that words alone do not, and finds what is called otherwise', () => {
    const tables = Array.from({ length: 120 }, (_, index) => table(`thing${index}`, [column(`c${index}`)]));
    const wide = schema([
      ...tables,
      table('edit', [column('id'), column('editor')]),
      table('editor', [column('id')]),
    ]);
    const linked = linkSchema(wide, dialect, sought('how many changes did each user make', 1500), options);
    expect(names(linked)).toEqual(expect.arrayContaining(['edit', 'editor']));
    expect(describeSchema(linked.schema, dialect, options).length).toBeGreaterThan(1200);
  });

  it('takes the words of notes and examples, and tables that the model wants', () => {
    const background = ['takings: sum of order_items'];
    const linked = linkSchema(shop, dialect, { ...sought('takings', 300), background }, options);
    expect(names(linked)).toContain('order_items');
    const wanted = linkSchema(shop, dialect, { ...sought('orders', 300), wanted: ['"Products"'] }, options);
    expect(names(wanted)).toContain('products');
  });

  it('takes the one table that has a stored value of the question, and counts what many have for little', () => {
    const tables = Array.from({ length: 120 }, (_, index) => table(`t${index}`, [column(`c${index}`)]));
    const request = sought('how many are there in Heiligenstadt', 260);
    const having = (name: string) => ({ table: { schema: 'public', name }, value: 'Heiligenstadt' });
    const told = (tablesThere: typeof tables, stored: readonly string[]): string[] =>
      names(linkSchema(schema(tablesThere), dialect, { ...request, stored: stored.map(having) }, options));
    expect(told(tables, [])).not.toContain('t117');
    expect(told(tables, ['t117'])).toContain('t117');
    const named = [...tables, table('Heiligenstadt', [column('x')])];
    expect(
      told(
        named,
        tables.map(({ name }) => name),
      ),
    ).toContain('Heiligenstadt');
  });

  it('tells tables of the same columns once, with the names of all', () => {
    const linked = linkSchema(shop, dialect, sought('payload of log 7', 3000), options);
    expect(names(linked).filter((name) => name.startsWith('log_'))).toEqual(['log_7']);
    expect(linked.rest).toMatch(/^Of the same columns as log_7: log_0, log_1, /u);
    expect(linked.told).toBe(linked.total);
  });

  it('names what is left out, the likeliest first, within its budget', () => {
    const tables = Array.from({ length: 90 }, (_, index) => table(`thing${index}`, [column(`c${index}`)]));
    const linked = linkSchema(schema(tables), dialect, sought('things', 1000), options);
    expect(linked.rest).toMatch(/^Left out for want of room: thing\d+, .* and \d+ more$/u);
    const text = describeSchema(linked.schema, dialect, options);
    expect(text.length + linked.rest.length + 1).toBeLessThanOrEqual(1000);
    expect(linked.told).toBe(linked.schema.tables.length);
  });

  it('splits identifiers and questions into the same words', () => {
    expect(words('orderItems_2ndPass')).toEqual(['order', 'item', '2nd', 'pass']);
    expect(words('Categories')).toEqual(words('category'));
    expect(words('Größen')).toEqual(['großen']);
  });
});
