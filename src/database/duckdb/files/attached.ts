import { messageOf } from '../../../errors.ts';
import type { HidePatterns } from '../../pattern.ts';
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

/** A table or view of an attached file. */
export interface AttachedRelation {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
}

/** The name under which people know a table or view of an attached file. */
export interface ShownAs {
  readonly schema: string;
  readonly name: string;
}

/** What tables and views of attached files are shown as, by themselves. */
export interface ShownRelations {
  of(relation: AttachedRelation): ShownAs | null;
  set(relation: AttachedRelation, shown: ShownAs): void;
}

/** A place for what attached relations are shown as. */
export function shownRelations(): ShownRelations {
  const all = new Map<string, ShownAs>();
  const keyOf = ({ catalog, schema, name: own }: AttachedRelation): string =>
    JSON.stringify([catalog, schema, own]);
  return {
    of: (relation) => all.get(keyOf(relation)) ?? null,
    set(relation, shown) {
      all.set(keyOf(relation), shown);
    },
  };
}

/** How attached relations are shown. */
export interface Showing {
  /** Names that the schema has already. */
  readonly taken: Set<string>;
  readonly hidden: HidePatterns;
  /** Where is kept what they are shown as. */
  readonly shown: ShownRelations;
}

/**
 * Shows what an attached file holds as views of a schema, whose names are `taken`, without the hidden columns. Only on a connection that can read no file
 * any more: a view of somebody else's is bound anew here, and may name any. Gives back what had to be left out, in a sentence.
 */
export async function showAttached(
  sql: Sql,
  { catalog, label, schema }: Attached,
  { taken, hidden, shown }: Showing,
): Promise<readonly string[]> {
  const found = await sql.rows(
    `SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ${literal(catalog)} UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = ${literal(catalog)} AND NOT internal ORDER BY ALL`,
  );
  const leftOut: string[] = [];
  for (const [from, table] of found) {
    const place = [catalog, String(from), String(table)].map(name).join('.');
    const own = uniqueName(String(table), taken);
    const relation = { catalog, schema: String(from), name: String(table) };
    try {
      const selected = await visibleColumns(sql, { place, relation, shown: { schema, name: own } }, hidden);
      await sql.rows(`CREATE VIEW ${name(schema)}.${name(own)} AS ${selected} FROM ${place}`);
      shown.set(relation, { schema, name: own });
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

/** What a view selects of a relation: all of it, or the columns that are not hidden under any of its names. */
async function visibleColumns(
  sql: Sql,
  { place, relation, shown }: { place: string; relation: AttachedRelation; shown: ShownAs },
  { isActive, hides }: HidePatterns,
): Promise<string> {
  if (!isActive) {
    return '';
  }
  const names = [shown, relation, { schema: relation.catalog, name: relation.name }];
  const columns = (await sql.rows(`SELECT column_name FROM (DESCRIBE FROM ${place})`)).map(String);
  const visible = columns.filter((column) => !names.some((each) => hides(each.schema, each.name, column)));
  return visible.length === columns.length || visible.length === 0
    ? ''
    : `SELECT ${visible.map(name).join(', ')}`;
}
