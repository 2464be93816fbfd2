/** A line of the table that EXPLAIN prints. */
export interface PlanStep {
  /** The SELECT that it belongs to; null for the result of a UNION. */
  readonly id: number | null;
  /** `SIMPLE`, `PRIMARY`, `DERIVED`, `UNION`, `SUBQUERY`, `DEPENDENT SUBQUERY`, … */
  readonly kind: string;
  readonly table: string | null;
  readonly access: string;
  readonly key: string | null;
  /** Rows that one look at the table reads. */
  readonly rows: number | null;
  /** Per cent of them that are left after the conditions. */
  readonly filtered: number;
  readonly extra: string;
}

/**
 * Rows returned and read by the planner's own numbers. The tables of one SELECT are nested loops from top to bottom:
 * each is read once for every row that came out of those before it. A dependent subquery runs once for every row of
 * the outermost SELECT. GROUP BY and LIMIT are not seen, so `rows` is an upper bound.
 */
export function estimate(steps: readonly PlanStep[]): {
  readonly rows: number | null;
  readonly rowsScanned: number | null;
} {
  const selects = new Map<number, { kind: string; out: number; read: number }>();
  let isKnown = false;
  for (const { id, kind, table, rows, filtered } of steps) {
    if (id === null) continue;
    const select = selects.get(id) ?? { kind, out: 1, read: 0 };
    selects.set(id, select);
    if (table === null || rows === null) continue;
    isKnown = true;
    // What a derived table holds has been counted where it was read.
    if (!table.startsWith('<')) select.read += select.out * rows;
    select.out *= (rows * filtered) / 100;
  }
  const all = [...selects.values()];
  if (all.length === 0 || !isKnown) return { rows: null, rowsScanned: null };
  const outermost = all[0]?.out ?? 1;
  const returned = all
    .filter(({ kind }, index) => index === 0 || kind === 'UNION')
    .reduce((sum, { out }) => sum + out, 0);
  const read = all.reduce(
    (sum, select) => sum + select.read * (select.kind.startsWith('DEPENDENT') ? Math.max(1, outermost) : 1),
    0,
  );
  return { rows: Math.round(returned), rowsScanned: Math.round(read) };
}
