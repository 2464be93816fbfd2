/** A step of EXPLAIN (FORMAT JSON), as far as it is read here. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Plan Rows'?: number;
  readonly 'Total Cost'?: number;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Schema?: string;
  readonly Plans?: readonly PlanNode[];
  readonly [detail: string]: unknown;
}

/** A step and all below it. */
export function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** Rows that a plan reads from tables, by their sizes; null where that can't be told. */
export function estimateScanned(root: PlanNode, sizes: ReadonlyMap<string, number>): number | null {
  return nodesOf(root).every((node) => isEstimated(node, sizes))
    ? Math.round(rowsScanned(root, sizes, 1))
    : null;
}

/**
 * Whether it can be told how many rows a step reads: not of one that an extension brought, nor of a table elsewhere that
 * nobody has counted, nor of several such that are joined there.
 */
function isEstimated(node: PlanNode, sizes: ReadonlyMap<string, number>): boolean {
  if (node['Node Type'] === 'Custom Scan') {
    return false;
  }
  if (node['Node Type'] !== 'Foreign Scan') {
    return true;
  }
  return (sizes.get(`${node.Schema}.${node['Relation Name']}`) ?? -1) >= 0;
}

/**
 * Rows that a plan reads from tables: a sequential scan reads the whole table whatever its filter leaves, and the
 * inner side of a nested loop runs once for each row of the outer side, unless its rows are kept.
 */
function rowsScanned(node: PlanNode, sizes: ReadonlyMap<string, number>, loops: number): number {
  const plans = node.Plans ?? [];
  if (node['Relation Name'] !== undefined) {
    const size = sizes.get(`${node.Schema}.${node['Relation Name']}`) ?? 0;
    const whole = /Seq Scan$|^Foreign Scan$/.test(node['Node Type']) ? size : 0;
    const own = Math.max(whole, node['Plan Rows'] ?? 0) * loops;
    return plans.reduce((sum, plan) => sum + rowsScanned(plan, sizes, loops), own);
  }
  if (node['Node Type'] === 'Materialize' || node['Node Type'] === 'Memoize') {
    return plans.reduce((sum, plan) => sum + rowsScanned(plan, sizes, 1), 0);
  }
  const [outer] = plans;
  return plans.reduce((sum, plan, index) => {
    const repeats = node['Node Type'] === 'Nested Loop' && index === 1 ? (outer?.['Plan Rows'] ?? 1) : 1;
    return sum + rowsScanned(plan, sizes, loops * Math.max(1, repeats));
  }, 0);
}

const shownDetails = [
  'Index Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'Filter',
  'Sort Key',
  'Group Key',
];

/** The plan as EXPLAIN's own text would show it: a step a line, what it works on, its rows and its cost. */
export function describePlan(node: PlanNode, depth = 0): readonly string[] {
  const indent = '  '.repeat(depth);
  const index = node['Index Name'] === undefined ? '' : ` using ${node['Index Name']}`;
  const table = node['Relation Name'] === undefined ? '' : ` on ${node['Relation Name']}`;
  const numbers = `(cost=${node['Total Cost']} rows=${node['Plan Rows']})`;
  const details = shownDetails
    .filter((detail) => node[detail] !== undefined)
    .map((detail) => `${indent}  ${detail}: ${String(node[detail])}`);
  return [
    `${indent}${node['Node Type']}${index}${table}  ${numbers}`,
    ...details,
    ...(node.Plans ?? []).flatMap((plan) => describePlan(plan, depth + 1)),
  ];
}
