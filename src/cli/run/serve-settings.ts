import { dirname, join, resolve } from 'node:path';
import { variable } from '../../config/environment.ts';
import { expand } from '../../config/expand.ts';
import { foldersOf } from '../../config/folders.ts';
import type { Effective, LoadContext } from '../../config/load.ts';
import type { ServeSettings } from '../../config/settings/schema.ts';
import { serveFiles } from '../../config/settings/serve-fields.ts';
import { isPostgresUrl, usersPassword, usersPlace } from '../../config/users.ts';
import type { CommandContext } from '../context.ts';

/** What the block `serve` may say. */
type Served = { readonly [Name in keyof ServeSettings]?: Exclude<ServeSettings[Name], undefined> };

/** A server reads the settings of whoever runs it, and no file that merely lies in the folder that it is started in. */
export function onlyOwn(
  { config }: { readonly config?: string | undefined },
  { workingDirectory }: Pick<CommandContext, 'workingDirectory'>,
): NonNullable<LoadContext['only']> {
  return { file: config === undefined ? null : resolve(workingDirectory, config) };
}

/**
 * What the block `serve` of the settings says of a server, for the server as for all that work on what is its own. A path there
 * starts at its file, and what SQLQ_USERS says goes before its users. Throws a SqlqError `usage` where a variable is not set that it refers to.
 */
export function serveSettings(
  { serve }: Pick<Effective, 'serve'>,
  { environment }: Pick<CommandContext, 'environment'>,
): Served {
  if (serve === null) {
    return {};
  }
  const { settings, path } = serve;
  const filled = (key: string, text: string): string => expand(text, environment, `${path}: serve.${key}`);
  const at = (text: string): string => resolve(dirname(path), text);
  const files = serveFiles.flatMap((key): [string, string][] => {
    const text = settings[key];
    return text === undefined ? [] : [[key, at(filled(key, text))]];
  });
  const { users, ...others } = settings;
  const isSaid = users === undefined || variable(environment, 'SQLQ_USERS') !== null;
  const place = isSaid ? null : filled('users', users);
  return {
    ...given(others),
    ...Object.fromEntries<string>(files),
    ...(place !== null && { users: isPostgresUrl(place) ? place : at(place) }),
  };
}

/** The place of users that `--users` or the settings name, or else the usual one; its password is never shown from then on. */
export function placeOfUsers(named: string | undefined, context: CommandContext): string {
  const { environment, homeFolder, workingDirectory, secrets } = context;
  const { state: stateFolder } = foldersOf(environment, homeFolder);
  const place = usersPlace(named, { environment, workingDirectory, stateFolder });
  const password = usersPassword(place);
  if (password !== null) {
    secrets.add(password);
  }
  return place;
}

/** Where the audit log of this machine is. */
export function auditFolder({
  environment,
  homeFolder,
}: Pick<CommandContext, 'environment' | 'homeFolder'>): string {
  return join(foldersOf(environment, homeFolder).state, 'audit');
}

/** What there is of an object whose keys may be undefined. */
function given<Whole extends object>(
  whole: Whole,
): { readonly [Name in keyof Whole]?: Exclude<Whole[Name], undefined> } {
  const entries = Object.entries(whole).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Whole]?: Exclude<Whole[Name], undefined> };
}
