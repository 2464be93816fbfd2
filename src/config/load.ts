import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import type { Environment } from './environment.ts';
import { findSettings, projectFolders, settingsAt } from './files/file.ts';
import { type Folders, foldersOf } from './folders.ts';
import {
  type FoundFile,
  limitSend,
  type Named,
  namedDatabases,
  namedProfiles,
  type Origin,
  type SendLimit,
} from './named.ts';
import { type ConfiguredNote, listedNotes, notesFile, readNotes } from './notes.ts';
import type { DatabaseSettings, ProfileSettings, ServeSettings, Settings } from './settings/schema.ts';
import { longFlag } from './settings/setting.ts';
import { settings as table } from './settings/table.ts';
import { builtIn, type GivenValues, mapSettings, type SettingName, type Values } from './settings/values.ts';
import { readVariables } from './settings/variables.ts';

/** The settings in effect. */
export interface Effective {
  readonly values: Values;
  /** Where each value came from: `--flag`, a variable's name, a file's path, or `built in`. */
  readonly sources: Readonly<Record<SettingName, string>>;
  readonly profiles: ReadonlyMap<string, Named<ProfileSettings>>;
  readonly databases: ReadonlyMap<string, Named<DatabaseSettings>>;
  /** The databases of the files that are trusted, also those whose name another file has taken. */
  readonly ownDatabases: readonly Named<DatabaseSettings>[];
  /** The file that chose `values.profile` or `values.database`, where one did. */
  readonly origins: { readonly profile: Origin; readonly database: Origin };
  readonly folders: Folders;
  /** What words mean, the project's first; text that anybody may have written. */
  readonly notes: readonly ConfiguredNote[];
  /** What the user's own file says of a service, and where that file is; null where it says nothing. */
  readonly serve: { readonly settings: ServeSettings; readonly path: string } | null;
  readonly warnings: readonly string[];
  /** The files that all this stands in, and those of notes, whether they are there or not. */
  readonly files: readonly string[];
}

export interface LoadContext {
  readonly flags: GivenValues;
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly homeFolder: string;
  /** A file of questions that says which database they are for; its word counts as a project's file's does. */
  readonly suite?: { readonly path: string; readonly database: string } | null;
  /**
   * Reads no file that was merely found, but the user's own alone, or the one of this path in its place; null or left out
   * for the usual files.
   */
  readonly only?: { readonly file: string | null } | null;
}

/**
 * The settings in effect, first to last: flags, variables, the project's file, the user's file, what is built in. A
 * project's file is whatever lies in the folder, perhaps not the user's own: it can hide more columns and send less than
 * the user says, never the other way round, and `profiles.ts` and `database.ts` say what it can't do with secrets.
 */
export async function loadSettings(context: LoadContext): Promise<Effective> {
  const folders = foldersOf(context.environment, context.homeFolder);
  const { only = null } = context;
  const places = only === null ? await projectFolders(context.workingDirectory, context.homeFolder) : [];
  const ownPlace = only?.file == null ? folders.config : dirname(only.file);
  const warnings: string[] = [];
  const [found, own, written] = await Promise.all([
    findSettings(places),
    only?.file == null ? findSettings([folders.config]) : settingsAt(only.file),
    readNotes([...places, ownPlace], (text) => warnings.push(text)),
  ]);
  const variables = readVariables(context.environment);
  const trusted = variables.trustedFolders ?? own?.settings.trustedFolders ?? [];
  const isTrusted = (path: string): boolean => isUnder(trusted, path, context.homeFolder);
  const user = own === null ? null : { ...own, trusted: true };
  // Whoever works in the folder of their own settings finds those alone.
  const project =
    found === null || found.path === own?.path ? null : { ...found, trusted: isTrusted(found.path) };
  const { suite = null } = context;
  const limit: SendLimit = {
    allowed: own?.settings.send ?? builtIn.send,
    warn: (text) => warnings.push(text),
  };
  const layers: readonly Layer[] = [
    { values: context.flags, source: (name) => longFlag(table[name]) },
    ...(suite === null ? [] : [{ values: { database: suite.database }, source: () => suite.path }]),
    { values: variables, source: (name) => table[name].variable },
    ...[project, user].flatMap((file) =>
      file === null ? [] : [{ values: fileValues(file, limit), source: () => file.path }],
    ),
  ];
  const layerOf = (name: SettingName): Layer | undefined =>
    layers.find(({ values }) => values[name] !== undefined);
  const sources = mapSettings<Effective['sources']>(
    (_row, name) => layerOf(name)?.source(name) ?? 'built in',
  );
  const chosen = mapSettings<Values>((row, name) => layerOf(name)?.values[name] ?? row.builtIn);
  // Whoever hides a column hides it from everybody else's settings too.
  const hide = [...new Set(layers.flatMap((layer) => layer.values.hide ?? []))];
  const values: Values = { ...chosen, hide };
  const files = [suite === null ? null : { path: suite.path, trusted: isTrusted(suite.path) }, project, user];
  if (project?.settings.serve !== undefined) {
    warnings.push(`${project.path}: serve counts in the user's own file alone, and is ignored.`);
  }
  const originOf = (source: string): Origin => files.find((file) => file?.path === source) ?? null;
  return {
    values,
    sources,
    profiles: namedProfiles(user, project, limit),
    databases: namedDatabases(user, project, limit),
    ownDatabases: [user, project].flatMap((file) =>
      file?.trusted === true ? [...namedDatabases(file, null, limit).values()] : [],
    ),
    origins: { profile: originOf(sources.profile), database: originOf(sources.database) },
    folders: { ...folders, config: ownPlace },
    notes: [...written, ...[project, user].flatMap((file) => notesOf(file?.settings))],
    serve: own?.settings.serve === undefined ? null : { settings: own.settings.serve, path: own.path },
    warnings,
    files: [
      ...files.flatMap((file) => file?.path ?? []),
      ...[...places, ownPlace].map((folder) => notesFile(folder)),
    ],
  };
}

function notesOf(settings: Settings | undefined): readonly ConfiguredNote[] {
  const ofDatabases = Object.entries(settings?.databases ?? {}).flatMap(([name, entry]) =>
    typeof entry === 'string' ? [] : listedNotes(entry.notes, name),
  );
  return [...ofDatabases, ...listedNotes(settings?.notes)];
}

interface Layer {
  readonly values: GivenValues;
  readonly source: (name: SettingName) => string;
}

/** What a file says, as far as it may: see `FileRule`. */
function fileValues(file: FoundFile, limit: SendLimit): GivenValues {
  const { path, trusted, settings } = file;
  return mapSettings<GivenValues>(({ files }, name) => {
    const value = settings[name];
    if (value === undefined || files === 'none') {
      return undefined;
    }
    if (name === 'send') {
      return limitSend(file, name, settings.send, limit);
    }
    if (trusted || files === 'any' || files === 'more') {
      return value;
    }
    if (files === 'off') {
      return value === false ? false : undefined;
    }
    limit.warn(`${path}: ${name} counts in the user's own file alone, and is ignored.`);
    return undefined;
  });
}

/**
 * Whether a file lies in one of some folders, or below. A relative name would stand for another folder wherever the user
 * goes, and names none.
 */
function isUnder(folders: readonly string[], path: string, homeFolder: string): boolean {
  return folders
    .map((name) => (name.startsWith('~/') ? join(homeFolder, name.slice(2)) : name))
    .filter((name) => isAbsolute(name))
    .some((name) => {
      const folder = resolve(name);
      return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
    });
}
