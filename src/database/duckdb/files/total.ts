import { counted, quoted } from './notes.ts';
import type { TableRequest } from './raw-table.ts';
import { literal, name, type Sql } from './sql.ts';

/** A last row that is called a total. */
export interface TotalRow {
  /** The rows above it. */
  readonly above: number;
  /** Whether each of its numbers is the sum of those above it. */
  readonly isSum: boolean;
  /** The row in words. */
  readonly shown: string;
}

const totalPattern = String.raw`^(?:(?:grand|overall|sub)[ -]?)?(?:totals?|sum|sums|summe|zwischensumme|teilsumme|gesamt|gesamtsumme|insgesamt|somme|sous-total|total g[eé]n[eé]ral|suma|totale|totaal|total geral)\s*:?$`;
const totalWords = new RegExp(totalPattern, 'iu');
const numbers = /^(?:BIGINT|HUGEINT|DOUBLE|DECIMAL)/u;

/** The last row of a table in memory where its first filled cell says that it is a total; null where it does not. */
export async function totalRowOf(
  sql: Sql,
  { schema, name: table, hidden }: TableRequest,
): Promise<TotalRow | null> {
  const place = `${name(schema)}.${name(table)}`;
  const columns = await sql.rows(`SELECT column_name, column_type FROM (DESCRIBE ${place})`);
  const texts = columns.map(([column]) => `CAST(${name(String(column))} AS VARCHAR)`);
  const isLast = `rowid = (SELECT max(rowid) FROM ${place})`;
  const [cells = []] = await sql.rows(`SELECT ${texts.join(', ')} FROM ${place} WHERE ${isLast}`);
  const filled = cells.map((cell) => String(cell ?? '').trim());
  const word = filled.findIndex((cell) => cell !== '');
  if (!totalWords.test(filled[word] ?? '')) {
    return null;
  }
  const sums = columns.flatMap(([column, type], index) => {
    const own = name(String(column));
    return numbers.test(String(type)) && filled[index] !== ''
      ? [
          `abs(sum(${own}) FILTER (WHERE NOT ${isLast}) - sum(${own}) FILTER (WHERE ${isLast})) <= ${String(type) === 'DOUBLE' ? `1e-9 * abs(sum(${own}) FILTER (WHERE ${isLast}))` : '0'}`,
        ]
      : [];
  });
  const [[count, ...equal] = []] = await sql.rows(`SELECT ${['count(*)', ...sums].join(', ')} FROM ${place}`);
  return {
    above: Number(count) - 1,
    isSum: sums.length > 0 && equal.every((each) => each === true),
    shown: filled
      .filter((cell, index) => cell !== '' && !hidden.hides(schema, table, String(columns[index]?.[0])))
      .slice(0, 3)
      .map(quoted)
      .join(', '),
  };
}

/** Says of the rows of a table, the last `below` apart, that some are called a total: a sum over the table counts them twice. */
export async function subtotalSentences(
  sql: Sql,
  { raw, schema, name: table, hidden }: TableRequest,
  below: 0 | 1,
): Promise<readonly string[]> {
  const place = `${name(schema)}.${name(table)}`;
  const columns = await sql.rows(`SELECT column_name, column_type FROM (DESCRIBE ${place})`);
  if (!columns.some(([, type]) => numbers.test(String(type)))) {
    return [];
  }
  const texts = columns.flatMap(([column, type]) =>
    type === 'VARCHAR' && !hidden.hides(schema, table, String(column)) ? [String(column)] : [],
  );
  const isTotal = (column: string): string =>
    `length(${name(column)}) < 20 AND regexp_matches(trim(${name(column)}), ${literal(totalPattern)}, 'i')`;
  const [row = []] =
    texts.length === 0
      ? []
      : await sql.rows(
          `SELECT ${texts.flatMap((column) => [`count(*) FILTER (WHERE ${isTotal(column)})`, `min(${name(column)}) FILTER (WHERE ${isTotal(column)})`]).join(', ')} FROM ${place} WHERE rowid <= (SELECT max(rowid) FROM ${place}) - ${below}`,
        );
  return texts.flatMap((column, index) => {
    const count = Number(row[index * 2] ?? 0);
    const word = quoted(String(row[index * 2 + 1] ?? ''));
    return count === 0
      ? []
      : [
          `${raw.label}: ${counted(count)} ${count === 1 ? 'row is' : 'rows are'} called a total (${word} in ${column}), and ${count === 1 ? 'is a row' : 'are rows'} of the table: what adds up its rows counts them twice.`,
        ];
  });
}
