import type { Plan, ResultColumn } from '../database.ts';
import { kindAndTypeOf } from './columns.ts';
import { estimate, type PlanStep } from './estimate.ts';
import { errorNumber, statementFailure } from './failure.ts';
import type { Session, TextRow } from './session.ts';
import type { Analysis } from './syntax/findings.ts';

/** ER_VIEW_NO_EXPLAIN */
const viewNoExplain = 1345;

/** Prepares a statement, which tells its columns and errors, and asks for its plan; runs nothing. */
export async function checkStatement(session: Session, sql: string, analysis: Analysis): Promise<Plan> {
  const columns = await prepare(session, sql);
  const tables = tablesOf(analysis, session.database);
  if (analysis.form !== 'query' || analysis.kind === 'ddl')
    return { columns, tables, rows: null, rowsScanned: null, cost: null, text: '' };
  const isMariadb = session.dialect.product === 'MariaDB';
  const explained = await session
    .rows(`EXPLAIN ${isMariadb ? 'EXTENDED' : 'FORMAT=TRADITIONAL'} ${sql}`)
    .catch((error: unknown) => {
      // The role may read a view, but not see what is behind it.
      if (errorNumber(error) === viewNoExplain) return [];
      throw error;
    });
  const steps = explained.map((row) => stepOf(row, isMariadb));
  const [cost] = await session.rows("SHOW SESSION STATUS LIKE 'Last_query_cost'");
  const { rows, rowsScanned } = estimate(steps);
  return {
    columns,
    tables,
    rows: rows === null || analysis.limit === null ? rows : Math.min(rows, analysis.limit),
    rowsScanned,
    cost: Number(cost?.[1] ?? 0) || null,
    text: steps.map(line).join('\n'),
  };
}

/** COM_STMT_PREPARE; a statement that can't be prepared, as some SHOW, has no columns yet. */
function prepare(session: Session, sql: string): Promise<readonly ResultColumn[]> {
  return new Promise((resolve, reject) => {
    session.connection.prepare(sql, (error, statement) => {
      if (error) {
        // ER_UNSUPPORTED_PS
        if (error.errno === 1295) resolve([]);
        else reject(statementFailure(error));
        return;
      }
      const fields = 'columns' in statement && Array.isArray(statement.columns) ? statement.columns : [];
      session.connection.unprepare(sql);
      resolve(fields.map(kindAndTypeOf));
    });
  });
}

function tablesOf(analysis: Analysis, current: string): readonly string[] {
  const names = analysis.tables
    .filter(({ isCommon }) => !isCommon)
    .map(({ database, name }) => (database === null || database === current ? name : `${database}.${name}`));
  return [...new Set(names)];
}

/**
 * MariaDB: id, select_type, table, type, possible_keys, key, key_len, ref, rows, filtered, Extra; MySQL has
 * `partitions` after the table.
 */
function stepOf(row: TextRow, isMariadb: boolean): PlanStep {
  const cells = isMariadb ? row : row.toSpliced(3, 1);
  const [id, kind, table, access, , key, , , rows, filtered, extra] = cells;
  const number = (text: string | null | undefined): number | null =>
    text === null || text === undefined || !Number.isFinite(Number(text)) ? null : Number(text);
  return {
    id: number(id),
    kind: kind ?? '',
    table: table ?? null,
    access: access ?? '',
    key: key ?? null,
    rows: number(rows),
    filtered: number(filtered) ?? 100,
    extra: extra ?? '',
  };
}

function line(step: PlanStep): string {
  return [
    step.kind,
    step.table,
    step.access,
    step.key && `key ${step.key}`,
    step.rows === null ? null : `${step.rows} rows`,
    step.extra,
  ]
    .filter((part) => part)
    .join(' · ');
}
