import { z } from 'zod';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Plan, ResultColumn } from '../database.ts';
import { isExplain } from './guard/syntax/explain.ts';
import { prepareBound } from './query.ts';
import type { Connection } from './session.ts';
import { bindAll, kindOfName, preparedColumns } from './values.ts';

/** A step of EXPLAIN (FORMAT JSON). */
interface Step {
  readonly name: string;
  readonly children: readonly Step[];
  readonly extra_info: Readonly<Record<string, unknown>>;
}

const step: z.ZodType<Step> = z.object({
  name: z.string(),
  get children() {
    return z.array(step);
  },
  extra_info: z.record(z.string(), z.unknown()),
});
const steps = z.array(step);

/** What the engine says of an admitted statement, which does not run. */
export async function planOf(
  connection: Connection,
  statement: AdmittedStatement,
  tables: readonly string[],
): Promise<Plan> {
  const { driver } = connection;
  const prepared = await prepareBound(connection, statement);
  const columns = preparedColumns(driver, prepared).map(({ name, kind, type }) => ({ name, kind, type }));
  driver.destroy_prepare_sync(prepared);
  const tree = await explained(connection, statement);
  const all = tree.flatMap(flat);
  const scans = all.filter(({ name }) => name.endsWith('SCAN')).map(estimateOf);
  const known = scans.filter((count) => count !== null);
  return {
    columns:
      statement.kind !== 'read'
        ? []
        : statement.values.length === 0
          ? columns
          : await described(connection, statement),
    tables,
    rows: tree[0] === undefined ? null : estimateOf(tree[0]),
    rowsScanned: known.length < scans.length ? null : known.reduce((sum, count) => sum + count, 0),
    cost: null,
    text: tree.map((root) => textOf(root, 0)).join('\n'),
  };
}

async function explained(
  connection: Connection,
  { text, values, kind }: AdmittedStatement,
): Promise<readonly Step[]> {
  // Some definitions can't be explained, and none reads by a plan that tells anything.
  if (kind === 'ddl' || isExplain(text)) {
    return [];
  }
  const { driver } = connection;
  const prepared = await connection.prepare(`EXPLAIN (FORMAT json) ${text}`);
  try {
    bindAll(driver, prepared, values);
    const rows = await connection.read(await driver.execute_prepared(prepared));
    return steps.parse(JSON.parse(String(rows[0]?.[1] ?? '[]')));
  } finally {
    driver.destroy_prepare_sync(prepared);
  }
}

/** The columns of a statement with values, whose types DuckDB knows only when they are bound. */
async function described(
  connection: Connection,
  { text, values }: AdmittedStatement,
): Promise<readonly ResultColumn[]> {
  const { driver } = connection;
  const prepared = await connection.prepare(`DESCRIBE ${text}`);
  try {
    bindAll(driver, prepared, values);
    const rows = await connection.read(await driver.execute_prepared(prepared));
    return rows.map(([name, type]) => ({
      name: String(name),
      kind: kindOfName(String(type)),
      type: String(type),
    }));
  } finally {
    driver.destroy_prepare_sync(prepared);
  }
}

const flat = (root: Step): readonly Step[] => [root, ...root.children.flatMap(flat)];

const estimateName = 'Estimated Cardinality';

function estimateOf({ extra_info: info }: Step): number | null {
  const estimate = info[estimateName];
  return typeof estimate === 'string' && /^\d+$/u.test(estimate) ? Number(estimate) : null;
}

/** A step a line, each indented below its parent. */
function textOf(root: Step, depth: number): string {
  const estimate = estimateOf(root);
  const facts = Object.entries(root.extra_info).flatMap(([name, value]) => {
    const text = [value].flat().join(', ').replace(/\s+/gu, ' ').trim();
    return name === estimateName || text === '' ? [] : [`${name}: ${text}`];
  });
  const rows = estimate === null ? [] : [`about ${estimate} rows`];
  const said = [...facts, ...rows].join('; ');
  const own = `${'  '.repeat(depth)}${root.name.trim()}${said === '' ? '' : ` (${said})`}`;
  return [own, ...root.children.map((child) => textOf(child, depth + 1))].join('\n');
}
