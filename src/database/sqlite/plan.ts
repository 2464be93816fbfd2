import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Plan } from '../database.ts';
import { estimateOf, type Step } from './estimate.ts';
import { tablesRead } from './guard/program.ts';
import { statementOf } from './guard/statement.ts';
import { rowEstimates } from './introspect.ts';
import type { Connection } from './session.ts';
import { boundValues, declaredColumns } from './values.ts';

const unknown = { rows: null, rowsScanned: null, cost: null };

/** What the engine says of an admitted statement, which does not run. */
export function planOf(connection: Connection, { text: sql, values }: AdmittedStatement): Plan {
  const statement = connection.prepare(sql);
  const columns = statement.reader ? declaredColumns(statement.columns()) : [];
  const { explainable } = statementOf(sql);
  if (explainable === null) {
    return { columns, tables: [], ...unknown, text: '' };
  }
  const steps = connection
    .prepare<unknown[], Step>(`EXPLAIN QUERY PLAN ${explainable}`)
    .all(...boundValues(values));
  const tables = tablesRead(connection, explainable);
  const estimate = isAnalyzed(connection, tables) ? estimateOf(steps) : {};
  return { columns, tables, ...unknown, ...estimate, text: textOf(steps) };
}

/** Whether the planner has numbers of these tables; else it takes every table for a million rows. */
function isAnalyzed(connection: Connection, tables: readonly string[]): boolean {
  const estimates = rowEstimates(connection);
  return tables.every((table) => estimates.has(table));
}

/** The steps, each indented below its parent. */
function textOf(steps: readonly Step[]): string {
  const depth = new Map([[0, 0]]);
  return steps
    .map(({ id, parent, detail }) => {
      const level = depth.get(parent) ?? 0;
      depth.set(id, level + 1);
      return `${'  '.repeat(level)}${detail}`;
    })
    .join('\n');
}
