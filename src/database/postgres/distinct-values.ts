import { quoteIdentifier } from '../../schema/identifier.ts';
import type { ColumnReference } from '../database.ts';
import { dialect as postgres } from './dialect.ts';
import type { Session } from './session.ts';
import { rollback } from './transaction/begin.ts';
import { beginReadOnly } from './transaction/transaction.ts';

const columnMilliseconds = 300;
const totalMilliseconds = 3_000;

const quote = (name: string): string => quoteIdentifier(postgres, name);

/**
 * Up to `cap` distinct values of each column as text; null where there are more, where it took too long, and where the
 * guard (`mayRead`, which judges a SELECT) does not let the column be read.
 */
export async function distinctValues(
  session: Session,
  columns: readonly ColumnReference[],
  cap: number,
  mayRead: (sql: string) => Promise<boolean>,
): Promise<readonly (readonly string[] | null)[]> {
  const deadline = performance.now() + totalMilliseconds;
  const readable = await readableColumns(columns, mayRead);
  const found: (readonly string[] | null)[] = [];
  for (const column of columns) {
    const late = performance.now() > deadline;
    found.push(late || !readable.has(column) ? null : await valuesOf(session, column, cap));
  }
  return found;
}

/**
 * Judges the columns of a table together, and one by one only where that is refused. They are judged as they are read,
 * as text: whoever makes a type may make a cast that runs a function.
 */
async function readableColumns(
  columns: readonly ColumnReference[],
  mayRead: (sql: string) => Promise<boolean>,
): Promise<ReadonlySet<ColumnReference>> {
  const readable = new Set<ColumnReference>();
  for (const ofTable of Map.groupBy(columns, tableOf).values()) {
    if (await mayRead(selectOf(ofTable))) {
      for (const column of ofTable) {
        readable.add(column);
      }
    } else {
      for (const column of ofTable) {
        if (await mayRead(selectOf([column]))) {
          readable.add(column);
        }
      }
    }
  }
  return readable;
}

function tableOf({ schema, table }: ColumnReference): string {
  return `${quote(schema)}.${quote(table)}`;
}

function selectOf(columns: readonly ColumnReference[]): string {
  const [first] = columns;
  return first === undefined
    ? ''
    : `SELECT ${columns.map(({ column }) => `${quote(column)}::pg_catalog.text`).join(', ')} FROM ${tableOf(first)}`;
}

async function valuesOf(
  session: Session,
  reference: ColumnReference,
  cap: number,
): Promise<readonly string[] | null> {
  const { client } = session;
  const column = quote(reference.column);
  await beginReadOnly(session);
  try {
    await client.query(`SET LOCAL statement_timeout = ${columnMilliseconds}`);
    const { rows } = await client.query<{ value: string }>(
      `SELECT DISTINCT ${column}::pg_catalog.text AS value FROM ${tableOf(reference)}
        WHERE ${column} IS NOT NULL LIMIT ${cap + 1}`,
    );
    return rows.length > cap ? null : rows.map(({ value }) => value).sort();
  } catch {
    return null;
  } finally {
    await rollback(session);
  }
}
