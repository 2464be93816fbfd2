import type { Command, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { builtInProfiles } from '../config/served.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { escapeLine } from '../render/escape.ts';
import type { CommandContext } from './context.ts';
import type { ModelsOptions } from './options.ts';
import { createProgram } from './program.ts';
import { withSetup } from './setup.ts';

/** A word that may stand where the cursor is. */
interface Completion {
  readonly word: string;
  readonly description: string;
}

/** What may stand where the cursor is. */
interface Completions {
  readonly words: readonly Completion[];
  /** The name of a file, too: the shell knows them better. */
  readonly files: boolean;
}

const nothing: Completions = { words: [], files: false };

/** What an option's value or an argument is, where the program itself does not list its choices. */
const kinds: Readonly<Record<string, 'database' | 'profile' | 'model' | 'files'>> = {
  db: 'database',
  profile: 'profile',
  model: 'model',
  file: 'files',
  files: 'files',
  output: 'files',
  report: 'files',
  batch: 'files',
};

/** How long somebody who pressed Tab waits for a server's list of models. */
const patienceMilliseconds = 800;

/** `sqlq complete -- words…`: what may stand for the last word. It never fails: a Tab is no place for errors. */
export async function completeCommand(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const typed = unquoted(words.at(-1) ?? '');
  const before = words.slice(0, -1).filter((word) => word !== '=');
  const { words: found, files } = await completions(before, typed, context).catch(() => nothing);
  const lines = found.map(({ word, description }) => `${escapeLine(word)}\t${escapeLine(description)}\n`);
  context.streams.stdout.write(`${files ? ':files\n' : ''}${lines.join('')}`);
  return exitCodes.answered;
}

/** A word as it was typed so far, without the quote that is still open. */
function unquoted(word: string): string {
  return word === '=' ? '' : word.replace(/^["']/u, '');
}

async function completions(
  before: readonly string[],
  typed: string,
  context: CommandContext,
): Promise<Completions> {
  if (before.includes('--')) return nothing;
  const { command, last, lost } = commandOf(createProgram(manifest.version, before, context), before);
  if (lost) return nothing;
  const starting = ({ words, files }: Completions, prefix = ''): Completions => ({
    words: words
      .map((each) => ({ ...each, word: prefix + each.word }))
      .filter(({ word }) => word.startsWith(typed)),
    files,
  });
  const valuesOfOption = (option: Option): Promise<Completions> =>
    valuesOf(option.attributeName(), option.argChoices, before, context);
  if (last?.required) return starting(await valuesOfOption(last));
  const [flag, value] = typed.startsWith('--') ? typed.split(/=(.*)/su, 2) : [typed];
  if (value !== undefined) {
    const option = command.options.find(({ long }) => long === flag);
    return option?.required ? starting(await valuesOfOption(option), `${flag}=`) : nothing;
  }
  if (typed.startsWith('-')) return starting({ words: flagsOf(command), files: false });
  const commands = commandsOf(command);
  if (commands.length > 0) return starting({ words: commands, files: false });
  const [argument] = command.registeredArguments;
  return argument === undefined
    ? nothing
    : starting(await valuesOf(argument.name(), argument.argChoices, before, context));
}

/**
 * The command that the words so far lead to, the option at their end that waits for its value, and whether they are lost:
 * no command of ours is named like that.
 */
function commandOf(
  program: Command,
  before: readonly string[],
): { command: Command; last: Option | null; lost: boolean } {
  let command = program;
  let last: Option | null = null;
  let lost = false;
  for (const word of before) {
    if (last?.required) last = null;
    else if (word.startsWith('-'))
      last = command.options.find(({ short, long }) => word === short || word === long) ?? null;
    else {
      const child = command.commands.find((each) => each.name() === word);
      lost ||= child === undefined && command === program && word !== 'help';
      command = child ?? command;
    }
  }
  return { command, last, lost };
}

function flagsOf(command: Command): Completion[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long == null ? [] : [{ word: long, description }]));
}

function commandsOf(command: Command): Completion[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((child) => ({ word: child.name(), description: child.description() }));
}

async function valuesOf(
  name: string,
  choices: readonly string[] | undefined,
  before: readonly string[],
  context: CommandContext,
): Promise<Completions> {
  if (choices !== undefined)
    return { words: choices.map((word) => ({ word, description: '' })), files: false };
  switch (kinds[name]) {
    case 'files':
      return { words: [], files: true };
    case 'database':
      return { words: await databaseNames(context), files: true };
    case 'profile':
      return { words: await profileNames(context), files: false };
    case 'model':
      return { words: await modelNames(before, context), files: false };
    default:
      return nothing;
  }
}

/** Does work with the settings in a way that shows nothing. */
function quietly<T>(
  options: ModelsOptions,
  context: CommandContext,
  work: (setup: Parameters<Parameters<typeof withSetup>[2]>[0]) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    withSetup({ ...options, quiet: true }, context, async (setup) => {
      resolve(await work(setup));
      return undefined;
    }).catch(reject);
  });
}

function databaseNames(context: CommandContext): Promise<Completion[]> {
  return quietly({}, context, async ({ settings }) => [
    ...[...settings.databases.keys()].map((word) => ({ word, description: 'a configured database' })),
    { word: 'sample', description: 'the shop that comes with sqlq' },
  ]);
}

function profileNames(context: CommandContext): Promise<Completion[]> {
  return quietly({}, context, async ({ settings }) =>
    [...new Set([...settings.profiles.keys(), ...Object.keys(builtInProfiles), 'offline'])].map((word) => ({
      word,
      description: 'a profile',
    })),
  );
}

/** The models of the server that the words so far choose, if it answers soon. */
async function modelNames(before: readonly string[], context: CommandContext): Promise<Completion[]> {
  const following = (...flags: readonly string[]): string | undefined =>
    before[before.findIndex((word) => flags.includes(word)) + 1 || before.length];
  const profile = following('--profile', '-p');
  const baseUrl = following('--base-url');
  const options: ModelsOptions = {
    model: '?',
    ...(profile === undefined ? {} : { profile }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
  return quietly(options, context, async (setup) => {
    const [{ chooseProfile, serverOf }, { listModels }] = await Promise.all([
      import('./model.ts'),
      import('../model/openai/list-models.ts'),
    ]);
    const selected = await chooseProfile(setup, context);
    if (selected.kind === 'offline') return [];
    const soon = AbortSignal.any([context.signal, AbortSignal.timeout(patienceMilliseconds)]);
    const models = await listModels(serverOf(selected, setup.cache), soon);
    return models.map(({ name }) => ({ word: name, description: `a model of ${selected.name}` }));
  });
}
