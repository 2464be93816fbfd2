import type { SchemaFilter } from '../database.ts';

/** SQLite has one schema to read; sqlq opens no others. */
export const mainSchema = 'main';

/** Whether a dotted pattern with `*` fits names from the last one backwards, whatever the case. */
function fits(pattern: string, names: readonly string[]): boolean {
  return glob(pattern).test(names.join('.')) || glob(pattern).test(names.slice(1).join('.'));
}

function glob(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'isu');
}

/** Whether a filter lets a table in. */
export function passes({ schemas, include, exclude }: SchemaFilter, table: string): boolean {
  const names = [mainSchema, table];
  if (schemas.length > 0 && !schemas.some((pattern) => glob(pattern).test(mainSchema))) return false;
  if (exclude.some((pattern) => fits(pattern, names))) return false;
  return include.length === 0 || include.some((pattern) => fits(pattern, names));
}

/** Whether a column is one that nobody may read. */
export function isHidden(hide: readonly string[], table: string, column: string): boolean {
  return hide.some((pattern) => fits(pattern, [mainSchema, table, column]));
}
