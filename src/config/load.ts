import { isAbsolute, join, resolve, sep } from 'node:path';
import type { Environment } from './environment.ts';
import { findSettings, projectFolders, type SettingsFile } from './file.ts';
import { type Folders, foldersOf } from './folders.ts';
import {
  limitSend,
  type Named,
  namedDatabases,
  namedProfiles,
  type Origin,
  type SendLimit,
  strangersHistory,
} from './named.ts';
import { type ConfiguredNote, listedNotes, readNotes } from './notes.ts';
import type { DatabaseSettings, ProfileSettings, Settings } from './settings.ts';
import { builtIn, type FlagValues, fileValues, given, type Values } from './values.ts';
import { readVariables } from './variables.ts';

/** The settings in effect. */
export interface Effective {
  readonly values: Values;
  /** Where each value came from: `--flag`, a variable's name, a file's path, or `built in`. */
  readonly sources: Readonly<Record<keyof Values, string>>;
  readonly profiles: ReadonlyMap<string, Named<ProfileSettings>>;
  readonly databases: ReadonlyMap<string, Named<DatabaseSettings>>;
  /** The file that chose `values.profile` or `values.database`, where one did. */
  readonly origins: { readonly profile: Origin; readonly database: Origin };
  readonly folders: Folders;
  /** What words mean, the project's first; text that anybody may have written. */
  readonly notes: readonly ConfiguredNote[];
  readonly warnings: readonly string[];
}

export interface LoadContext {
  readonly flags: FlagValues;
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly homeFolder: string;
  /** A file of questions that says which database they are for; its word counts as a project's file's does. */
  readonly suite?: { readonly path: string; readonly database: string } | null;
}

/**
 * The settings in effect, first to last: flags, variables, the project's file, the user's file, what is built in. A
 * project's file is whatever lies in the folder, perhaps from a stranger: it can hide more columns and send less than
 * the user says, never the other way round, and `profiles.ts` and `database.ts` say what it can't do with secrets.
 */
export async function loadSettings(context: LoadContext): Promise<Effective> {
  const folders = foldersOf(context.environment, context.homeFolder);
  const places = await projectFolders(context.workingDirectory, context.homeFolder);
  const [found, own, written] = await Promise.all([
    findSettings(places),
    findSettings([folders.config]),
    readNotes([...places, folders.config]),
  ]);
  const user = own === null ? null : { ...own, trusted: true };
  // Whoever works in the folder of their own settings finds those alone.
  const project =
    found === null || found.path === own?.path
      ? null
      : { ...found, trusted: isTrusted(found, own, context.homeFolder) };
  const { suite = null } = context;
  const warnings: string[] = [];
  if (project?.settings.trustedFolders !== undefined) {
    warnings.push(`${project.path}: trustedFolders counts in the user's own file alone, and is ignored.`);
  }
  const limit: SendLimit = {
    allowed: own?.settings.send ?? builtIn.send,
    warn: (text) => warnings.push(text),
  };
  const layers: readonly Layer[] = [
    {
      values: context.flags,
      source: flagOf,
    },
    ...(suite === null ? [] : [{ values: { database: suite.database }, source: () => suite.path }]),
    {
      values: readVariables(context.environment),
      source: (key) => `SQLQ_${key.replace(/[A-Z]/gu, '_$&').toUpperCase()}`,
    },
    ...[project, user].flatMap((file) =>
      file === null
        ? []
        : [
            {
              values: {
                ...fileValues(file.settings),
                send: limitSend(file, 'send', file.settings.send, limit),
                ...(file.trusted ? {} : strangersHistory(file.settings)),
              },
              source: () => file.path,
            },
          ],
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
    cache: choose('cache'),
    history: choose('history'),
    historyDays: choose('historyDays'),
    historyAnswers: choose('historyAnswers'),
    send: choose('send'),
    // Whoever hides a column hides it from everybody else's settings too.
    hide: [...new Set([...choose('hide'), ...layers.flatMap((layer) => layer.values.hide ?? [])])],
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
  const files = [
    suite === null ? null : { path: suite.path, trusted: isTrusted(suite, own, context.homeFolder) },
    project,
    user,
  ];
  const originOf = (source: string): Origin => files.find((file) => file?.path === source) ?? null;
  return {
    values,
    sources,
    profiles: namedProfiles(user, project, limit),
    databases: namedDatabases(user, project, limit),
    origins: { profile: originOf(sources.profile), database: originOf(sources.database) },
    folders,
    notes: [...written, ...[project, user].flatMap((file) => notesOf(file?.settings))],
    warnings,
  };
}

function notesOf(settings: Settings | undefined): readonly ConfiguredNote[] {
  const ofDatabases = Object.entries(settings?.databases ?? {}).flatMap(([name, entry]) =>
    typeof entry === 'string' ? [] : listedNotes(entry.notes, name),
  );
  return [...ofDatabases, ...listedNotes(settings?.notes)];
}

interface Layer {
  readonly values: FlagValues;
  readonly source: (key: keyof Values) => string;
}

/** The flag that says a setting. */
function flagOf(key: keyof Values): string {
  if (key === 'database') return '--db';
  if (key === 'schemas') return '--schema';
  return `--${key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Whether the user's own file names the folder of a project's file, or one above it. A relative name would stand for
 * another folder wherever the user goes, and names none.
 */
function isTrusted(
  project: Pick<SettingsFile, 'path'>,
  user: SettingsFile | null,
  homeFolder: string,
): boolean {
  return (user?.settings.trustedFolders ?? [])
    .map((name) => (name.startsWith('~/') ? join(homeFolder, name.slice(2)) : name))
    .filter((name) => isAbsolute(name))
    .some((name) => {
      const folder = resolve(name);
      return project.path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
    });
}
