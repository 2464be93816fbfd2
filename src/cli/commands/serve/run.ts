import type { ExitCode } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { withSetup } from '../../run/setup.ts';
import { listenAddress } from './address.ts';
import { onlyOwn } from './only-own.ts';
import type { ServeOptions } from './options.ts';
import { workerLink } from './workers/worker.ts';

/** `sqlq serve`: a server until a signal ends it, or several processes of it. */
export async function run(
  { options }: Invocation<string | undefined, ServeOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { workers = 1 } = options;
  const link = await workerLink(context);
  return withSetup(
    options,
    context,
    async (setup) => {
      const address = await listenAddress(options, context);
      if (workers > 1 && link === null) {
        const { supervise } = await import('./workers/supervise.ts');
        return supervise(workers, setup, context, options);
      }
      const { serveUntilEnd } = await import('./server.ts');
      return serveUntilEnd(setup, context, options, address, link);
    },
    onlyOwn(options, context),
  ).finally(() => link?.close());
}
