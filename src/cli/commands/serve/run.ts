import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type ExitCode, exitCodes, messageOf, SqlqError } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { withSetup } from '../../run/setup.ts';
import { inUrl, listenAddress } from './address.ts';
import { onlyOwn } from './only-own.ts';
import type { ServeOptions } from './options.ts';

/** What runs is waited for so long when the server is to end. */
const usualDrain = 30_000;

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
      if (!address.isLoopback) {
        throw new SqlqError(
          'usage',
          `Other machines reach ${address.host}, and nobody could sign in there.`,
          {
            hint: 'Leave --host out to serve this machine alone.',
          },
        );
      }
      const [
        { createApp },
        { createDrain },
        { localLogin },
        { unobserved },
        { createAnswers },
        { createConversations },
        { openState },
        { openAudit },
        { redisOf },
        { serialize },
        { makeWorkspace },
        { createLifetime },
      ] = await Promise.all([
        import('../../../serve/app.ts'),
        import('../../../serve/http/drain.ts'),
        import('../../../serve/local-login.ts'),
        import('../../../serve/observe.ts'),
        import('../../../serve/question/kept.ts'),
        import('../../../serve/question/conversations.ts'),
        import('../../../serve/state/open.ts'),
        import('../../../serve/audit/log.ts'),
        import('../../../config/redis.ts'),
        import('../../../database/process/serialize.ts'),
        import('./workspace.ts'),
        import('./lifetime.ts'),
      ]);
      const { terminal } = setup;
      const folder = dirname(setup.memoryFile);
      const state = await openState(redisOf(context.environment), join(folder, 'serve.sqlite'));
      const audit = await openAudit({ folder: join(folder, 'audit'), key: null, now: context.now });
      const workspace = await makeWorkspace(setup, context, options, (open) => serialize(open()));
      const token = randomBytes(24).toString('base64url');
      context.secrets.add(token);
      const login = localLogin(token);
      const drain = createDrain();
      const lifetime = createLifetime(context, drain, options.drain ?? usualDrain, () => {});
      const { ending } = lifetime;
      const app = await createApp(
        {
          workspace,
          login,
          state,
          observe: unobserved,
          audit,
          drain,
          answers: createAnswers(state),
          conversations: createConversations(state, context.now),
          now: context.now,
          ending,
        },
        { ...address, before: [], after: [] },
      );
      try {
        await app.listen({ host: address.host, port: address.port }).catch((error: unknown) => {
          throw new SqlqError(
            'failed',
            `Nothing can listen on ${address.host}:${address.port}: ${messageOf(error)}.`,
            {
              hint: 'Give another --port; 0 takes any that is free.',
              cause: error,
            },
          );
        });
        const bound = portOf(app) ?? address.port;
        const url = `${address.tls === null ? 'http' : 'https'}://${inUrl(address.host)}:${bound}/`;
        terminal.show(
          `Serving ${workspace.databases.map(terminal.escape).join(', ')} at ${url}#token=${token}`,
        );
        terminal.note(
          terminal.style('dim', 'Whoever has the token may ask and run. Ctrl-C ends the server.'),
        );
        await lifetime.over;
        terminal.note('Ending: what runs comes to its end first.');
        await lifetime.finish(app);
      } finally {
        lifetime.close();
        await app.close();
        await workspace.close();
        await login.close();
        await audit.close();
        await state.close();
      }
      return exitCodes.answered;
    },
    onlyOwn(options),
  );
}

/** The port that a server has been given. */
function portOf({ server }: FastifyInstance): number | null {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : null;
}
