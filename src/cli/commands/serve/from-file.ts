import { dirname, resolve } from 'node:path';
import { variable } from '../../../config/environment.ts';
import { expand } from '../../../config/expand.ts';
import type { Effective } from '../../../config/load.ts';
import { serveFiles } from '../../../config/settings/serve-fields.ts';
import { isPostgresUrl } from '../../../config/users.ts';
import type { CommandContext } from '../../context.ts';
import type { ServeOptions } from './options.ts';

/**
 * What flags say, and variables, and for the rest the block `serve` of the settings. A path there starts at its file. Throws a SqlqError
 * `usage` where a variable is not set that it refers to.
 */
export function withServeSettings(
  options: ServeOptions,
  { serve }: Pick<Effective, 'serve'>,
  { environment }: Pick<CommandContext, 'environment'>,
): ServeOptions {
  if (serve === null) {
    return options;
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
    ...options,
  };
}

/** What there is of an object whose keys may be undefined. */
function given<Whole extends object>(
  whole: Whole,
): { readonly [Name in keyof Whole]?: Exclude<Whole[Name], undefined> } {
  const entries = Object.entries(whole).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Whole]?: Exclude<Whole[Name], undefined> };
}
