import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/database/engines.ts';
import { dialectOf } from '../../src/database/engines.ts';
import { writeSql } from '../../src/offline/query/sql.ts';
import { countAll, plain, type SelectQuery, selectFrom } from '../../src/offline/query/tree.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { quoteIdentifier } from '../../src/schema/identifier.ts';
import { schemaOf } from './schema.ts';

const base = selectFrom(0, [plain(1)]);
const text = 'Order: id int, Name text, total text\nline: id int, order_id int >Order.id';
const write = (engine: Engine, query: Partial<SelectQuery>): string =>
  writeSql(indexSchema(schemaOf(engine, text)), { ...base, ...query });

describe('writeSql', () => {
  it('quotes what each engine needs quoted', () => {
    expect(write('sqlite', {})).toBe('SELECT Name FROM "Order"');
    expect(write('postgres', {})).toBe('SELECT "Name" FROM "Order"');
    expect(write('mysql', {})).toBe('SELECT Name FROM `Order`');
  });

  it('joins, groups, orders and limits', () => {
    const query: Partial<SelectQuery> = {
      select: [plain(1), countAll],
      joins: [{ table: 1, on: [[0, 4]] }],
      group: [1],
      order: [{ by: countAll, descending: true }],
      limit: 3,
    };
    expect(write('postgres', query)).toBe(
      'SELECT "Order"."Name", COUNT(*) AS "number of line rows" FROM "Order" JOIN line ON "Order".id = line.order_id GROUP BY "Order"."Name" ORDER BY COUNT(*) DESC LIMIT 3',
    );
  });

  it('writes what only one engine asks for', () => {
    const like: Partial<SelectQuery> = {
      where: { kind: 'compare', left: plain(1), operator: 'like', right: { kind: 'text', text: '%a%' } },
    };
    expect(write('postgres', like)).toContain('ILIKE');
    expect(write('sqlite', like)).toContain(' LIKE ');
    const sum: Partial<SelectQuery> = { select: [{ aggregate: 'sum', distinct: false, column: 2 }] };
    expect(write('postgres', sum)).toContain('SUM(CAST(total AS numeric))');
    expect(write('mysql', sum)).toContain('SUM(total)');
    expect(write('postgres', { order: [{ by: plain(2), descending: true }] })).toContain('DESC NULLS LAST');
  });

  it('keeps any name and any text what it is', () => {
    const database = new Database(':memory:');
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (name, value) => {
        fc.pre(!name.includes('\0') && !value.includes('\0') && !/[:,>.\s]/.test(name));
        const schemaIndex = indexSchema(schemaOf('sqlite', `t: ${name} text`));
        database.exec(
          `DROP TABLE IF EXISTS t; CREATE TABLE t (${quoteIdentifier(dialectOf('sqlite'), name)} TEXT)`,
        );
        database.prepare('INSERT INTO t VALUES (?)').run(value);
        const sql = writeSql(schemaIndex, {
          ...base,
          select: [plain(0)],
          where: { kind: 'compare', left: plain(0), operator: '=', right: { kind: 'text', text: value } },
        });
        expect(database.prepare(sql).pluck().all()).toEqual([value]);
      }),
    );
    database.close();
  });
});
