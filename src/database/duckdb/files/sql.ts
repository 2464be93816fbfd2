import type { Row, Value } from '../../database.ts';

/** Statements of our own, run while the files are read; none holds a word of a model. */
export interface Sql {
  /** Runs one and gives back all of its rows. */
  rows(sql: string): Promise<readonly Row[]>;
}

/** The first value of the first row. */
export async function valueOfQuery(sql: Sql, query: string): Promise<Value> {
  return (await sql.rows(query))[0]?.[0] ?? null;
}

/** A name as an identifier. */
export function name(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** A text as a literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as DuckDB's pattern that fits it alone: in what its readers are given, `[a]` would stand for `a`. */
export function patternOf(path: string): string {
  return path.replaceAll(/[[*?]/gu, '[$&]');
}

/** Whether no pattern fits a path alone: in one, DuckDB takes a backslash for the end of a folder's name. */
export function isAmbiguous(path: string): boolean {
  return path.includes('\\') && patternOf(path) !== path;
}

/** Files as a list for one of DuckDB's readers. */
export function fileList(paths: readonly string[]): string {
  return `[${paths.map(patternOf).map(literal).join(', ')}]`;
}
