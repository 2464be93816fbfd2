import type { Value } from '../../../database.ts';
import type { Sql } from '../sql.ts';

/** So many aggregates are computed in one statement. */
const mostAtOnce = 100;

/** The values of many aggregates over a relation, in their order. */
export async function aggregates(
  sql: Sql,
  relation: string,
  expressions: readonly string[],
): Promise<readonly Value[]> {
  const values: Value[] = [];
  for (let start = 0; start < expressions.length; start += mostAtOnce) {
    const some = expressions.slice(start, start + mostAtOnce);
    values.push(...((await sql.rows(`SELECT ${some.join(', ')} FROM ${relation}`))[0] ?? []));
  }
  return values;
}
