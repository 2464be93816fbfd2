import { messageOf } from '../../../errors.ts';
import { uniqueName } from './names.ts';
import { literal, name, type Sql } from './sql.ts';

/** Another DuckDB file that is attached under a name of ours. */
export interface Attached {
  readonly catalog: string;
  /** As people call it. */
  readonly label: string;
  /** Where its tables are to be shown. */
  readonly schema: string;
}

/** Attaches another DuckDB file; `taken` are the names of those that are. Nothing of what it holds is bound by that. */
export async function attach(
  sql: Sql,
  { path, label }: { readonly path: string; readonly label: string },
  schema: string,
  taken: readonly Attached[],
): Promise<Attached> {
  const reserved = ['memory', 'system', 'temp', ...taken.map(({ catalog }) => catalog)];
  const catalog = uniqueName(`${schema}_file`, new Set(reserved));
  await sql.rows(`ATTACH ${literal(path)} AS ${name(catalog)} (READ_ONLY)`);
  return { catalog, label, schema };
}

/**
 * Shows what an attached file holds as views of a schema, whose names are `taken`. Only on a connection that can read no file
 * any more: a view of somebody else's is bound anew here, and may name any. Gives back what had to be left out, in a sentence.
 */
export async function showAttached(
  sql: Sql,
  { catalog, label, schema }: Attached,
  taken: Set<string>,
): Promise<readonly string[]> {
  const found = await sql.rows(
    `SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ${literal(catalog)} UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = ${literal(catalog)} AND NOT internal ORDER BY ALL`,
  );
  const leftOut: string[] = [];
  for (const [from, table] of found) {
    const place = [catalog, String(from), String(table)].map(name).join('.');
    const own = uniqueName(String(table), taken);
    try {
      await sql.rows(`CREATE VIEW ${name(schema)}.${name(own)} AS FROM ${place}`);
    } catch (error) {
      taken.delete(own.toLowerCase());
      const isBarred = /disabled by configuration/u.test(messageOf(error));
      leftOut.push(
        `${String(table)} (${isBarred ? 'a view that reads other files' : 'a view that is broken'})`,
      );
    }
  }
  return leftOut.length === 0 ? [] : [`${label}: not read: ${leftOut.join(', ')}.`];
}
