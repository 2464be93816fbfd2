import { describe, expect, it } from 'vitest';
import { withWholeNames } from '../../src/offline/adjust/whole-names.ts';
import type { Candidate } from '../../src/offline/grammar/candidate.ts';
import type { SelectItem } from '../../src/offline/grammar/select.ts';
import { writeSql } from '../../src/offline/query/sql.ts';
import {
  countAll,
  type Expression,
  plain,
  type SelectQuery,
  selectFrom,
} from '../../src/offline/query/tree.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { schemaOf } from './schema.ts';

const schemaIndex = indexSchema(
  schemaOf(
    'sqlite',
    `
    customer: id integer, first_name text, last_name text, city text
    invoice: id integer, customer_id integer >customer.id, total decimal
    artist: id integer, name text
    album: id integer, artist_id integer >artist.id, title text
    `,
  ),
);
const id = (name: string): number => {
  const [table, column] = name.split('.');
  return (
    schemaIndex.columns.find(
      (entry) => entry.name === column && schemaIndex.tables[entry.table]?.name === table,
    )?.id ?? -1
  );
};
const item = (expression: Expression, implied: boolean, partOfName: number | null): SelectItem => ({
  expression,
  implied,
  partOfName,
  table: null,
  start: 0,
  end: 1,
  features: [],
});
const none = { start: -1, end: -1, features: [] };
const candidateOf = (query: SelectQuery, items: readonly SelectItem[]): Candidate => ({
  query,
  select: { items, score: 0 },
  filter: { items: [], score: 0 },
  order: { item: { by: null, descending: false, limit: null, ...none }, probability: 1 },
  having: { item: { left: null, operator: '=', right: null, high: null, ...none }, probability: 1 },
  tables: [],
  extraTables: [],
  joinCost: 0,
  shape: 'and',
  score: 0,
});
const sqlOf = (query: SelectQuery, items: readonly SelectItem[]): string =>
  writeSql(schemaIndex, withWholeNames(schemaIndex, candidateOf(query, items)).query);

describe('whole names', () => {
  const first = plain(id('customer.first_name'));

  it('have both parts where a question asks for the people', () => {
    expect(sqlOf(selectFrom(0, [first]), [item(first, true, 0)])).toBe(
      'SELECT first_name, last_name FROM customer',
    );
  });
  it('have the one part that a question asks for', () => {
    expect(sqlOf(selectFrom(0, [first]), [item(first, false, 0)])).toBe('SELECT first_name FROM customer');
  });
  it('keep two people of one name apart', () => {
    const join = { table: 1, on: [[id('customer.id'), id('invoice.customer_id')] as const] };
    const query = { ...selectFrom(0, [first, countAll]), joins: [join], group: [id('customer.first_name')] };
    expect(sqlOf(query, [item(first, true, 0), item(countAll, false, null)])).toBe(
      'SELECT customer.first_name, customer.last_name, COUNT(*) AS "number of invoice rows" FROM customer JOIN invoice ON customer.id = invoice.customer_id GROUP BY customer.first_name, customer.last_name, customer.id',
    );
  });
  it('do not part what the rows of one table are counted by', () => {
    const name = plain(id('artist.name'));
    const query = { ...selectFrom(2, [name, countAll]), group: [id('artist.name')] };
    expect(sqlOf(query, [item(name, true, null)])).toBe(
      'SELECT name, COUNT(*) AS "number of artist rows" FROM artist GROUP BY name',
    );
  });
});
