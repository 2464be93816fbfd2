import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SchemaFilter } from '../database/database.ts';
import type { Target } from '../database/target.ts';
import { SqlqError } from '../errors.ts';
import { isLoopbackHost } from '../model/address.ts';
import { parseDatabaseUrl, schemeOf } from './database-url.ts';
import type { Environment } from './environment.ts';
import { expand, variablesOf, wholeVariable } from './expand.ts';
import type { Effective } from './load.ts';
import type { Origin } from './named.ts';
import { nearest } from './nearest.ts';
import type { SendKind } from './settings/send.ts';
import { resolveTarget } from './target.ts';

/** The database of a run, and what its settings say of it. */
export interface ConfiguredDatabase {
  readonly target: Target;
  readonly filter: SchemaFilter;
  readonly hide: readonly string[];
  /** What its own settings let a model be sent; null where they do not say. */
  readonly send: readonly SendKind[] | null;
}

export interface DatabaseContext {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly homeFolder: string;
  /** The sample database that comes with the program, which `sample` names. */
  readonly sampleFile: string;
  readonly warn: (text: string) => void;
}

/**
 * Resolves the database that flags, variables and settings name. Throws a SqlqError `usage` where there is none, and
 * where a file that was merely found in a folder would send a secret to a place of its choice.
 */
export async function configuredDatabase(
  effective: Effective,
  context: DatabaseContext,
): Promise<ConfiguredDatabase> {
  const { values, databases } = effective;
  const name = values.database;
  const entry = name === null ? undefined : databases.get(name);
  const own = entry?.settings;
  const filter: SchemaFilter = {
    schemas: own?.schemas ?? values.schemas,
    include: own?.include ?? values.include,
    exclude: own?.exclude ?? values.exclude,
  };
  const rest = {
    filter,
    hide: [...new Set([...values.hide, ...(own?.hide ?? [])])],
    send: own?.send ?? null,
  };
  if (entry === undefined && name === 'sample') {
    return { target: { engine: 'sqlite', path: context.sampleFile }, ...rest };
  }
  const origin = entry?.origin ?? effective.origins.database;
  const text = entry?.settings.url ?? name;
  if (text === null) return { target: await resolveTarget(null, context), ...rest };
  if (entry === undefined && schemeOf(text) === null) await requireFile(text, origin, effective, context);
  const url = expandUrl(text, origin, entry === undefined ? 'database' : `databases.${name}`, context);
  const isFiles = origin !== null && wholeVariable(text) === null;
  const target = await resolveTarget(url, {
    ...context,
    workingDirectory: isFiles ? dirname(origin.path) : context.workingDirectory,
    tls: own?.tls ?? null,
    stranger: isFiles && !origin.trusted ? origin.path : null,
  });
  return { target, ...rest };
}

/** Says which names there are where a bare word is none of them, and no file either. */
async function requireFile(
  text: string,
  origin: Origin,
  { databases }: Effective,
  context: DatabaseContext,
): Promise<void> {
  if (/[/\\.~$]/u.test(text)) return;
  const folder = origin === null ? context.workingDirectory : dirname(origin.path);
  if ((await stat(resolve(folder, text)).catch(() => null)) !== null) return;
  const names = [...databases.keys(), 'sample'];
  const near = nearest(text, names);
  throw new SqlqError('usage', `No database is called "${text}", and no file either.`, {
    hint:
      near === null
        ? `There are: ${names.join(', ')}. A URL or a path will do too.`
        : `Did you mean ${near}?`,
  });
}

/**
 * A URL of a settings file with its variables filled in: percent-encoded in the user part, so that any password may
 * stand in one. A file that was merely found may use them where the place is a variable too, or is this machine:
 * otherwise it would choose where a secret goes that it does not hold.
 */
function expandUrl(text: string, origin: Origin, setting: string, context: DatabaseContext): string {
  if (origin === null || variablesOf(text).length === 0) return text;
  const where = `${origin.path}: ${setting}`;
  const whole = wholeVariable(text);
  if (whole !== null) return expand(text, context.environment, where);
  const userPart = /^[^:]+:\/\/[^/?]*@/u.exec(text)?.[0] ?? '';
  const place = text.slice(userPart.length);
  if (!origin.trusted && !isHarmless(text)) {
    throw new SqlqError('usage', `${where} would send a variable to a place that the file chooses.`, {
      hint: 'Put the whole URL into one variable, or the database into your own settings, or list the folder there under trustedFolders.',
    });
  }
  return (
    expand(userPart, context.environment, where, encodeURIComponent) +
    expand(place, context.environment, where)
  );
}

/** Whether variables in a URL can go nowhere: to this machine, or into the path of a file. */
function isHarmless(text: string): boolean {
  // A port is a number, and says nothing of the place.
  const url = parseDatabaseUrl(text.replace(/:\$\{\w+\}(?=[/?]|$)/u, ''));
  if ('path' in url) return true;
  if (url.host !== null && variablesOf(url.host).length > 0) return wholeVariable(url.host) !== null;
  return url.socket !== null || url.host === null || isLoopbackHost(url.host);
}
