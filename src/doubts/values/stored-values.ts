import type { Row } from '../../database/database.ts';
import { type LookContext, numberOf } from '../look.ts';
import type { Predicate } from '../predicates.ts';
import type { Node } from '../sql-tree.ts';

/** How many different values of a column are read to find one that is near. */
export const valueLimit = 2000;

/** A stored value and how many rows have it. */
export interface StoredValue {
  readonly text: string;
  readonly rows: number;
}

/** The different values of an expression over one table, the frequent ones first; null where they can't be read. */
export async function storedValues(
  { probe }: Pick<LookContext, 'probe'>,
  subject: string,
  from: string,
): Promise<readonly StoredValue[] | null> {
  const rows = await probe(
    `SELECT ${subject} AS v, COUNT(*) AS n FROM ${from} WHERE ${subject} IS NOT NULL GROUP BY ${subject} ORDER BY COUNT(*) DESC`,
    valueLimit,
  );
  return (
    rows?.map(([value, count]) => ({ text: String(value), rows: numberOf([[count ?? null]]) ?? 0 })) ?? null
  );
}

/** A row that passes a comparison with one of its literals, as a list of one; an empty list where there is none. */
export function rowWith(
  { probe, tree }: Pick<LookContext, 'probe' | 'tree'>,
  { operator }: Pick<Predicate, 'operator'>,
  literal: Node,
  subject: string,
  from: string,
): Promise<readonly Row[] | null> {
  const compared = operator === 'IN' ? '=' : operator;
  // A server that sends all rows at once reads the whole table without the LIMIT.
  return probe(
    `SELECT 1 FROM ${from} WHERE ${subject} ${compared} ${tree.writeExpression(literal)} LIMIT 1`,
    1,
  );
}

/**
 * Values of a column with too many to read, that begin or end as a text does: one slip of the pen leaves one of both as it
 * was. Case, accents and blanks at the ends aside, where the letters are plain.
 */
export async function likeIn(
  context: LookContext,
  subject: string,
  from: string,
  text: string,
): Promise<readonly string[]> {
  const folded = text.trim().toLowerCase();
  const ends = [`${folded.slice(0, 3)}%`, `%${folded.slice(-3)}`].filter((end) =>
    /^%?[a-z0-9 ]{3}%?$/u.test(end),
  );
  if (folded.length < 5 || ends.length === 0) {
    return [];
  }
  const lower = `LOWER(TRIM(${subject}))`;
  const condition = ends.map((end) => `${lower} LIKE ${context.dialect.writeText(end)}`).join(' OR ');
  const rows = await context.probe(`SELECT DISTINCT ${subject} FROM ${from} WHERE ${condition}`, valueLimit);
  return (rows ?? []).map(([value]) => String(value));
}
