import { quoted } from './notes.ts';
import { name, type Sql } from './sql.ts';

/** A last row that is called a total. */
export interface TotalRow {
  /** The rows above it. */
  readonly above: number;
  /** Whether each of its numbers is the sum of those above it. */
  readonly isSum: boolean;
  /** The row in words. */
  readonly shown: string;
}

const totalWords =
  /^(?:(?:grand|overall|sub)[ -]?)?(?:totals?|sum|sums|summe|gesamt|gesamtsumme|insgesamt|somme|total g[eé]n[eé]ral|suma|totale|totaal|total geral)\s*:?$/iu;
const numbers = /^(?:BIGINT|HUGEINT|DOUBLE|DECIMAL)/u;

/** The last row of a table in memory where its first filled cell says that it is a total; null where it does not. */
export async function totalRowOf(
  sql: Sql,
  { schema, table }: { readonly schema: string; readonly table: string },
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
      .filter((cell) => cell !== '')
      .slice(0, 3)
      .map(quoted)
      .join(', '),
  };
}
