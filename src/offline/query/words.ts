import type { Schema } from '../../schema/schema.ts';
import { indexSchema } from '../schema-index/make.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { readSql } from './read.ts';
import { spoken } from './spoken.ts';
import type { SelectQuery } from './tree.ts';

/** What a statement does, in words, a line a clause; null where it is of a shape that the offline engine does not write. */
export function sqlInWords(schema: Schema, sql: string): readonly string[] | null {
  const schemaIndex = indexSchema(schema);
  const query = readSql(schemaIndex, sql);
  if (query === null) {
    return null;
  }
  const { column, expression, condition } = spoken(schemaIndex);
  const tableName = (id: number): string => schemaIndex.tables[id]?.name ?? '';
  const shown = (id: number): string => {
    const part = query.parts?.get(id);
    return part === undefined ? column(id) : `${part} of ${column(id)}`;
  };
  const item = (of: (typeof query.select)[number]): string =>
    of.aggregate === null && of.column !== null ? shown(of.column) : expression(of);
  const joined = query.joins.map(({ table }) => tableName(table));
  const lines = [
    `takes ${[tableName(query.from), ...joined].join(', joined with ')}`,
    query.where === null ? null : `keeps rows where ${condition(query.where)}`,
    query.group.length === 0 ? null : `makes one row for each ${query.group.map(shown).join(', ')}`,
    query.having === null ? null : `keeps those with ${condition(query.having)}`,
    `shows ${query.select.map(item).join(', ')}${query.distinct ? ', repeated rows once' : ''}`,
    query.order.length === 0
      ? null
      : `orders by ${query.order.map(({ by, descending }) => `${item(by)}, ${descending ? 'highest' : 'lowest'} first`).join(', then ')}`,
    query.limit === null ? null : `stops after ${query.limit} ${query.limit === 1 ? 'row' : 'rows'}`,
  ];
  return lines.filter((line) => line !== null);
}

/** What a query gives, in one line: what is shown, from where, on which conditions. */
export function queryInWords(schemaIndex: SchemaIndex, query: SelectQuery): string {
  const write = spoken(schemaIndex);
  const tables = [query.from, ...query.joins.map(({ table }) => table)];
  return [
    query.select.map((item) => write.expression(item)).join(', '),
    `from ${tables.map((table) => schemaIndex.tables[table]?.name ?? '').join(', ')}`,
    ...(query.where === null ? [] : [`where ${write.condition(query.where)}`]),
    ...(query.group.length === 0 ? [] : [`for each ${query.group.map(write.column).join(', ')}`]),
    ...(query.having === null ? [] : [`with ${write.condition(query.having)}`]),
    ...(query.within === undefined ? [] : [`in each ${query.within.map(write.column).join(', ')}`]),
    ...query.order.map(
      ({ by, descending }) =>
        `${descending ? 'highest' : 'lowest'} ${write.expression(by)} first${query.limit === null ? '' : `, ${query.limit} only`}`,
    ),
  ].join(', ');
}
