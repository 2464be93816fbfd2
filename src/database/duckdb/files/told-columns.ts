import { shellWord } from '../../../errors.ts';
import type { HidePatterns } from '../../pattern.ts';
import type { RawTable, TableRequest } from './raw-table.ts';
import { name, type Sql } from './sql.ts';

/** A table whose columns that the user gives a type are read from their texts, whichever type their file gives them. */
export async function withToldTexts(sql: Sql, raw: RawTable, told: TableRequest['told']): Promise<RawTable> {
  const isTold = (column: RawTable['columns'][number]): boolean =>
    column.from === 'file' && told.has(column.name.toLowerCase());
  if (!raw.columns.some(isTold)) {
    return raw;
  }
  const types = new Map(
    (await sql.rows(`SELECT column_name, column_type FROM (DESCRIBE FROM ${raw.relation})`)).map(
      ([column, type]) => [column, type],
    ),
  );
  const texts = raw.columns.filter(isTold).map((column) => {
    const own = name(column.name);
    const text = types.get(column.name) === 'JSON' ? `${own} ->> '$'` : `CAST(${own} AS VARCHAR)`;
    return `${text} AS ${own}`;
  });
  return {
    ...raw,
    relation: `(SELECT * REPLACE (${texts.join(', ')}) FROM ${raw.relation})`,
    columns: raw.columns.map((column) => (isTold(column) ? { ...column, from: 'text' } : column)),
  };
}

/** Says which columns of a table in memory hold values of several kinds, so that they are kept as JSON. */
export async function mixedSentences(
  sql: Sql,
  { raw, schema, name: table }: TableRequest,
  hidden: HidePatterns,
): Promise<readonly string[]> {
  const place = `${name(schema)}.${name(table)}`;
  const rows = await sql.rows(`SELECT column_name, column_type FROM (DESCRIBE ${place})`);
  const json = rows.flatMap(([column, type]) =>
    type === 'JSON' && !hidden.hides(schema, table, String(column)) ? [String(column)] : [],
  );
  if (json.length === 0) {
    return [];
  }
  const kind = (column: string): string => {
    const own = `json_type(${name(column)})`;
    return `CASE WHEN ${own} IN ('UBIGINT', 'BIGINT', 'HUGEINT', 'DOUBLE') THEN 'number' ELSE nullif(${own}, 'NULL') END`;
  };
  const [counts = []] = await sql.rows(
    `SELECT ${json.map((column) => `count(DISTINCT ${kind(column)})`).join(', ')} FROM ${place}`,
  );
  return json
    .filter((_, index) => Number(counts[index]) > 1)
    .map(
      (column) =>
        `${raw.label}: ${column} holds values of several kinds, and is kept as JSON. To read it as text, or as numbers: --type ${shellWord(`${table}.${column}=text`)}`,
    );
}
