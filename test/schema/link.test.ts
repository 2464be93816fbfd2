import { describe, expect, it } from 'vitest';
import { dialectOf } from '../../src/database/engines.ts';
import { describeSchema } from '../../src/schema/describe.ts';
import { linkSchema, words } from '../../src/schema/link.ts';
import { column, reference, schema, table } from '../support/schema.ts';

const dialect = dialectOf('sqlite');

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
    expect(linkSchema(shop, dialect, 'anything', 1_000_000, options).schema).toBe(shop);
  });

  it('keeps the tables that the question names and those that join them', () => {
    const linked = linkSchema(shop, dialect, 'Which products did each customer buy?', 420, options);
    expect(names(linked)).toEqual(expect.arrayContaining(['customers', 'orders', 'order_items', 'products']));
    expect(linked.total).toBe(204);
    expect(linked.schema.tables.length).toBeLessThan(15);
  });

  it('never passes its budget and keeps the order of the schema', () => {
    for (const budget of [0, 60, 200, 500, 1500]) {
      const linked = linkSchema(shop, dialect, 'log payload of customers', budget, options);
      expect(describeSchema(linked.schema, dialect, options).length).toBeLessThanOrEqual(budget);
      const places = names(linked).map((name) =>
        shop.tables.findIndex((candidate) => candidate.name === name),
      );
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });

  it('splits identifiers and questions into the same words', () => {
    expect(words('orderItems_2ndPass')).toEqual(['order', 'item', '2nd', 'pass']);
    expect(words('Categories')).toEqual(words('category'));
    expect(words('Größen')).toEqual(['großen']);
  });
});
