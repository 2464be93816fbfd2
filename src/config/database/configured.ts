import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SchemaFilter } from '../../database/database.ts';
import { dialectOf } from '../../database/engines.ts';
import type { Target } from '../../database/target.ts';
import { SqlqError } from '../../errors.ts';
import { isLoopbackHost } from '../../model/address.ts';
import { nearest } from '../../schema/nearest.ts';
import type { Environment } from '../environment.ts';
import { expand, variablesOf, wholeVariable } from '../expand.ts';
import type { Effective } from '../load.ts';
import type { Origin } from '../named.ts';
import type { DatabaseSettings } from '../settings/schema.ts';
import type { SendKind } from '../settings/send.ts';
import { addressesOf, standardInput } from './data-files.ts';
import { isSameDatabase } from './same-database.ts';
import { resolvePlace, resolveTarget } from './target.ts';
import { isAddress, parseDatabaseUrl, schemeOf } from './url.ts';

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
  /** As of `TargetContext`. */
  readonly readInput?: (pipe: string | null) => Promise<string>;
  readonly warn: (text: string) => void;
  readonly detail?: (text: string) => void;
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
  const configured = async (target: Target): Promise<ConfiguredDatabase> => {
    const rules = await rulesFor(target, effective, context);
    const hide = [...values.hide, ...(own?.hide ?? []), ...rules.flatMap((rule) => rule.hide ?? [])];
    const sends = [own, ...rules].flatMap((rule) => (rule?.send === undefined ? [] : [rule.send]));
    const [send = null, ...others] = sends;
    return {
      target,
      filter,
      hide: [...new Set(hide)],
      send: send?.filter((kind) => others.every((other) => other.includes(kind))) ?? null,
    };
  };
  if (entry === undefined && name === 'sample') {
    return configured({ engine: 'sqlite', path: context.sampleFile });
  }
  const origin = entry?.origin ?? effective.origins.database;
  const text = entry?.settings.url ?? name;
  const words = { types: own?.types ?? values.types, reading: own?.reading ?? values.reading };
  if (text === null) {
    return configured(await resolveTarget(null, { ...context, ...words }));
  }
  if (entry === undefined) {
    for (const address of addressesOf(text).filter((one) => !isAddress(one))) {
      await requireFile(address, origin, effective, context);
    }
  }
  const url = expandUrl(text, origin, entry === undefined ? 'database' : `databases.${name}`, context);
  const isFiles = origin !== null && wholeVariable(text) === null;
  const target = await resolveTarget(url, {
    ...context,
    ...words,
    workingDirectory: isFiles ? dirname(origin.path) : context.workingDirectory,
    tls: own?.tls ?? null,
    untrusted: isFiles && !origin.trusted ? origin.path : null,
  });
  return configured(target);
}

/**
 * What the user's own files say of the database that a target is, under whatever name: what a user hides is hidden by where
 * it is, whoever gives it another name.
 */
async function rulesFor(
  target: Target,
  { ownDatabases }: Effective,
  context: DatabaseContext,
): Promise<readonly DatabaseSettings[]> {
  const rules = await Promise.all(
    ownDatabases.map(async ({ settings, origin }) => {
      if (settings.hide === undefined && settings.send === undefined) {
        return [];
      }
      try {
        const url = expandUrl(settings.url, origin, 'databases', context);
        const isFiles = origin !== null && wholeVariable(settings.url) === null;
        const folder = isFiles ? dirname(origin.path) : context.workingDirectory;
        const place = await resolvePlace(url, { ...context, workingDirectory: folder });
        return (await isSameDatabase(place, target)) ? [settings] : [];
      } catch (error) {
        // An address that leads nowhere, such as one with a variable that is not set, is not this one.
        if (error instanceof SqlqError) {
          return [];
        }
        throw error;
      }
    }),
  );
  return rules.flat();
}

/** Says which names there are where a bare word is none of them, and no file either. */
async function requireFile(
  text: string,
  origin: Origin,
  { databases }: Effective,
  context: DatabaseContext,
): Promise<void> {
  if (text === standardInput || /[/\\.~$*?[{]/u.test(text)) {
    return;
  }
  const folder = origin === null ? context.workingDirectory : dirname(origin.path);
  if ((await stat(resolve(folder, text)).catch(() => null)) !== null) {
    return;
  }
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
  if (origin === null || variablesOf(text).length === 0) {
    return text;
  }
  const where = `${origin.path}: ${setting}`;
  const whole = wholeVariable(text);
  if (whole !== null) {
    return expand(text, context.environment, where);
  }
  const userPart = /^[^:]+:\/\/[^/?]*@/u.exec(text)?.[0] ?? '';
  const place = text.slice(userPart.length);
  if (!origin.trusted && !isHarmless(text)) {
    throw new SqlqError('usage', `${where} would send a variable to a place that the file chooses.`, {
      hint: 'Put the whole URL into one variable, or the database into your own settings, or list the folder there under trustedFolders.',
    });
  }
  if (schemeOf(text) === null) {
    const quoted = (value: string): string => `'${value.replace(/['\\]/gu, '\\$&')}'`;
    return expand(text, context.environment, where, isAddress(text) ? quoted : undefined);
  }
  return (
    expand(userPart, context.environment, where, encodeURIComponent) +
    expand(place, context.environment, where)
  );
}

/**
 * Whether variables in a URL can go nowhere that the file chooses: into the path of a file, to a host that is a variable too,
 * or on this machine to the port or the socket where such a server usually is. On another port anybody may listen.
 */
function isHarmless(text: string): boolean {
  // A port that is a variable is the user's choice.
  const url = parseDatabaseUrl(text.replace(/:\$\{\w+\}(?=[/?]|$)/u, ''));
  if ('path' in url) {
    return true;
  }
  const { address } = dialectOf(url.engine);
  const isUsualPort = url.port === null || (address.kind === 'server' && url.port === address.defaultPort);
  if (!isUsualPort || url.others.length > 0) {
    return false;
  }
  if (url.socket !== null) {
    return /^\/(?:var\/)?(?:run|lib)\//u.test(url.socket) && !url.socket.includes('..');
  }
  if (url.host !== null && variablesOf(url.host).length > 0) {
    return wholeVariable(url.host) !== null;
  }
  return url.host === null || isLoopbackHost(url.host);
}
