import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Plan, ResultColumn } from '../database.ts';
import { errorNumber, statementFailure } from './errors.ts';
import type { Catalog } from './guard/catalog.ts';
import { warningsOf } from './guard/misreadings.ts';
import type { Analysis } from './guard/syntax/findings.ts';
import { whatGoes } from './server/what-goes.ts';
import type { Session } from './session.ts';
import { kindAndTypeOf } from './values.ts';
import { prepareBound } from './wire/bind.ts';
import type { TextRow } from './wire/connection.ts';

/** ER_VIEW_NO_EXPLAIN */
const viewNoExplain = 1345;

/**
 * Prepares a statement, which tells its columns and errors, and asks for its plan; runs nothing. EXPLAIN reads the row of a key
 * and computes with it, so that its errors tell of that row: for `isUnseen` it is left out.
 */
export async function planStatement(
  session: Session,
  statement: AdmittedStatement,
  {
    analysis,
    catalog,
    isUnseen,
  }: { readonly analysis: Analysis; readonly catalog: Catalog; readonly isUnseen: boolean },
): Promise<Plan> {
  const sql = statement.text;
  const columns = await prepare(session, sql);
  const tables = tablesOf(analysis, session.database);
  if (analysis.kind === 'ddl') {
    const commitsItself = await whatGoes(analysis, session.database, catalog);
    return { columns, tables, rows: null, rowsScanned: null, cost: null, text: '', commitsItself };
  }
  if (analysis.form !== 'query') {
    return { columns, tables, rows: null, rowsScanned: null, cost: null, text: '' };
  }
  const warnings = await warningsOf(session, analysis, catalog);
  if (isUnseen) {
    return { columns, tables, rows: null, rowsScanned: null, cost: null, text: '', warnings };
  }
  const isMariadb = session.dialect.product === 'MariaDB';
  const explain = isMariadb ? 'EXPLAIN EXTENDED ' : 'EXPLAIN FORMAT=TRADITIONAL ';
  const text =
    statement.values.length === 0 ? explain + sql : await prepareBound(session, statement, explain);
  const explained = await session.rows(text).catch((error: unknown) => {
    // The role may read a view, but not see what is behind it.
    if (errorNumber(error) === viewNoExplain) {
      return [];
    }
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
    warnings,
  };
}

/** COM_STMT_PREPARE; a statement that can't be prepared, as some SHOW, has no columns yet. */
function prepare(session: Session, sql: string): Promise<readonly ResultColumn[]> {
  return new Promise((resolve, reject) => {
    session.connection.prepare(sql, (error, statement) => {
      if (error) {
        // ER_UNSUPPORTED_PS
        if (error.errno === 1295) {
          resolve([]);
        } else {
          reject(statementFailure(error));
        }
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
    if (id === null) {
      continue;
    }
    const select = selects.get(id) ?? { kind, out: 1, read: 0 };
    selects.set(id, select);
    if (table === null || rows === null) {
      continue;
    }
    isKnown = true;
    // What a derived table holds has been counted where it was read.
    if (!table.startsWith('<')) {
      select.read += select.out * rows;
    }
    select.out *= (rows * filtered) / 100;
  }
  const all = [...selects.values()];
  if (all.length === 0 || !isKnown) {
    return { rows: null, rowsScanned: null };
  }
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
