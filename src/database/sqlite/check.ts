import type { Plan } from '../database.ts';
import { declaredColumns } from './columns.ts';
import type { Connection } from './connection.ts';
import { tablesRead } from './program.ts';
import { statementOf } from './statement.ts';

interface Step {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

/** What the engine says of an admitted statement, which does not run. */
export function planOf(connection: Connection, sql: string): Plan {
  const statement = connection.prepare(sql);
  const columns = statement.reader ? declaredColumns(statement.columns()) : [];
  const none = { rows: null, rowsScanned: null, cost: null };
  const { explainable } = statementOf(sql);
  if (explainable === null) return { columns, tables: [], ...none, text: '' };
  const steps = connection.prepare<[], Step>(`EXPLAIN QUERY PLAN ${explainable}`).all();
  return { columns, tables: tablesRead(connection, explainable), ...none, text: textOf(steps) };
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
