/** A table that is named: its parts as written, folded to lower case. */
export interface NamedTable {
  readonly parts: readonly string[];
  /** A list of other names for its columns stands behind it. */
  readonly renames: boolean;
}

/** What a statement that reads names and calls, wherever it stands. */
export interface Findings {
  /** Tables and views, names of WITH left out. */
  readonly tables: NamedTable[];
  /** Names of functions, folded. */
  readonly functions: Set<string>;
  /** Names that may be of a column: all but aliases and names of tables. */
  readonly columns: Set<string>;
  /** All columns of something are asked for: `*`, `t.*`, TABLE t, NATURAL JOIN. */
  takesAll: boolean;
}

/** What a statement is. */
export interface Reading {
  readonly form: 'query' | 'explain' | 'show';
  readonly findings: Findings;
}

export function noFindings(): Findings {
  return { tables: [], functions: new Set(), columns: new Set(), takesAll: false };
}
