import type { Schema } from '../schema/schema.ts';

/**
 * A database's error text without data: what stands in quotes stays only where the SQL itself has it or where it is
 * the name of something in the schema, and numbers stay only where the SQL has them. So an error that quotes a row
 * does not carry that row to a model.
 */
export function withoutData(text: string, sql: string, schema: Schema): string {
  const names = new Set<string>();
  for (const table of schema.tables) {
    names.add(table.schema).add(table.name).add(`${table.schema}.${table.name}`);
    for (const column of table.columns) names.add(column.name).add(`${table.name}.${column.name}`);
  }
  const known = (word: string): boolean => word === '' || sql.includes(word) || names.has(word);
  return (
    text
      // An apostrophe within a word, as in "can't", opens no quote.
      .replace(/"([^"]*)"|(?<![\p{L}\p{N}])'([^']*)'|`([^`]*)`/gu, (quoted, double, single, back) =>
        known(double ?? single ?? back ?? '') ? quoted : '…',
      )
      .replace(/(?<![\p{L}\p{N}_$.])\d+(?:\.\d+)?/gu, (number) =>
        sql.includes(number) || number.length < 3 ? number : '…',
      )
  );
}

/**
 * SQL that an engine wrote which looks values up in the database, without those that the user has not typed: the text
 * of a literal is as the user spells it in `words`, `…` where it is no part of them; dates and numbers stay.
 */
export function withoutStoredValues(sql: string, words: string): string {
  return sql.replace(/'((?:[^']|'')*)'/gu, (literal, text: string) => {
    const value = text.replaceAll("''", "'").replace(/^%|%$/gu, '');
    if (/^[\d\s:.%-]*$/u.test(value)) {
      return literal;
    }
    const at = words.toLowerCase().indexOf(value.toLowerCase());
    const typed = at === -1 ? '…' : words.slice(at, at + value.length);
    return `'${text.startsWith('%') ? '%' : ''}${typed.replaceAll("'", "''")}${text.endsWith('%') ? '%' : ''}'`;
  });
}
