/** A step of EXPLAIN QUERY PLAN. */
export interface Step {
  readonly id: number;
  readonly parent: number;
  /**
   * The planner's cost of one run of this loop, as ten times its binary logarithm: SQLite's LogEst, which its shell does
   * not print (`rRun` in https://sqlite.org/src/file/src/where.c). 0 for steps that are no loops.
   */
  readonly notused: number;
  readonly detail: string;
}

/** What the planner thinks that a statement costs, and how many rows it reads for that. */
export interface Estimate {
  readonly rowsScanned: number;
  readonly cost: number;
}

/** The planner counts 3 for a row that is scanned, and about as much as 8 rows for a look-up in a tree. */
const rowCost = 3;
const lookUpCost = 24;

/** Adds the loops up: each runs once for every row of those around it. LIMIT is not looked at, so this is an upper bound. */
export function estimateOf(steps: readonly Step[]): Estimate {
  return within(0);

  function within(parent: number): Estimate {
    let [rowsScanned, cost, runs] = [0, 0, 1];
    for (const step of steps.filter((candidate) => candidate.parent === parent)) {
      const inner = within(step.id);
      const times = step.detail.startsWith('CORRELATED') ? runs : 1;
      rowsScanned += inner.rowsScanned * times;
      cost += inner.cost * times;
      if (step.notused === 0) {
        continue;
      }
      const run = 2 ** (step.notused / 10);
      const rows = Math.max(1, (step.detail.startsWith('SCAN') ? run : run - lookUpCost) / rowCost);
      cost += runs * run;
      runs *= rows;
      rowsScanned += runs;
    }
    return { rowsScanned, cost };
  }
}
