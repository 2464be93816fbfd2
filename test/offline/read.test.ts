import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/database/engines.ts';
import { readSql } from '../../src/offline/query/read.ts';
import { writeSql } from '../../src/offline/query/sql.ts';
import { countAll, plain, type SelectQuery, selectFrom } from '../../src/offline/query/tree.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { schemaOf } from './schema.ts';

const text =
  'Order: id int, Name text, placed date, paid boolean\nline: id int, order_id int >Order.id, price numeric, note text';
const base = selectFrom(0, [plain(1)]);
const literal = (value: string) => ({ kind: 'text', text: value }) as const;
const number = (value: number) => ({ kind: 'number', number: value }) as const;
const joined = { joins: [{ table: 1, on: [[0, 5]] as const }] };

const queries: Readonly<Record<string, Partial<SelectQuery>>> = {
  plain: {},
  distinct: { distinct: true, order: [{ by: plain(2), descending: true }], limit: 5 },
  star: { select: [plain(1), { aggregate: null, distinct: false, column: null }].slice(1) },
  groups: {
    ...joined,
    select: [plain(1), countAll, { aggregate: 'sum', distinct: false, column: 6 }],
    group: [1],
    having: { kind: 'compare', left: countAll, operator: '>=', right: number(2) },
    order: [{ by: { aggregate: 'avg', distinct: false, column: 6 }, descending: false }],
  },
  product: {
    select: [{ aggregate: 'sum', distinct: false, column: 4, times: 6 }],
    from: 1,
  },
  conditions: {
    ...joined,
    where: {
      kind: 'and',
      conditions: [
        { kind: 'compare', left: plain(1), operator: 'not like', right: literal("%O'Hara \\ %") },
        { kind: 'between', left: plain(6), low: number(-1.5), high: number(9) },
        { kind: 'null', column: 7, negated: true },
        {
          kind: 'or',
          conditions: [
            { kind: 'compare', left: plain(1), operator: '=', right: literal('a') },
            { kind: 'compare', left: plain(1), operator: '<>', right: literal('FROM "x"') },
          ],
        },
      ],
    },
  },
  nested: {
    where: {
      kind: 'in',
      column: 0,
      negated: true,
      query: {
        ...base,
        select: [plain(5)],
        from: 1,
        where: {
          kind: 'scalar',
          left: plain(6),
          operator: '>',
          query: { ...base, select: [{ aggregate: 'avg', distinct: false, column: 6 }], from: 1 },
        },
      },
    },
  },
  parts: {
    select: [plain(2), countAll],
    group: [2],
    order: [{ by: plain(2), descending: true }],
    parts: new Map([[2, 'quarter']]),
  },
  partsOfSeveral: {
    ...joined,
    select: [plain(2), countAll],
    group: [2],
    order: [{ by: plain(2), descending: false }],
    parts: new Map([[2, 'month']]),
  },
};

describe('readSql', () => {
  const engines: readonly Engine[] = ['sqlite', 'postgres', 'mysql'];
  for (const engine of engines) {
    it.each(Object.entries(queries))(`${engine} reads back %s`, (_name, parts) => {
      const schemaIndex = indexSchema(schemaOf(engine, text));
      const query: SelectQuery = { ...base, ...parts };
      expect(readSql(schemaIndex, writeSql(schemaIndex, query))).toEqual(query);
    });
  }

  it('does not mind how SQL is laid out', () => {
    const schemaIndex = indexSchema(schemaOf('sqlite', text));
    expect(readSql(schemaIndex, 'select\n  Name\nfrom "Order"\nlimit 3;\n')).toEqual({ ...base, limit: 3 });
  });

  it.each([
    'SELECT 1',
    'SELECT upper(Name) FROM "Order"',
    'SELECT Name AS n FROM "Order"',
    'SELECT Name FROM "Order" LEFT JOIN line ON 1 = 1',
    'SELECT Name FROM "Order" LIMIT 3 OFFSET 2',
    'SELECT missing FROM "Order"',
    'SELECT Name FROM "Order" UNION SELECT note FROM line',
    'DELETE FROM line',
    '',
  ])('reads nothing where it does not read all: %s', (sql) => {
    expect(readSql(indexSchema(schemaOf('sqlite', text)), sql)).toBeNull();
  });
});
