import { configuredDatabase } from '../../config/database/configured.ts';
import { describeTarget } from '../../database/target.ts';
import type { CommandContext } from '../context.ts';
import { sampleFile } from './database.ts';
import type { Setup } from './setup.ts';

/** The database that examples and documents belong to, which is not opened. */
export async function placeOf({ settings, terminal }: Setup, context: CommandContext): Promise<string> {
  const { target } = await configuredDatabase(settings, {
    ...context,
    sampleFile: sampleFile(),
    warn: (text) => terminal.warn(terminal.style('yellow', terminal.escape(text))),
  });
  return describeTarget(target);
}
