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

/** Texts as a list. */
export function list(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`;
}
