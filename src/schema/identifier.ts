import type { Schema } from './schema.ts';

/** How an engine writes names. */
export interface Naming {
  readonly identifierQuote: '"' | '`';
  /** Names that mean the same without quotes, unless they are reserved words. */
  readonly bareName: RegExp;
  /** Schemas lie in catalogs: the name of one is `catalog.schema`, whose first dot parts the two. */
  readonly hasCatalogs?: boolean;
}

/**
 * Words that at least one of the engines reserves, so that a name like them needs quotes. Quoting a word that this
 * engine does not reserve does no harm. Sources: SQLite's keyword list without those that fall back to names, appendix C of PostgreSQL's manual (reserved
 * and "cannot be function or type"), and the lists of reserved words of MySQL 8.4 and MariaDB 11.
 */
const reserved = new Set(
  `accessible add all alter always analyse analyze and any array as asc asensitive asymmetric authorization
  autoincrement begin between bigint binary blob body both by call case cast change char character check
  collate collation column commit concurrently condition constraint continue convert create cross cube
  cume_dist current current_catalog current_date current_role current_schema current_time current_timestamp
  current_user cursor database databases day_hour day_minute day_second dec decimal declare default deferrable
  delayed delete dense_rank desc describe deterministic distinct distinctrow div do double drop dual each else
  elseif elsif enclosed end escape escaped except exclude exists exit explain false fetch first_value float for
  force foreign freeze from full fulltext function general generated get goto grant group grouping groups
  having high_priority if ignore ilike in index indexed infile inner inout insensitive insert int integer
  intersect interval into is isnull iterate join json_table key keys kill lag last_value lateral lead leading
  leave left like limit linear lines load localtime localtimestamp lock long longblob longtext loop
  low_priority match maxvalue mediumblob mediumint minus mod modifies natural not nothing notnull nth_value
  ntile null nulls numeric of offset on only optimize optimizer option optionally or order out outer outfile
  over overlaps partition percent_rank placing portion precision primary procedure purge raise range rank read
  reads real recursive references regexp release rename repeat replace require resignal restrict return
  returning revoke right rlike row row_number rows schema schemas select sensitive separator session_user set
  show signal similar smallint some spatial specific sql sqlexception sqlstate sqlwarning ssl starting stored
  straight_join symmetric system table tablesample terminated then tinyint to trailing transaction trigger true
  unbounded undo union unique unlock unsigned until update usage use user using values varchar variadic varying
  verbose when where while window with within write xor year_month zerofill`.split(/\s+/),
);

/** Quotes one identifier for an engine, whatever characters it has. */
export function quoteIdentifier({ identifierQuote: quote }: Naming, name: string): string {
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
}

/** An identifier as SQL needs it: bare where that means the same name, else quoted. */
export function writeIdentifier(naming: Naming, name: string): string {
  const isBare = naming.bareName.test(name) && !reserved.has(name.toLowerCase());
  return isBare ? name : quoteIdentifier(naming, name);
}

/**
 * A table as SQL needs it: its schema stands before it only where the search path would not find it. `write` writes its own
 * name.
 */
export function writeTable(
  naming: Naming,
  schema: Pick<Schema, 'searchPath' | 'shadowed'>,
  table: { readonly schema: string; readonly name: string },
  write = writeIdentifier,
): string {
  const name = write(naming, table.name);
  const found =
    schema.searchPath.includes(table.schema) &&
    schema.shadowed?.some((other) => other.schema === table.schema && other.name === table.name) !== true;
  return found ? name : `${writeSchema(naming, table.schema)}.${name}`;
}

/** A table by its whole name, each part between quotes. */
export function quoteTable(
  naming: Naming,
  { schema, name }: { readonly schema: string; readonly name: string },
): string {
  return [...schemaParts(naming, schema), name].map((part) => quoteIdentifier(naming, part)).join('.');
}

/** A schema as SQL needs it, with its catalog where the engine has them. */
export function writeSchema(naming: Naming, schema: string): string {
  return schemaParts(naming, schema)
    .map((part) => writeIdentifier(naming, part))
    .join('.');
}

/** The name of a schema, after that of its catalog where the engine has them. */
function schemaParts({ hasCatalogs }: Naming, schema: string): readonly string[] {
  const dot = hasCatalogs === true ? schema.indexOf('.') : -1;
  return dot < 0 ? [schema] : [schema.slice(0, dot), schema.slice(dot + 1)];
}
