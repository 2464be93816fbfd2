import { asTree, listOf, type Tree, textOf } from '../parser.ts';

/**
 * How many of a kind a statement may have: planning takes the server the square or the cube of their number. Measured
 * on PostgreSQL 18: a hundred joins 0.4 s, two hundred windows 1.7 s, two hundred sorted aggregates 1.7 s, a cube of
 * twelve 1.6 s.
 */
const limits = {
  subqueries: [200, 'subqueries'],
  tables: [120, 'tables in FROM'],
  windows: [100, 'different windows'],
  sortedAggregates: [100, 'aggregates with DISTINCT or ORDER BY'],
  groupingSets: [512, 'grouping sets'],
  copies: [1_000, 'copies of its NOT MATERIALIZED queries'],
} as const;

/**
 * Why planning a statement may not end, by its shape; null where it will. The server looks neither at its time limit nor
 * at a cancellation while it pulls subqueries up into the query around them.
 */
export function shapeProblem(body: Tree): string | null {
  const counted = countsOf(body);
  for (const [name, [limit, what]] of Object.entries(limits)) {
    if ((counted.get(name) ?? 0) > limit) {
      return `it has more than ${limit} ${what}, and planning them may not end`;
    }
  }
  return null;
}

function countsOf(body: Tree): ReadonlyMap<string, number> {
  const counts = new Map<keyof typeof limits, number>();
  const add = (name: keyof typeof limits, number = 1) => counts.set(name, (counts.get(name) ?? 0) + number);
  const copied: string[] = [];
  const mentions = new Map<string, number>();
  const windows = new Set<string>();
  const pending: unknown[] = [body];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const tree = asTree(value);
    pending.push(
      ...(tree === null ? listOf(value) : Object.values(tree)).filter((inner) => inner !== undefined),
    );
    if (tree === null) {
      continue;
    }
    const cte = asTree(tree['CommonTableExpr']);
    if (cte !== null || tree['RangeSubselect'] !== undefined) {
      add('subqueries');
    }
    if (cte?.['ctematerialized'] === 'CTEMaterializeNever') {
      copied.push(textOf(cte['ctename']) ?? '');
    }
    const named = textOf(tree['relname']);
    if (named !== null) {
      mentions.set(named, (mentions.get(named) ?? 0) + 1);
    }
    for (const kind of ['RangeVar', 'RangeFunction', 'RangeSubselect', 'RangeTableFunc', 'JsonTable']) {
      if (tree[kind] !== undefined) {
        add('tables');
      }
    }
    if (asTree(tree['over']) !== null) {
      windows.add(shapeOf(tree['over']));
    }
    if (tree['agg_distinct'] === true || listOf(tree['agg_order']).length > 0) {
      add('sortedAggregates');
    }
    if (Array.isArray(tree['groupClause'])) {
      add('groupingSets', setsOf(tree['groupClause']));
    }
  }
  counts.set('windows', windows.size);
  counts.set(
    'copies',
    copied.reduce((product, name) => product * (mentions.get(name) ?? 1), 1),
  );
  return counts;
}

/** The same text for the same definition, wherever it stands. */
function shapeOf(window: unknown): string {
  return JSON.stringify(window, (key, value) => (key === 'location' ? undefined : value));
}

/** How many sets a GROUP BY stands for: its items multiply. */
function setsOf(items: readonly unknown[]): number {
  return items.reduce<number>((product, item) => {
    const set = asTree(asTree(item)?.['GroupingSet']);
    if (set === null) {
      return product;
    }
    const content = listOf(set['content']);
    switch (textOf(set['kind'])) {
      case 'GROUPING_SET_CUBE':
        return product * 2 ** content.length;
      case 'GROUPING_SET_ROLLUP':
        return product * (content.length + 1);
      case 'GROUPING_SET_SETS':
        return product * content.reduce<number>((sum, inner) => sum + setsOf([inner]), 0);
      default:
        return product;
    }
  }, 1);
}
