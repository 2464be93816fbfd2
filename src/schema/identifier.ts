import type { Engine, Schema } from './schema.ts';

/**
 * Words that at least one of the engines reserves, so that a name like them needs quotes. Quoting a word that this
 * engine does not reserve does no harm. Sources: SQLite's keyword list, appendix C of PostgreSQL's manual (reserved
 * and "cannot be function or type"), and the lists of reserved words of MySQL 8.4 and MariaDB 11.
 */
const reserved = new Set(
  `abort accessible action add after all alter always analyse analyze and any array as asc asensitive asymmetric
  attach authorization autoincrement before begin between bigint binary blob body both by call cascade case cast
  change char character check collate collation column commit concurrently condition conflict constraint continue
  convert create cross cube cume_dist current current_catalog current_date current_role current_schema current_time
  current_timestamp current_user cursor database databases day_hour day_minute day_second dec decimal declare default
  deferrable deferred delayed delete dense_rank desc describe detach deterministic distinct distinctrow div do double
  drop dual each else elseif elsif empty enclosed end escape escaped except exclude exclusive exists exit explain fail
  false fetch filter first_value float following for force foreign freeze from full fulltext function general generated
  get glob goto grant group grouping groups having high_priority if ignore ilike immediate in index indexed infile
  initially inner inout insensitive insert instead int integer intersect interval into is isnull iterate join
  json_table key keys kill lag last_value lateral lead leading leave left like limit linear lines load localtime
  localtimestamp lock long longblob longtext loop low_priority match materialized maxvalue mediumblob mediumint minus
  mod modifies natural no not nothing notnull nth_value ntile null nulls numeric of offset on only optimize optimizer
  option optionally or order out outer outfile over overlaps partition percent_rank placing plan portion pragma
  preceding precision primary procedure purge query raise range rank read reads real recursive references regexp
  reindex release rename repeat replace require resignal restrict return returning revoke right rlike rollback row
  row_number rows savepoint schema schemas select sensitive separator session_user set show signal similar smallint some
  spatial specific sql sqlexception sqlstate sqlwarning ssl starting stored straight_join symmetric system table
  tablesample temp temporary terminated then ties tinyint to trailing transaction trigger true unbounded undo union
  unique unlock unsigned until update usage use user using vacuum values varchar variadic varying verbose view virtual
  when where while window with within without write xor year_month zerofill`.split(/\s+/),
);

/** Quotes one identifier for an engine, whatever characters it has. */
export function quoteIdentifier(engine: Engine, name: string): string {
  return engine === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`;
}

/** An identifier as SQL needs it: bare where that means the same name, else quoted. */
export function writeIdentifier(engine: Engine, name: string): string {
  const bare = engine === 'postgres' ? /^[a-z_][a-z0-9_]*$/ : /^[A-Za-z_][A-Za-z0-9_]*$/;
  return bare.test(name) && !reserved.has(name.toLowerCase()) ? name : quoteIdentifier(engine, name);
}

/** A table as SQL needs it: its schema stands before it only where the search path would not find it. */
export function writeTable(
  schema: Pick<Schema, 'dialect' | 'searchPath'>,
  table: { readonly schema: string; readonly name: string },
): string {
  const { engine } = schema.dialect;
  const name = writeIdentifier(engine, table.name);
  return schema.searchPath.includes(table.schema) ? name : `${writeIdentifier(engine, table.schema)}.${name}`;
}
