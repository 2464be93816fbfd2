import { SqlqError } from '../../errors.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Plan, ResultColumn } from '../database.ts';
import type { TableName } from './guard/context.ts';
import type { Judged } from './guard/guard.ts';
import { readsOf } from './guard/reads.ts';
import type { Home, Session } from './session.ts';
import { kindOf, resultColumn } from './values.ts';
import { collect, type Whole } from './wire/statement.ts';
import { readOnly } from './wire/transaction.ts';

/** Asks the server what a statement gives, reads and costs; runs nothing. */
export function planStatement(
  { server, transactions, home }: Session,
  statement: AdmittedStatement,
  judged: Judged,
  signal: AbortSignal,
): Promise<Plan> {
  const { text } = statement;
  return readOnly(transactions, signal, async ({ headers }) => {
    const ask = (sql: string, more: Readonly<Record<string, string>> = {}): Promise<Whole> =>
      collect(server, sql, { signal, headers: { ...headers, ...more } });
    const columns = await columnsOf(ask, text);
    const tables = [...new Set(judged.named.map((table) => shortName(table, home)))];
    if (judged.form !== 'query') {
      return { columns, tables, rows: null, rowsScanned: null, cost: null, text: '' };
    }
    const told = readsOf(only(await ask(`EXPLAIN (TYPE IO, FORMAT JSON) ${text}`)));
    if (told.writes) {
      throw new SqlqError('refused', 'The server says that the statement writes');
    }
    const counts = told.tables.map(({ rows }) => rows);
    return {
      columns,
      tables,
      rows: told.rows,
      rowsScanned:
        counts.length === 0 || counts.includes(null)
          ? null
          : counts.reduce<number>((sum, rows) => sum + (rows ?? 0), 0),
      cost: null,
      text: only(await ask(`EXPLAIN (TYPE LOGICAL) ${text}`)).trim(),
    };
  });
}

const only = ({ rows }: Whole): string => String(rows[0]?.[0] ?? '');

/** Where a server may stop to read headers: Jetty's 8 KiB, less what the others take. */
const longestHeader = 5_000;

/** The columns of a result, by DESCRIBE OUTPUT; a text that no header holds gives none of its rows instead. */
async function columnsOf(
  ask: (sql: string, headers?: Readonly<Record<string, string>>) => Promise<Whole>,
  text: string,
): Promise<readonly ResultColumn[]> {
  const prepared = `sqlq=${encodeURIComponent(text)}`;
  if (prepared.length > longestHeader) {
    const { columns } = await ask(`SELECT * FROM (\n${text}\n) LIMIT 0`);
    return columns.map(resultColumn);
  }
  const { rows } = await ask('DESCRIBE OUTPUT sqlq', { 'X-Trino-Prepared-Statement': prepared });
  return rows.map(([name, , , , type]) => ({
    name: String(name),
    type: String(type),
    kind: kindOf(/^[a-z0-9_]*/u.exec(String(type))?.[0] ?? ''),
  }));
}

/** `table` where the home finds it, else its whole name. */
function shortName({ catalog, schema, table }: TableName, home: Home): string {
  return catalog === home.catalog && schema === home.schema ? table : `${catalog}.${schema}.${table}`;
}
