import { highlight } from 'sql-highlight';
import type { SqlDialect } from '../../database/dialect.ts';
import { dialectOf } from '../../database/engines.ts';
import { createRecent } from '../../schema/recent.ts';

/** Statements as they were laid out, by the formatter's language. */
const recent = createRecent<string>(200_000);

/**
 * SQL laid out for reading. Only white space may differ from what runs: where the formatter would change more, or
 * can't read the statement, the text comes back as it is.
 */
export async function formatSql(sql: string, engine: string): Promise<string> {
  const language = dialectOf(engine).formatterLanguage;
  const key = `${language} ${sql}`;
  const known = recent.get(key);
  if (known !== undefined) {
    return known;
  }
  const text = await laidOut(sql, language);
  recent.set(key, text);
  return text;
}

async function laidOut(sql: string, language: SqlDialect['formatterLanguage']): Promise<string> {
  const { format } = await import('sql-formatter');
  const bare = (text: string): string => text.replace(/\s+/gu, '');
  try {
    const text = format(sql, {
      language,
      keywordCase: 'preserve',
      tabWidth: 2,
      expressionWidth: 90,
    });
    return bare(text) === bare(sql) ? text : sql.trim();
  } catch {
    // The formatter knows fewer statements than the database does.
    return sql.trim();
  }
}

/** SQL with the colours of a terminal. */
export function highlightSql(sql: string): string {
  return highlight(sql);
}
