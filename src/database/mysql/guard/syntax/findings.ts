import type { Misreadings } from './misreadings.ts';

/** A table or view that a statement names. */
export interface TableReference {
  /** The database before the dot; null where there is none. */
  readonly database: string | null;
  readonly name: string;
  readonly alias: string | null;
  /** A WITH defines the name, in sight of the place where it stands. */
  readonly isCommon: boolean;
  /** The SELECT, or the write, that it belongs to. */
  readonly scope: number;
}

/** A call of a function by name. */
export interface FunctionCall {
  readonly database: string | null;
  readonly name: string;
  /** In backticks, or apart from its bracket: then a stored function may come before the server's own. */
  readonly loose: boolean;
  readonly hasArguments: boolean;
}

/** A `*` or `t.*` in a list of columns. */
export interface Star {
  readonly qualifier: string | null;
  readonly scope: number;
}

/** What a statement is and names, as far as its text alone can tell. */
export interface Analysis {
  readonly kind: 'read' | 'write' | 'ddl';
  /** `query`: SELECT, VALUES, TABLE, a write or DDL. The others have no plan of their own. */
  readonly form: 'query' | 'explain' | 'describe' | 'show';
  /** Its first word, such as `SELECT`, or the word of the write after WITH. */
  readonly verb: string;
  /** The words that it begins with, in upper case; '' for what is none. */
  readonly words: readonly string[];
  readonly tables: readonly TableReference[];
  /** Tables that it changes or defines; they are among `tables` too. */
  readonly targets: readonly TableReference[];
  /** Databases that it names without a table. */
  readonly databases: readonly string[];
  readonly calls: readonly FunctionCall[];
  readonly stars: readonly Star[];
  /** Every word and name that stands in it, folded. */
  readonly names: ReadonlySet<string>;
  readonly hasNaturalJoin: boolean;
  /** The n of its last LIMIT, which the plan does not know; null where it has none. */
  readonly limit: number | null;
  readonly misreadings: Misreadings;
  /** System variables that it reads, without `@@` and scope. */
  readonly variables: readonly string[];
  /** What a SHOW lists, as `VARIABLES` or `TABLE STATUS`; '' for all else. */
  readonly shows: string;
  /** Columns, keys and partitions that an ALTER drops. */
  readonly drops: readonly string[];
}

/** The table is one of the statement's own. A write could still mean the table behind the name. */
export function isDefinedByWith(table: TableReference, analysis: Analysis): boolean {
  return table.isCommon && analysis.kind === 'read';
}
