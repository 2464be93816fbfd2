import { basename } from 'node:path';
import { withoutEnding } from '../../database/file-kind.ts';
import { SqlqError } from '../../errors.ts';
import { nearest } from '../../schema/nearest.ts';
import type { Setup } from './setup.ts';

/** The databases that a caller may name, the usual one first. Throws a SqlqError `usage`. */
export function databaseNames(
  { settings }: Setup,
  { databases = [] }: { readonly databases?: readonly string[] },
): readonly string[] {
  const known = [...settings.databases.keys()];
  const { database } = settings.values;
  const also = databases.includes('all') ? known : databases;
  for (const name of also) {
    if (name !== 'sample' && !settings.databases.has(name)) {
      const near = nearest(name, known);
      throw new SqlqError('usage', `No database of the settings is called "${name}".`, {
        hint: near === null ? `There are: ${['sample', ...known].join(', ')}.` : `Did you mean ${near}?`,
      });
    }
  }
  const [first] = also;
  const usual = database === null ? (first ?? 'database') : nameOf(database, known);
  return [...new Set([usual, ...also])];
}

/** What a database is called towards a caller: never by a URL, which may hold a password. */
function nameOf(database: string, known: readonly string[]): string {
  if (database === 'sample' || known.includes(database)) {
    return database;
  }
  return /^[\w.+-]+:\/\/|=/u.test(database) ? 'database' : withoutEnding(basename(database));
}
