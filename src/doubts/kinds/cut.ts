import { grouped, type Look, numberOf } from '../look.ts';

/** Limits above this are no cut that somebody chose to look at. */
const mostCounted = 10_000;

/** Finds out how many rows there are of which a limit shows the first. */
export const lookForCut: Look = async ({ sql, limit, probe }) => {
  if (limit === null || limit > mostCounted) {
    return [];
  }
  const most = Math.max(mostCounted, limit * 10);
  const text = sql.replace(/;\s*$/u, '');
  const counted = `SELECT 1 AS one FROM (\n${text}\n) AS answer LIMIT ${most + 1}`;
  const rows = numberOf(await probe(`SELECT COUNT(*) FROM (${counted}) AS counted`));
  if (rows === null || rows <= limit) {
    return [];
  }
  const all = rows > most ? `more than ${grouped(most)}` : grouped(rows);
  return [
    {
      kind: 'cut',
      sentence: `The first ${limit === 1 ? 'row is' : `${grouped(limit)} rows are`} shown, of ${all}: raise --limit for more.`,
      evidence: { shown: limit, rows: Math.min(rows, most), isLeast: rows > most ? 'yes' : 'no' },
      mendedSql: null,
    },
  ];
};
