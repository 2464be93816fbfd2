import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { Reader } from './reader.ts';
import { writeSql } from './sql.ts';
import { tokensOf, Unread } from './token-reader.ts';
import type { SelectQuery } from './tree.ts';

/**
 * Reads back a SELECT of the shapes that `writeSql` writes; white space, case of keywords and a semicolon at the end do
 * not matter. Null for every other statement: what is read says all that the text says, or nothing.
 */
export function readSql(schemaIndex: SchemaIndex, sql: string): SelectQuery | null {
  try {
    const reader = new Reader(schemaIndex, tokensOf(sql));
    const query = reader.statement();
    const forms = [writeSql(schemaIndex, query), writeSql(schemaIndex, query, true)];
    return forms.some((form) => same(form, sql)) ? query : null;
  } catch (error) {
    if (error instanceof Unread) {
      return null;
    }
    throw error;
  }
}

/** Two texts that differ in white space and the case of words alone; quoted texts must be the same. */
function same(a: string, b: string): boolean {
  const plain = (sql: string): string =>
    tokensOf(sql)
      .map((token) => (/^['"`]/u.test(token) ? token : token.toLowerCase()))
      .join(' ');
  return plain(a) === plain(b);
}
