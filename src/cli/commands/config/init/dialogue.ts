import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { variable } from '../../../../config/environment.ts';
import { movedAddresses } from '../../../../config/known-profiles.ts';
import { isNamedLikeDatabase } from '../../../../database/file-kind.ts';
import { SqlqError } from '../../../../errors.ts';
import type { DetectedServer } from '../../../../model/provider.ts';
import { builtInProfiles, detectServer } from '../../../../model/providers.ts';
import type { CommandContext } from '../../../context.ts';
import type { CommonOptions } from '../../../options/shared.ts';
import { chooseProfile, serverOf } from '../../../run/profile.ts';
import { makeSetup, type Setup } from '../../../run/setup.ts';
import { type Choices, tryDatabase, tryModel } from './choices.ts';

/** So many models of a server are offered; another one can be typed. */
const mostModels = 20;

/** Asks for a database and a model, and tries each until one answers. `given` needs no question. */
export async function dialogue(
  setup: Setup,
  common: CommonOptions,
  context: CommandContext,
  given: Choices,
): Promise<Choices> {
  const db = await untilItWorks(
    setup,
    `Connecting to the database`,
    async () => given.db ?? (await askDatabase(setup, context)),
    (chosen) => tryDatabase(realAddress(chosen, context), common, context),
    given.db !== undefined,
  );
  const isGiven = given.profile !== undefined || given.baseUrl !== undefined;
  const model = await untilItWorks(
    setup,
    'Asking the model',
    async () => (isGiven ? given : askModel(setup, common, context)),
    (chosen) => tryModel(chosen, common, context),
    isGiven,
  );
  return { ...model, db };
}

/** Asks again while what was chosen fails, and says why; what came by a flag is not asked again. */
async function untilItWorks<Choice>(
  { terminal }: Setup,
  step: string,
  choose: () => Promise<Choice>,
  attempt: (choice: Choice) => Promise<void>,
  isGiven: boolean,
): Promise<Choice> {
  for (;;) {
    const choice = await choose();
    terminal.progress.step(step);
    try {
      await attempt(choice);
      return choice;
    } catch (error) {
      if (isGiven || !(error instanceof SqlqError) || error.code === 'cancelled') {
        throw error;
      }
      const text = [error.message, ...(error.hint === null ? [] : [error.hint])].join('\n');
      terminal.warn(terminal.style('yellow', terminal.escape(text)));
    } finally {
      terminal.progress.stop();
    }
  }
}

/** A variable of the environment that is written into the file by its name. */
const fromEnvironment = '${DATABASE_URL}';

/** The address that is meant; a settings file holds the variable's name. */
export function realAddress(db: string, { environment }: CommandContext): string {
  return db === fromEnvironment ? (variable(environment, 'DATABASE_URL') ?? db) : db;
}

async function askDatabase({ prompts }: Setup, context: CommandContext): Promise<string> {
  const names = await readdir(context.workingDirectory).catch(() => []);
  const files = names.filter(isNamedLikeDatabase).slice(0, mostModels);
  const isSet = variable(context.environment, 'DATABASE_URL') !== null;
  const chosen = await prompts.select<string | null>('Which database?', [
    ...files.map((name) => ({ label: name, value: name })),
    ...(isSet ? [{ label: 'the one in the variable DATABASE_URL', value: fromEnvironment }] : []),
    { label: 'another: I type its URL or path', value: null },
    { label: 'the sample shop that comes with sqlq', value: 'sample' },
  ]);
  if (chosen !== null) {
    return chosen;
  }
  return (await prompts.input('Its URL (postgres://…, mysql://…) or path:')).trim();
}

async function askModel(setup: Setup, common: CommonOptions, context: CommandContext): Promise<Choices> {
  const { prompts, terminal } = setup;
  terminal.progress.step('Looking for model servers');
  const servers = await findServers(context);
  terminal.progress.stop();
  const hasKey = variable(context.environment, 'OPENAI_API_KEY') !== null;
  const chosen = await prompts.select<Choices | null>('Which model answers?', [
    ...servers.map(({ profile, baseUrl }) => ({
      label: `${profile}, which answers at ${new URL(baseUrl).host}`,
      value: { profile },
    })),
    ...(hasKey ? [{ label: 'openai, with the key in OPENAI_API_KEY', value: { profile: 'openai' } }] : []),
    { label: 'offline, the engine that needs none', value: { profile: 'offline' } },
    { label: 'another server: I type its address', value: null },
  ]);
  if (chosen?.profile === 'offline') {
    return chosen;
  }
  const server = chosen ?? {
    baseUrl: (await prompts.input('Its base URL, such as http://localhost:8080/v1:')).trim(),
  };
  return { ...server, model: await askModelName(setup, common, context, server) };
}

/** One of the models that a server lists, or a name that is typed where it lists none. */
async function askModelName(
  { prompts, terminal }: Setup,
  common: CommonOptions,
  context: CommandContext,
  server: Choices,
): Promise<string> {
  terminal.progress.step('Asking for its models');
  const names = await modelsOf(server, common, context);
  terminal.progress.stop();
  const typed = async (): Promise<string> => (await prompts.input("The model's name:")).trim();
  if (names.length === 0) {
    return typed();
  }
  const chosen = await prompts.select<string | null>('Which of its models?', [
    ...names.slice(0, mostModels).map((name) => ({ label: terminal.escape(name), value: name })),
    { label: 'another: I type its name', value: null },
  ]);
  return chosen ?? typed();
}

async function modelsOf(
  { profile, baseUrl }: Choices,
  common: CommonOptions,
  context: CommandContext,
): Promise<readonly string[]> {
  try {
    const setup = await makeSetup(
      {
        ...common,
        model: '?',
        ...(profile !== undefined && { profile }),
        ...(baseUrl !== undefined && { baseUrl }),
      },
      context,
    );
    const selected = await chooseProfile(setup, context);
    if (selected.kind === 'offline') {
      return [];
    }
    const provider = await selected.provider.load();
    return (await provider.listModels(serverOf(selected.server, setup.cache), context.signal)).map(
      ({ name }) => name,
    );
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof SqlqError) {
      return [];
    }
    throw error;
  }
}

async function findServers({ environment, signal }: CommandContext): Promise<readonly DetectedServer[]> {
  const inContainer = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
  const found = await Promise.all(
    Object.entries(builtInProfiles).flatMap(([profile, { keyVariable }]) =>
      keyVariable === null
        ? [detectServer({ inContainer, profile, baseUrls: movedAddresses(environment) }, signal)]
        : [],
    ),
  );
  return found.filter((server) => server !== null);
}
