import { highlight } from 'sql-highlight';
import { dialectOf } from '../../database/engines.ts';

/**
 * SQL laid out for reading. Only white space may differ from what runs: where the formatter would change more, or
 * can't read the statement, the text comes back as it is.
 */
export async function formatSql(sql: string, engine: string): Promise<string> {
  const { format } = await import('sql-formatter');
  const bare = (text: string): string => text.replace(/\s+/gu, '');
  try {
    const text = format(sql, {
      language: dialectOf(engine).formatterLanguage,
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
