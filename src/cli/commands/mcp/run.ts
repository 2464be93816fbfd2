import { type ExitCode, exitCodes, SqlqError } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { withSetup } from '../../run/setup.ts';
import type { McpOptions } from './options.ts';

/** `sqlq mcp`: a session of an agent, or what its client has to be told to start one. */
export async function run(
  { options }: Invocation<string | undefined, McpOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  if (options.install !== undefined) {
    const { install } = await import('./install.ts');
    return install(options, options.install, context);
  }
  if (options.apply === true || options.name !== undefined) {
    throw new SqlqError('usage', '--apply and --name go with --install alone.', {
      hint: 'Name the client: sqlq mcp --install claude --apply',
    });
  }
  return withSetup(options, context, async (setup) => {
    const [{ createBudget }, { createSession }, { serveOnStdio }, { makeWorkspace }, { openLedger }] =
      await Promise.all([
        import('../../../mcp/budget.ts'),
        import('../../../mcp/session.ts'),
        import('../../../mcp/stdio.ts'),
        import('./workspace.ts'),
        import('./ledger.ts'),
      ]);
    const ledger = await openLedger(setup, context, options.ledger);
    const budget = createBudget({
      rows: options.maxRows ?? null,
      milliseconds: options.maxTime ?? null,
    });
    const workspace = await makeWorkspace(setup, context, options, { budget, ledger });
    const { terminal } = setup;
    terminal.note(
      terminal.style(
        'dim',
        `Serving ${workspace.databases.map(terminal.escape).join(', ')} on standard input and output; Ctrl-C ends it.`,
      ),
    );
    try {
      await serveOnStdio(createSession(workspace, budget), context.streams, context.signal);
    } finally {
      await workspace.close();
    }
    return exitCodes.answered;
  });
}
