import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Plan, ResultColumn } from '../database.ts';
import { typeNames } from './catalog/type-names.ts';
import { statementError } from './errors.ts';
import type { Statement } from './guard/parser.ts';
import { findAll } from './guard/walk/find.ts';
import { describePlan, estimateScanned, nodesOf, type PlanNode } from './plan-node.ts';
import type { Session } from './session.ts';
import { rollback } from './transaction/begin.ts';
import { runLast } from './transaction/catalog.ts';
import { beginReadOnly } from './transaction/transaction.ts';
import { resultColumns } from './values.ts';
import { arrayText, describeAndRun, type Step } from './wire/batch.ts';

/**
 * Lets the server parse a statement, then plan it. Nothing runs, but the server computes IMMUTABLE functions of
 * constants while it plans: only an admitted statement may come here.
 */
export async function plan(
  session: Session,
  statement: Statement,
  admitted: AdmittedStatement,
): Promise<Plan> {
  const searchPath = await beginReadOnly(session);
  const { columns, root } = await explain(session, statement, admitted);
  const [named = [], counted = []] = await runLast(session, [
    namedRelations(session, statement, searchPath),
    ...(root === null ? [] : [tableSizes(session, root)]),
  ]);
  if (root === null) {
    return { columns, tables: [], rows: null, rowsScanned: null, cost: null, text: '' };
  }
  const sizes = new Map(counted.map(([name, rows]) => [name ?? '', Number(rows)]));
  return {
    columns,
    tables: named.map(([name]) => name ?? ''),
    rows: root['Plan Rows'] ?? null,
    rowsScanned: estimateScanned(root, sizes),
    cost: root['Total Cost'] ?? null,
    text: describePlan(root).join('\n'),
  };
}

/** What the server says of a statement, in one message; `root` is null where there is nothing to explain. */
async function explain(
  session: Session,
  statement: Statement,
  { text: sql, values }: AdmittedStatement,
): Promise<{ readonly columns: readonly ResultColumn[]; readonly root: PlanNode | null }> {
  const { client } = session;
  const explained = explainable(statement);
  const bound = values.map(({ value }) => value);
  try {
    const { fields, rows } = await describeAndRun(
      client,
      sql,
      explained === null ? [] : [{ text: `EXPLAIN (FORMAT JSON, VERBOSE) ${explained}`, values: bound }],
    );
    return {
      columns: resultColumns(fields, await typeNames(client, fields)),
      root: explained === null ? null : rootOf(rows[0]?.[0]?.[0]),
    };
  } catch (error) {
    await rollback(session);
    throw statementError(error, sql, session.limits);
  }
}

/** The statement that EXPLAIN takes: not SHOW, and what an EXPLAIN explains. */
function explainable(statement: Statement): string | null {
  return /^(?:SelectStmt|InsertStmt|UpdateStmt|DeleteStmt|MergeStmt)$/.test(statement.tag)
    ? statement.text
    : null;
}

function rootOf(explained: string | null | undefined): PlanNode {
  const [{ Plan: root }]: readonly [{ readonly Plan: PlanNode }] = JSON.parse(String(explained));
  return root;
}

/** Asks for the tables and views that the statement names, as it would name them. */
function namedRelations(session: Session, statement: Statement, searchPath: readonly string[]): Step {
  const { relations } = findAll(statement.tag, statement.body, 'rows');
  return session.kept.step(
    `WITH visible AS (
             SELECT DISTINCT ON (c.relname) c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relname = ANY ($2::text[]) AND n.nspname = ANY ($3::text[])
              ORDER BY c.relname, array_position($3::text[], n.nspname::text))
           SELECT DISTINCT CASE WHEN c.oid IN (SELECT oid FROM visible) THEN c.relname::text
                  ELSE concat(n.nspname, '.', c.relname) END AS name
             FROM unnest($1::text[], $2::text[]) AS wanted(schema, name)
             JOIN pg_class c ON c.relname = wanted.name JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = wanted.schema OR (wanted.schema IS NULL AND c.oid IN (SELECT oid FROM visible))
            ORDER BY name`,
    [relations.map(({ schema }) => schema), relations.map(({ name }) => name), searchPath].map(arrayText),
  );
}

/** Asks for the rows of the tables that a plan scans, as far as the catalog knows them, by `schema.table`. */
function tableSizes(session: Session, root: PlanNode): Step {
  const scanned = nodesOf(root).filter((node) => node['Relation Name'] !== undefined);
  return session.kept.step(
    `SELECT concat(n.nspname, '.', c.relname) AS name, c.reltuples::float8 AS rows
             FROM unnest($1::text[], $2::text[]) AS scanned(schema, name)
             JOIN pg_namespace n ON n.nspname = scanned.schema
             JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = scanned.name`,
    [scanned.map((node) => node.Schema ?? null), scanned.map((node) => node['Relation Name'] ?? null)].map(
      arrayText,
    ),
  );
}
