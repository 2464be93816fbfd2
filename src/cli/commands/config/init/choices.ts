import type { CommandContext } from '../../../context.ts';
import type { CommonOptions } from '../../../options/shared.ts';
import { openConfigured } from '../../../run/database.ts';
import { chooseProfile, serverOf } from '../../../run/profile.ts';
import { makeSetup } from '../../../run/setup.ts';

/** What a first settings file says; absent leaves it to the file's comments. */
export interface Choices {
  readonly db?: string | undefined;
  readonly profile?: string | undefined;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** Connects to a database, once. Throws the SqlqError that says why that fails. */
export async function tryDatabase(db: string, common: CommonOptions, context: CommandContext): Promise<void> {
  const setup = await makeSetup({ ...common, db }, context);
  const { client } = await openConfigured(setup, context, 'read');
  try {
    await client.facts(context.signal);
  } finally {
    await client.close();
  }
}

/** Asks a model for a few tokens. Throws the SqlqError that says why that fails. */
export async function tryModel(
  { profile, model, baseUrl }: Choices,
  common: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const setup = await makeSetup(
    {
      ...common,
      ...(profile !== undefined && { profile }),
      ...(model !== undefined && { model }),
      ...(baseUrl !== undefined && { baseUrl }),
    },
    context,
  );
  const selected = await chooseProfile(setup, context);
  if (selected.kind === 'offline') {
    return;
  }
  const provider = await selected.provider.load();
  const { problem } = await provider.probe(serverOf(selected.server, setup.cache), context.signal);
  if (problem !== null) {
    throw problem;
  }
}
