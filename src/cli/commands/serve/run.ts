import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { noDatabase } from '../../../config/database/target.ts';
import { settingsNames } from '../../../config/files/file-names.ts';
import { type ExitCode, SqlqError } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { onlyOwn, serveSettings } from '../../run/serve-settings.ts';
import { withSetup } from '../../run/setup.ts';
import { listenAddress } from './address.ts';
import type { ServeOptions } from './options.ts';
import { workerLink } from './worker.ts';

/** `sqlq serve`: a server until a signal ends it, or several processes of it. */
export async function run(
  { options: given }: Invocation<string | undefined, ServeOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const link = await workerLink(context);
  return withSetup(
    given,
    context,
    async (setup) => {
      const options = { ...serveSettings(setup.settings, context), ...given };
      const { workers = 1 } = options;
      const address = await listenAddress(options, context);
      if (workers > 1 && link === null) {
        const { supervise } = await import('./supervise.ts');
        return supervise(workers, setup, context, options);
      }
      const { serveUntilEnd } = await import('./server.ts');
      return serveUntilEnd(setup, context, given, address, link);
    },
    onlyOwn(given, context),
  )
    .catch((error: unknown) => {
      throw passedOver(error, given, context);
    })
    .finally(() => link?.close());
}

/** Where no database is named, and a file in the folder may name one: that a server reads none of those. */
function passedOver(error: unknown, { config }: ServeOptions, { workingDirectory }: CommandContext): unknown {
  const found = settingsNames.find((name) => existsSync(join(workingDirectory, name)));
  if (
    !(error instanceof SqlqError) ||
    error.message !== noDatabase ||
    config !== undefined ||
    found === undefined
  ) {
    return error;
  }
  return new SqlqError(
    'usage',
    `${noDatabase} A server reads no settings file of the folder, such as ${found}.`,
    {
      hint: `If it is to be read: sqlq serve --config ${found}`,
      cause: error,
    },
  );
}
