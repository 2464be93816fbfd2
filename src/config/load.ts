import { resolve, sep } from 'node:path';
import { SqlqError } from '../errors.ts';
import { formats } from '../render/format.ts';
import { parseDuration, parseSize } from './duration.ts';
import type { Environment } from './environment.ts';
import { variable } from './environment.ts';
import { findSettings, projectFolders, type SettingsFile } from './file.ts';
import { type Folders, foldersOf } from './folders.ts';
import { parseSend, type SendKind } from './send.ts';
import type { DatabaseSettings, ProfileSettings, Settings } from './settings.ts';

/** A setting that has one value, whoever gave it. */
export interface Values {
  readonly profile: string | null;
  readonly baseUrl: string | null;
  readonly model: string | null;
  readonly database: string | null;
  readonly format: Settings['format'] | null;
  readonly limit: number | null;
  readonly timeout: number;
  readonly memoryLimit: number;
  readonly repairs: number;
  readonly send: readonly SendKind[];
  readonly hide: readonly string[];
  readonly schemas: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxRowsScanned: number | null;
  readonly maxCost: number | null;
  readonly maxTokens: number | null;
  readonly temperature: number | null;
  readonly csvSafe: boolean;
  readonly color: boolean | null;
}

/** What the command line says, before anything is read: only what was given. */
export type FlagValues = { readonly [Key in keyof Values]?: NonNullable<Values[Key]> | undefined };

/** Who said something: the user's own file is trusted, one that was found in a folder is not. */
export type Origin = { readonly path: string; readonly trusted: boolean } | null;

/** The settings in effect. */
export interface Effective {
  readonly values: Values;
  /** Where each value came from: `--flag`, a variable's name, a file's path, or `built in`. */
  readonly sources: Readonly<Record<keyof Values, string>>;
  readonly profiles: ReadonlyMap<string, { readonly settings: ProfileSettings; readonly origin: Origin }>;
  readonly databases: ReadonlyMap<string, { readonly settings: DatabaseSettings; readonly origin: Origin }>;
  /** The file that chose `values.profile` or `values.database`, where one did. */
  readonly origins: { readonly profile: Origin; readonly database: Origin };
  readonly folders: Folders;
  readonly warnings: readonly string[];
}

export interface LoadContext {
  readonly flags: FlagValues;
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly homeFolder: string;
}

const builtIn: Values = {
  profile: null,
  baseUrl: null,
  model: null,
  database: null,
  format: null,
  limit: null,
  timeout: 30_000,
  memoryLimit: 1024 ** 3,
  repairs: 2,
  send: ['comments'],
  hide: [],
  schemas: [],
  include: [],
  exclude: [],
  maxRowsScanned: null,
  maxCost: null,
  maxTokens: null,
  temperature: null,
  csvSafe: false,
  color: null,
};

/**
 * The settings in effect, first to last: flags, variables, the project's file, the user's file, what is built in. A
 * project's file is whatever lies in the folder, perhaps from a stranger: it can hide more columns and send less than
 * the user says, never the other way round, and `profiles.ts` and `database.ts` say what it can't do with secrets.
 */
export async function loadSettings(context: LoadContext): Promise<Effective> {
  const folders = foldersOf(context.environment, context.homeFolder);
  const [project, user] = await Promise.all([
    projectFolders(context.workingDirectory, context.homeFolder).then(findSettings),
    findSettings([folders.config]),
  ]);
  const projectIsTrusted = project !== null && isTrusted(project, user, context.homeFolder);
  const warnings: string[] = [];
  if (project?.settings.trustedFolders !== undefined && !projectIsTrusted) {
    warnings.push(`${project.path}: trustedFolders counts in the user's own file alone, and is ignored.`);
  }
  const origins = {
    project: project === null ? null : { path: project.path, trusted: projectIsTrusted },
    user: user === null ? null : { path: user.path, trusted: true },
  };
  const layers: readonly Layer[] = [
    {
      values: context.flags,
      source: (key) => `--${key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`,
    },
    {
      values: readVariables(context.environment),
      source: (key) => `SQLQ_${key.replace(/[A-Z]/gu, '_$&').toUpperCase()}`,
    },
    ...[project, user].flatMap((file) =>
      file === null ? [] : [{ values: fileValues(file.settings), source: () => file.path }],
    ),
    { values: given(builtIn), source: () => 'built in' },
  ];
  const sources = {} as Record<keyof Values, string>;
  const choose = <Key extends keyof Values>(key: Key): Values[Key] => {
    for (const { values, source } of layers) {
      const value: Values[Key] | undefined = values[key];
      if (value === undefined) continue;
      sources[key] = source(key);
      return value;
    }
    sources[key] = 'built in';
    return builtIn[key];
  };
  const send = choose('send');
  const values: Values = {
    profile: choose('profile'),
    baseUrl: choose('baseUrl'),
    model: choose('model'),
    database: choose('database'),
    format: choose('format'),
    limit: choose('limit'),
    timeout: choose('timeout'),
    memoryLimit: choose('memoryLimit'),
    repairs: choose('repairs'),
    send,
    // Whoever hides a column hides it from everybody else's settings too.
    hide: [
      ...new Set([...choose('hide'), ...(project?.settings.hide ?? []), ...(user?.settings.hide ?? [])]),
    ],
    schemas: choose('schemas'),
    include: choose('include'),
    exclude: choose('exclude'),
    maxRowsScanned: choose('maxRowsScanned'),
    maxCost: choose('maxCost'),
    maxTokens: choose('maxTokens'),
    temperature: choose('temperature'),
    csvSafe: choose('csvSafe'),
    color: choose('color'),
  };
  const allowed = user?.settings.send ?? builtIn.send;
  const tooMuch = send.filter((kind) => !allowed.includes(kind));
  const isNarrowed =
    project !== null && !projectIsTrusted && sources.send === project.path && tooMuch.length > 0;
  if (isNarrowed)
    warnings.push(
      `${project.path} asks to send ${tooMuch.join(' and ')}; only your own settings or --send can say so.`,
    );
  const originOf = (source: string): Origin =>
    source === project?.path ? origins.project : source === user?.path ? origins.user : null;
  return {
    values: isNarrowed ? { ...values, send: send.filter((kind) => allowed.includes(kind)) } : values,
    sources,
    profiles: named(
      { origin: origins.user, entries: user?.settings.profiles ?? {} },
      { origin: origins.project, entries: project?.settings.profiles ?? {} },
      allowed,
    ),
    databases: named(
      { origin: origins.user, entries: databasesOf(user) },
      { origin: origins.project, entries: databasesOf(project) },
      allowed,
    ),
    origins: { profile: originOf(sources.profile), database: originOf(sources.database) },
    folders,
    warnings,
  };
}

interface Layer {
  readonly values: FlagValues;
  readonly source: (key: keyof Values) => string;
}

/** The profiles or the databases of one file. */
interface Named<Entry> {
  readonly origin: Origin;
  readonly entries: Readonly<Record<string, Entry>>;
}

/**
 * The entries of both files by name; a project's takes the place of the user's of the same name, but a file that was
 * merely found can't have more sent, or fewer columns hidden, than the user says.
 */
function named<Entry extends Pick<DatabaseSettings, 'send' | 'hide'>>(
  user: Named<Entry>,
  project: Named<Entry>,
  allowed: readonly SendKind[],
): ReadonlyMap<string, { readonly settings: Entry; readonly origin: Origin }> {
  const found = new Map<string, { readonly settings: Entry; readonly origin: Origin }>();
  for (const [name, settings] of Object.entries(user.entries))
    found.set(name, { settings, origin: user.origin });
  for (const [name, settings] of Object.entries(project.entries)) {
    const yours = found.get(name)?.settings;
    const limit = yours?.send ?? allowed;
    const limited: Entry = {
      ...settings,
      ...((settings.send ?? yours?.send) && {
        send: (settings.send ?? limit).filter((kind) => limit.includes(kind)),
      }),
      ...(yours?.hide && { hide: [...yours.hide, ...(settings.hide ?? [])] }),
    };
    found.set(name, {
      settings: project.origin?.trusted === true ? settings : limited,
      origin: project.origin,
    });
  }
  return found;
}

function databasesOf(file: SettingsFile | null): Readonly<Record<string, DatabaseSettings>> {
  return Object.fromEntries(
    Object.entries(file?.settings.databases ?? {}).map(([name, entry]) => [
      name,
      typeof entry === 'string' ? { url: entry } : entry,
    ]),
  );
}

/** Values without those that nobody gave. */
function given(values: Values): FlagValues {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
}

function fileValues(settings: Settings): FlagValues {
  const { profile, model, database, format, limit, timeout, memoryLimit, repairs, send, hide } = settings;
  const { schemas, include, exclude, maxRowsScanned, maxCost, csvSafe, color } = settings;
  return {
    profile,
    model,
    database,
    format,
    limit,
    timeout,
    memoryLimit,
    repairs,
    send,
    hide,
    schemas,
    include,
    exclude,
    maxRowsScanned,
    maxCost,
    csvSafe,
    color,
  };
}

/** What the variables say; a value that can't be read is an error, not a default. */
function readVariables(environment: Environment): FlagValues {
  const read = <Value>(
    name: string,
    parse: (text: string) => Value | null | undefined,
  ): Value | undefined => {
    const text = variable(environment, name);
    if (text === null) return undefined;
    const value = parse(text);
    if (value !== null && value !== undefined) return value;
    throw new SqlqError('usage', `${name} is "${text}", which it can't be.`, {
      hint: 'See "Settings" in the README.',
    });
  };
  const count = (text: string): number | null => (/^[1-9]\d*$/u.test(text) ? Number(text) : null);
  return {
    profile: read('SQLQ_PROFILE', String),
    baseUrl: read('SQLQ_BASE_URL', String),
    model: read('SQLQ_MODEL', String),
    database: read('SQLQ_DATABASE', String),
    format: read('SQLQ_FORMAT', (text) => formats.find((name) => name === text)),
    limit: read('SQLQ_LIMIT', count),
    timeout: read('SQLQ_TIMEOUT', parseDuration),
    memoryLimit: read('SQLQ_MEMORY_LIMIT', parseSize),
    send: read('SQLQ_SEND', parseSend),
    hide: read('SQLQ_HIDE', (text) => text.split(',').map((part) => part.trim())),
  };
}

/** Whether the user's own file names the folder of a project's file, or one above it. */
function isTrusted(project: SettingsFile, user: SettingsFile | null, homeFolder: string): boolean {
  return (user?.settings.trustedFolders ?? []).some((name) => {
    const folder = resolve(name.startsWith('~/') ? homeFolder + name.slice(1) : name);
    return project.path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  });
}
