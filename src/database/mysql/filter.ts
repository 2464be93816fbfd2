import type { SchemaFilter } from '../database.ts';
import { wildcard } from './pattern.ts';

/** A test of a table against `include` and `exclude`: patterns with `*` on `table` or `schema.table`. */
export function matchesFilter(filter: SchemaFilter): (schema: string, table: string) => boolean {
  const include = filter.include.map(wildcard);
  const exclude = filter.exclude.map(wildcard);
  const fits = (tests: typeof include, schema: string, table: string): boolean =>
    tests.some((test) => test(table) || test(`${schema}.${table}`));
  return (schema, table) =>
    (include.length === 0 || fits(include, schema, table)) && !fits(exclude, schema, table);
}
