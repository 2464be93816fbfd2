import { knownProfiles } from '../../../config/known-profiles.ts';
import type { CommandContext } from '../../context.ts';
import type { ModelOptions } from '../../options/shared.ts';
import { makeSetup, type Setup } from '../../run/setup.ts';

/** A word that may stand where the cursor is. */
export interface Completion {
  readonly word: string;
  readonly description: string;
}

/** What may stand where the cursor is. */
export interface Completions {
  readonly words: readonly Completion[];
  /** The name of a file, too: the shell knows them better. */
  readonly files: boolean;
}

export const nothing: Completions = { words: [], files: false };

/** What an option's value or an argument is, where the program itself does not list its choices. */
const kinds: Readonly<Record<string, 'database' | 'profile' | 'model' | 'saved' | 'files'>> = {
  db: 'database',
  profile: 'profile',
  model: 'model',
  sql: 'saved',
  file: 'files',
  files: 'files',
  output: 'files',
  report: 'files',
  batch: 'files',
};

/** How long somebody who pressed Tab waits for a server's list of models. */
const timeoutMs = 800;

/** What an option's value or an argument may be; `before` are the words that stand before it. */
export async function valuesOf(
  name: string,
  choices: readonly string[] | undefined,
  before: readonly string[],
  context: CommandContext,
): Promise<Completions> {
  if (choices !== undefined) {
    return { words: choices.map((word) => ({ word, description: '' })), files: false };
  }
  switch (kinds[name]) {
    case 'files':
      return { words: [], files: true };
    case 'database':
      return { words: await databaseNames(context), files: true };
    case 'profile':
      return { words: await profileNames(context), files: false };
    case 'saved':
      return { words: await savedNames(context), files: false };
    case 'model':
      return { words: await modelNames(before, context), files: false };
    default:
      return nothing;
  }
}

/** The settings, loaded in a way that says nothing on stderr. */
function quietSetup(options: ModelOptions, context: CommandContext): Promise<Setup> {
  return makeSetup({ ...options, quiet: true }, context);
}

async function databaseNames(context: CommandContext): Promise<Completion[]> {
  const { settings } = await quietSetup({}, context);
  return [
    ...[...settings.databases.keys()].map((word) => ({ word, description: 'a configured database' })),
    { word: 'sample', description: 'the shop that comes with sqlq' },
  ];
}

async function profileNames(context: CommandContext): Promise<Completion[]> {
  const { settings } = await quietSetup({}, context);
  const names = new Set([
    ...settings.profiles.keys(),
    ...Object.keys(knownProfiles(context.environment)),
    'offline',
  ]);
  return [...names].map((word) => ({ word, description: 'a profile' }));
}

/** Saved questions of the project, which `sqlq run` takes by name. */
async function savedNames(context: CommandContext): Promise<Completion[]> {
  const [{ listSaved }, { savedFolders }] = await Promise.all([
    import('../../../memory/saved-files.ts'),
    import('../../run/saved-folders.ts'),
  ]);
  const found = await listSaved(await savedFolders(context));
  return found.map(({ name }) => ({ word: name, description: 'a saved question' }));
}

/** The models of the server that the words so far choose, if it answers soon. */
async function modelNames(before: readonly string[], context: CommandContext): Promise<Completion[]> {
  const following = (...flags: readonly string[]): string | undefined =>
    before[before.findIndex((word) => flags.includes(word)) + 1 || before.length];
  const profile = following('--profile', '-p');
  const baseUrl = following('--base-url');
  const options: ModelOptions = {
    model: '?',
    ...(profile === undefined ? {} : { profile }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
  const [setup, { chooseProfile, serverOf }] = await Promise.all([
    quietSetup(options, context),
    import('../../run/profile.ts'),
  ]);
  const selected = await chooseProfile(setup, context);
  if (selected.kind === 'offline') {
    return [];
  }
  const soon = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]);
  const models = await (await selected.provider.load()).listModels(
    serverOf(selected.server, setup.cache),
    soon,
  );
  return models.map(({ name }) => ({ word: name, description: `a model of ${selected.name}` }));
}
