import { dirname, join } from 'node:path';
import { redisOf } from '../../../config/redis.ts';
import { type ExitCode, exitCodes, messageOf, SqlqError } from '../../../errors.ts';
import { type App, type AppOptions, createApp } from '../../../serve/app.ts';
import { readAuditKey } from '../../../serve/audit/key.ts';
import { openAudit } from '../../../serve/audit/log.ts';
import { createDrain } from '../../../serve/http/drain.ts';
import { registerOnce } from '../../../serve/http/once.ts';
import { createJobs } from '../../../serve/jobs/jobs.ts';
import { jobRoutes } from '../../../serve/jobs/routes.ts';
import type { Parts } from '../../../serve/parts.ts';
import { createClientPool } from '../../../serve/pool/client-pool.ts';
import { createConversations } from '../../../serve/question/conversations.ts';
import { createAnswers } from '../../../serve/question/kept.ts';
import { meOf } from '../../../serve/routes/about.ts';
import { openState } from '../../../serve/state/open.ts';
import { createSharedModels } from '../../../serve/state/shared-models.ts';
import { sharedTexts } from '../../../serve/state/shared-texts.ts';
import { withOwn } from '../../../serve/state/with-own.ts';
import type { CommandContext } from '../../context.ts';
import type { Setup } from '../../run/setup.ts';
import { inUrl, type ListenAddress } from './address.ts';
import { createLifetime } from './lifetime.ts';
import type { ServeOptions } from './options.ts';
import { openSignIn } from './sign-in.ts';
import { watchServer } from './watch.ts';
import { type MakePool, makeWorkspace } from './workspace.ts';

/** What runs is waited for so long when the server is to end. */
const usualDrain = 30_000;
/** So many processes work for one database, and so many calls wait for one. */
const usualProcesses = 4;
const mostWaiting = 200;
const idleMilliseconds = 5 * 60_000;
const writeMilliseconds = 60_000;
/** Runs in the background: how many at once, how many more wait, and what is kept of them for how long. */
const jobLimits = {
  atOnce: 2,
  mostWaiting: 50,
  mostOfUser: 50,
  keptMilliseconds: 24 * 60 * 60_000,
  mostBytes: 2 ** 30,
};
/** An answer that all instances may give again is kept for so long. */
const cachedMilliseconds = 30 * 24 * 60 * 60_000;

/** Serves until a signal ends it, and lets what runs come to its end. */
export async function serveUntilEnd(
  setup: Setup,
  context: CommandContext,
  options: ServeOptions,
  address: ListenAddress,
): Promise<ExitCode> {
  /** What was opened, the last first. */
  const open: { close(): unknown }[] = [];
  const opened = <One extends { close(): unknown }>(one: One): One => {
    open.unshift(one);
    return one;
  };
  try {
    await serve(setup, context, options, address, opened);
  } finally {
    for (const one of open) {
      await one.close();
    }
  }
  return exitCodes.answered;
}

async function serve(
  setup: Setup,
  context: CommandContext,
  options: ServeOptions,
  address: ListenAddress,
  opened: <One extends { close(): unknown }>(one: One) => One,
): Promise<void> {
  const { terminal } = setup;
  const { now } = context;
  const folder = dirname(setup.memoryFile);
  const drain = createDrain();
  const file = join(folder, 'serve.sqlite');
  const redis = redisOf(context.environment);
  const shared = await openState(redis, file);
  const state = opened(redis === null ? shared : withOwn(shared, await openState(null, file)));
  const key =
    options.auditKeyFile === undefined
      ? null
      : await readAuditKey(options.auditKeyFile, context.workingDirectory);
  const audit = opened(await openAudit({ folder: join(folder, 'audit'), key, now }));
  const models = opened(createSharedModels(redis === null ? null : shared));
  const watched = opened(await watchServer(setup, context, options, { state: shared, drain, models }));
  const { observe } = watched;
  const makePool: MakePool = (own) =>
    createClientPool({
      ...own,
      size: options.processes ?? usualProcesses,
      mostWaiting,
      idleMilliseconds,
      writeMilliseconds,
      observe: (waiting, running) => observe.queue(own.name, waiting, running),
    });
  const workspace = opened(
    await makeWorkspace(setup, context, options, makePool, {
      sharedModels: models,
      ...(redis === null ? {} : { answers: sharedTexts(shared, 'answer-cache:', cachedMilliseconds) }),
    }),
  );
  const { login, token } = await openSignIn(address, options, context, {
    audit,
    observe,
    describe: (caller) => meOf(workspace, caller),
  });
  opened(login);
  const reload = (): void => terminal.note('Reading the settings anew.');
  const lifetime = opened(createLifetime(context, drain, options.drain ?? usualDrain, reload));
  const parts: Parts = {
    workspace,
    login,
    state,
    observe,
    audit,
    drain,
    answers: createAnswers(state),
    conversations: createConversations(state, now),
    now,
    ending: lifetime.ending,
  };
  const jobs = opened(await createJobs(parts, { ...jobLimits, folder: join(folder, 'jobs') }));
  const hooks = watched.hooks(workspace);
  const before: AppOptions['before'] =
    address.proxies === 0 ? hooks.before : [...hooks.before, (made) => registerOnce(made, shared)];
  const after: AppOptions['after'] = [...hooks.after, (made) => void made.register(jobRoutes(parts, jobs))];
  const app = opened(await createApp(parts, { ...address, ...hooks, before, after }));
  await listen(app, address);
  const url = `${address.tls === null ? 'http' : 'https'}://${inUrl(address.host)}:${portOf(app) ?? address.port}/`;
  const served = workspace.databases.map(terminal.escape).join(', ');
  terminal.show(`Serving ${served} at ${token === null ? url : `${url}#token=${token}`}`);
  terminal.note(terminal.style('dim', 'Ctrl-C ends the server.'));
  await lifetime.over;
  terminal.note('Ending: what runs comes to its end first.');
  await lifetime.finish(app);
}

async function listen(app: App, { host, port }: ListenAddress): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new SqlqError('failed', `Nothing can listen on ${host}:${port}: ${messageOf(error)}.`, {
      hint: 'Give another --port; 0 takes any that is free.',
      cause: error,
    });
  }
}

/** The port that a server has been given. */
function portOf({ server }: App): number | null {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : null;
}
