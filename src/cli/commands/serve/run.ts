import type { ExitCode } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { withSetup } from '../../run/setup.ts';
import { listenAddress } from './address.ts';
import { onlyOwn } from './only-own.ts';
import type { ServeOptions } from './options.ts';

/** `sqlq serve`: a server until a signal ends it. */
export function run(
  { options }: Invocation<string | undefined, ServeOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(
    options,
    context,
    async (setup) => {
      const address = await listenAddress(options, context);
      const { serveUntilEnd } = await import('./server.ts');
      return serveUntilEnd(setup, context, options, address);
    },
    onlyOwn(options, context),
  );
}
