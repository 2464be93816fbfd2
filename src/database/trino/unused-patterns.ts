import { type HidePatterns, hidePatterns } from '../pattern.ts';
import { isHidden } from './guard/hidden.ts';
import { fold } from './names.ts';
import { catalogsInScope, informationSchema, schemaCondition } from './scope.ts';
import type { Session } from './session.ts';

/** The patterns that fit no column in scope. */
export async function unusedPatterns(
  session: Session,
  schemas: readonly string[],
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (patterns.length === 0) {
    return [];
  }
  const tests = patterns.map((pattern): readonly [string, HidePatterns] => [
    pattern,
    hidePatterns([pattern], fold),
  ]);
  const unused = new Map(tests);
  for (const catalog of catalogsInScope(session, schemas)) {
    const rows = await session.rows(
      `SELECT table_schema, table_name, column_name FROM ${informationSchema(catalog)}.columns WHERE ${schemaCondition(session, catalog, schemas)}`,
      signal,
      'fresh',
    );
    for (const row of rows) {
      const [schema = '', table = '', column = ''] = row.map(String);
      for (const [pattern, hide] of unused) {
        if (isHidden(hide, { catalog, schema, table }, column)) {
          unused.delete(pattern);
        }
      }
    }
  }
  return [...unused.keys()];
}
