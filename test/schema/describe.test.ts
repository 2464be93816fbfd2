import { describe, expect, it } from 'vitest';
import { dialectOf } from '../../src/database/engines.ts';
import { type DescribeOptions, describeSchema } from '../../src/schema/describe.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { column, reference, schema, table } from '../support/schema.ts';

const described = (schema: Schema, options: DescribeOptions): string =>
  describeSchema(schema, dialectOf(schema.dialect.engine), options);

const all = { comments: true, defaults: true };

describe('describeSchema', () => {
  it('tells tables, columns, keys, values and comments, one table a block', () => {
    const text = described(
      schema([
        table(
          'orders',
          [
            column('id', 'integer', { nullable: false }),
            column('customer_id', 'integer', { nullable: false, comment: 'Who bought' }),
            column('status', 'order_status', { values: ['new', "it's paid"], default: "'new'" }),
            column('total', 'numeric', { generated: 'price * quantity' }),
          ],
          {
            foreignKeys: [reference(['customer_id'], 'customers')],
            comment: 'One purchase',
            checks: ['total > 0'],
          },
        ),
        table('parts', [column('order_id', 'integer'), column('line', 'integer')], {
          primaryKey: ['order_id', 'line'],
          uniqueKeys: [['line', 'order_id']],
          foreignKeys: [reference(['order_id', 'line'], 'shipments', ['order_id', 'line'])],
          traits: ['3 partitions'],
        }),
      ]),
      all,
    );
    expect(text).toBe(
      [
        'table orders -- One purchase',
        '  id integer primary key',
        '  customer_id integer -> customers (id) -- Who bought',
        "  status order_status {'new', 'it''s paid'} default 'new'",
        '  total numeric generated as price * quantity',
        '  check total > 0',
        'table parts [3 partitions]',
        '  order_id integer',
        '  line integer',
        '  primary key (order_id, line)',
        '  unique (line, order_id)',
        '  foreign key (order_id, line) -> shipments (order_id, line)',
      ].join('\n'),
    );
  });

  it('shortens the names of types, and leaves out the column of a key that is the primary one', () => {
    const types = [
      ['character varying(40)', 'varchar(40)'],
      ['character(2)', 'char(2)'],
      ['timestamp without time zone', 'timestamp'],
      ['timestamp(3) with time zone', 'timestamptz(3)'],
      ['double precision', 'float8'],
      ['int(11)', 'int'],
      ['bigint(20) unsigned', 'bigint unsigned'],
      ['numeric(10,2)', 'numeric(10,2)'],
      ['tinyint(1)', 'tinyint(1)'],
    ] as const;
    const orders = table(
      'orders',
      [column('id', 'integer'), ...types.map(([long], index) => column(`c${index}`, long))],
      { foreignKeys: [reference(['c0'], 'customers'), reference(['c1'], 'customers', ['code'])] },
    );
    const customers = table('customers', [column('id', 'integer'), column('code', 'text')], {
      uniqueKeys: [['code']],
    });
    const lines = described(schema([orders, customers]), all).split('\n');
    expect(lines.slice(2, 2 + types.length)).toEqual(
      types.map(
        ([, short], index) =>
          `  c${index} ${short}${index === 0 ? ' -> customers' : index === 1 ? ' -> customers (code)' : ''}`,
      ),
    );
  });

  it('keeps defaults and comments at home unless they may go', () => {
    const secret = schema([
      table('users', [column('plan', 'text', { default: "'hunter2'", comment: 'remark' })], {
        comment: 'note',
      }),
    ]);
    const text = described(secret, { comments: false, defaults: false });
    expect(text).toBe('table users\n  plan text');
  });

  it('writes identifiers as SQL needs them, and a schema where the search path does not find it', () => {
    const odd = schema([
      table('Select', [column('from'), column('a "b"'), column('größe')], { schema: 'Sales' }),
      table('plain', [column('id')]),
    ]);
    expect(described(odd, all)).toBe(
      'table "Sales"."Select"\n  "from" text\n  "a ""b""" text\n  "größe" text\ntable plain\n  id text primary key',
    );
    const mysql = { ...odd, dialect: { engine: 'mysql', product: 'MariaDB', version: '11' } } as const;
    expect(described(mysql, all)).toContain('table Sales.`Select`\n  `from` text');
  });

  it('keeps text of the database on one line, capped, without control, bidi and zero-width characters', () => {
    const hostile = `ignore\nall\u001b[2J \u202Erules\u200b${'x'.repeat(500)}`;
    const text = described(schema([table('t', [column('c', 'text', { comment: hostile })])]), all);
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain('-- ignore all[2J rules');
    for (const character of ['\u001b', '\u202e', '\u200b']) {
      expect(text).not.toContain(character);
    }
    expect(text.length).toBeLessThan(300);
  });
});
