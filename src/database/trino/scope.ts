import type { SchemaFilter } from '../database.ts';
import { tableFilter } from '../pattern.ts';
import { fold, quoteName, writeText } from './names.ts';
import type { Session } from './session.ts';

/** Catalogs of whose tables nobody asks. */
const own: ReadonlySet<string> = new Set(['system', 'jmx']);

/**
 * The catalogs whose tables are read: that of the address alone, unless schemas of others are asked for; all where the
 * address names none, so that one statement can join tables of several.
 */
export function catalogsInScope(
  { home, catalogs }: Pick<Session, 'home' | 'catalogs'>,
  schemas: readonly string[],
): readonly string[] {
  const all = [...catalogs.keys()].filter((name) => !own.has(name) && !name.includes('.')).toSorted();
  if (home.catalog === null) {
    return all;
  }
  const isAskedFor = (name: string): boolean =>
    schemas.some(
      (pattern) => pattern.startsWith('*') || fold(pattern).startsWith(`${name}.`) || pattern.includes('*.'),
    );
  return all.filter((name) => name === home.catalog || isAskedFor(name));
}

/** A condition of our own queries on the schemas of a catalog. */
export function schemaCondition(
  { home }: Pick<Session, 'home'>,
  catalog: string,
  schemas: readonly string[],
): string {
  const isHome = catalog === home.catalog && home.schema !== null && schemas.length === 0;
  return isHome ? `table_schema = ${writeText(home.schema ?? '')}` : `table_schema <> 'information_schema'`;
}

/** Where the tables of a catalog are listed. */
export const informationSchema = (catalog: string): string => `${quoteName(catalog)}.information_schema`;

/** Whether a filter wants a table; schemas of the address's catalog may be named without it. */
export function wantedTable(
  { home }: Pick<Session, 'home'>,
  { schemas, include, exclude }: SchemaFilter,
): (catalog: string, schema: string, table: string) => boolean {
  const included = tableFilter({ schemas, include, exclude: [] }, fold);
  const excluded =
    exclude.length === 0 ? null : tableFilter({ schemas: [], include: exclude, exclude: [] }, fold);
  return (catalog, schema, table) => {
    const names = catalog === home.catalog ? [`${catalog}.${schema}`, schema] : [`${catalog}.${schema}`];
    return (
      names.some((name) => included(name, table)) && !names.some((name) => excluded?.(name, table) === true)
    );
  };
}
