import type { SettingsFile } from './files/file.ts';
import type { DatabaseSettings, ProfileSettings } from './settings/schema.ts';
import type { SendKind } from './settings/send.ts';

/** Who said something: the user's own file is trusted, one that was found in a folder is not. */
export type Origin = { readonly path: string; readonly trusted: boolean } | null;

/** An entry of `profiles` or `databases`, and the file that it stands in. */
export interface Named<Settings> {
  readonly settings: Settings;
  readonly origin: Origin;
}

/** A file that was found, and whether its word counts as the user's own. */
export interface FoundFile extends SettingsFile {
  readonly trusted: boolean;
}

/** What the user lets leave in general, and who hears what a file asks for beyond it. */
export interface SendLimit {
  readonly allowed: readonly SendKind[];
  readonly warn: (text: string) => void;
}

/** What a file asks to send, without what only the user's own word may add to `limit`. */
export function limitSend(
  file: FoundFile,
  key: string,
  asked: readonly SendKind[] | undefined,
  { allowed, warn }: SendLimit,
): readonly SendKind[] | undefined {
  if (asked === undefined || file.trusted) {
    return asked;
  }
  const tooMuch = asked.filter((kind) => !allowed.includes(kind));
  if (tooMuch.length > 0) {
    warn(
      `${file.path}: ${key} asks for ${tooMuch.join(' and ')}; only your own settings or --send can say so.`,
    );
  }
  return asked.filter((kind) => allowed.includes(kind));
}

/**
 * The databases of both files by name. A project's takes the place of the user's of the same name; what the user hides
 * and keeps from being sent there stays so.
 */
export function namedDatabases(
  user: FoundFile | null,
  project: FoundFile | null,
  limit: SendLimit,
): ReadonlyMap<string, Named<DatabaseSettings>> {
  const databases = new Map<string, Named<DatabaseSettings>>();
  for (const file of [user, project]) {
    if (file === null) {
      continue;
    }
    for (const [name, entry] of Object.entries(file.settings.databases ?? {})) {
      const given = typeof entry === 'string' ? { url: entry } : entry;
      const yours = databases.get(name)?.settings;
      const hide = [...(yours?.hide ?? []), ...(given.hide ?? [])];
      const send = narrower(limitSend(file, `databases.${name}.send`, given.send, limit), yours?.send, file);
      const settings = { ...given, ...(hide.length > 0 && { hide }), ...(send && { send }) };
      databases.set(name, { settings, origin: file });
    }
  }
  return databases;
}

/**
 * The profiles of both files by name. A project's takes the place of the user's of the same name, unless it says nothing
 * of where requests go and what they carry: then it adds to the user's, such as another model.
 */
export function namedProfiles(
  user: FoundFile | null,
  project: FoundFile | null,
  limit: SendLimit,
): ReadonlyMap<string, Named<ProfileSettings>> {
  const profiles = new Map<string, Named<ProfileSettings>>();
  for (const file of [user, project]) {
    if (file === null) {
      continue;
    }
    for (const [name, all] of Object.entries(file.settings.profiles ?? {})) {
      const before = profiles.get(name);
      const given = withOwnPrices(file, name, all, limit);
      const asked = limitSend(file, `profiles.${name}.send`, given.send, limit);
      const send = narrower(asked, before?.settings.send, file);
      const adds = ['baseUrl', 'apiKey', 'headers', 'endpoints'].every((key) => !Object.hasOwn(given, key));
      if (before !== undefined && adds) {
        const settings = { ...before.settings, ...given, ...(send && { send }) };
        profiles.set(name, { settings, origin: before.origin });
        continue;
      }
      // What the user allows a server of theirs says nothing of another one under its name.
      const general = file.trusted ? send : send?.filter((kind) => limit.allowed.includes(kind));
      profiles.set(name, { settings: { ...given, ...(general && { send: general }) }, origin: file });
    }
  }
  return profiles;
}

/** What a profile says, without prices that would let the user's key spend more than their budget allows. */
function withOwnPrices(
  { path, trusted }: FoundFile,
  name: string,
  given: ProfileSettings,
  { warn }: SendLimit,
): ProfileSettings {
  const { prices, ...rest } = given;
  if (trusted || prices === undefined) {
    return given;
  }
  warn(`${path}: profiles.${name}.prices counts in the user's own file alone, and is ignored.`);
  return rest;
}

/** What both lists have, where the file was merely found; else what it asks for. */
function narrower(
  asked: readonly SendKind[] | undefined,
  yours: readonly SendKind[] | undefined,
  file: FoundFile,
): readonly SendKind[] | undefined {
  if (file.trusted || yours === undefined) {
    return asked;
  }
  return asked === undefined ? yours : asked.filter((kind) => yours.includes(kind));
}
