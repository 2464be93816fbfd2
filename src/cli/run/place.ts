import { configuredDatabase } from '../../config/database/configured.ts';
import type { SendKind } from '../../config/settings/send.ts';
import { describeTarget } from '../../database/target.ts';
import type { CommandContext } from '../context.ts';
import { sampleFile } from './database.ts';
import type { Setup } from './setup.ts';

/** The database that examples and documents belong to, which is not opened, and what of it may be sent, where it says. */
export async function configuredPlace(
  { settings, terminal }: Setup,
  context: CommandContext,
): Promise<{ readonly place: string; readonly send: readonly SendKind[] | null }> {
  const { target, send } = await configuredDatabase(settings, {
    ...context,
    sampleFile: sampleFile(),
    warn: (text) => terminal.warn(terminal.style('yellow', terminal.escape(text))),
  });
  return { place: describeTarget(target), send };
}

/** The same, by its name alone. */
export async function placeOf(setup: Setup, context: CommandContext): Promise<string> {
  return (await configuredPlace(setup, context)).place;
}
