import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { Server as TlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { redisOf } from '../../../config/redis.ts';
import { type ExitCode, exitCodes, messageOf, SqlqError } from '../../../errors.ts';
import { sharedMemory } from '../../../serve/accounts/shared-memory.ts';
import { type App, type AppOptions, createApp } from '../../../serve/app.ts';
import { readAuditKey } from '../../../serve/audit/key.ts';
import { openAudit } from '../../../serve/audit/log.ts';
import { auditRoutes } from '../../../serve/audit/routes.ts';
import { createDrain } from '../../../serve/http/drain.ts';
import { registerOnce } from '../../../serve/http/once.ts';
import { createJobs } from '../../../serve/jobs/jobs.ts';
import { jobRoutes } from '../../../serve/jobs/routes.ts';
import { servePage } from '../../../serve/page.ts';
import type { Parts } from '../../../serve/parts.ts';
import { createClientPool } from '../../../serve/pool/client-pool.ts';
import { createQueue } from '../../../serve/pool/queue.ts';
import { createConversations } from '../../../serve/question/conversations.ts';
import { createAnswers } from '../../../serve/question/kept.ts';
import { createPurse } from '../../../serve/question/purse.ts';
import { meOf } from '../../../serve/routes/about.ts';
import { createStanding } from '../../../serve/standing.ts';
import { openState } from '../../../serve/state/open.ts';
import { createSharedModels } from '../../../serve/state/shared-models.ts';
import { sharedTexts } from '../../../serve/state/shared-texts.ts';
import { withOwn } from '../../../serve/state/with-own.ts';
import type { Workspace } from '../../../serve/workspace.ts';
import type { CommandContext } from '../../context.ts';
import { auditFolder, onlyOwn, serveSettings } from '../../run/serve-settings.ts';
import { makeSetup, type Setup } from '../../run/setup.ts';
import { inUrl, type ListenAddress, listenAddress, usualDrain } from './address.ts';
import { createLifetime } from './lifetime.ts';
import { jobLimits, readerLimits, shareOf } from './limits.ts';
import type { ServeOptions } from './options.ts';
import { reloadable } from './reload.ts';
import { openSignIn } from './sign-in.ts';
import { keepHeapSmall } from './small-heap.ts';
import { watchServer } from './watch.ts';
import type { WorkerLink } from './worker.ts';
import { makeWorkspace, type Sharing } from './workspace.ts';

/** So many processes work for one database, and so many calls wait for one. */
const usualProcesses = 4;
const mostWaiting = 200;
/** So many requests a model's server gets at once. */
const mostModelRequests = 16;
const idleMilliseconds = 5 * 60_000;
const writeMilliseconds = 60_000;
/** An answer that all instances may give again is kept for so long. */
const cachedMilliseconds = 30 * 24 * 60 * 60_000;

/** Serves until a signal ends it, and lets what runs come to its end. */
export async function serveUntilEnd(
  setup: Setup,
  context: CommandContext,
  given: ServeOptions,
  address: ListenAddress,
  link: WorkerLink | null,
): Promise<ExitCode> {
  const letHeapGrow = keepHeapSmall();
  /** What was opened, the last first. */
  const open: { close(): unknown }[] = [];
  const opened = <One extends { close(): unknown }>(one: One): One => {
    open.unshift(one);
    return one;
  };
  try {
    await serve(setup, context, given, address, link, opened, letHeapGrow);
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
  given: ServeOptions,
  address: ListenAddress,
  link: WorkerLink | null,
  opened: <One extends { close(): unknown }>(one: One) => One,
  onListening: () => void,
): Promise<void> {
  const { terminal } = setup;
  const { now } = context;
  const options = { ...serveSettings(setup.settings, context), ...given };
  const folder = dirname(setup.memoryFile);
  const drain = createDrain();
  const file = join(folder, 'serve.sqlite');
  const redis = redisOf(context.environment);
  const shared = await openState(redis, file, (isHealthy) =>
    isHealthy
      ? terminal.warn('The shared state (Redis) is there again.')
      : terminal.warn(
          terminal.style(
            'yellow',
            'The shared state (Redis) can not be reached: this instance goes on by itself until it is back.',
          ),
        ),
  );
  const state = opened(redis === null ? shared : withOwn(shared, await openState(null, file)));
  const key =
    options.auditKeyFile === undefined
      ? null
      : await readAuditKey(options.auditKeyFile, context.workingDirectory);
  const audit = opened(await openAudit({ folder: auditFolder(context), key, now }));
  const models = opened(createSharedModels(redis === null ? null : shared));
  const watched = opened(await watchServer(setup, context, options, { state: shared, drain, models, link }));
  const { observe } = watched;
  const sharing = ({ processes = usualProcesses }: ServeOptions): Sharing => ({
    makePool: (own) =>
      createClientPool({
        ...own,
        size: processes,
        mostOfUser: shareOf(processes),
        mostWaiting,
        idleMilliseconds,
        writeMilliseconds,
        observe: (waiting, running) => observe.queue(own.name, waiting, running),
      }),
    makeQueue: (profile) =>
      createQueue({
        name: `the model ${profile}`,
        atOnce: mostModelRequests,
        mostOfUser: shareOf(mostModelRequests),
        mostWaiting,
        observe: (waiting, running) => observe.queue(`model ${profile}`, waiting, running),
      }),
  });
  const { login, token, sql } = await openSignIn(address, options, context, {
    audit,
    observe,
    describe: (caller) => meOf(workspace, caller),
    token: link?.token ?? randomBytes(24).toString('base64url'),
  });
  opened(login);
  const make = (own: Setup, its: ServeOptions): Promise<Workspace> =>
    makeWorkspace(own, context, its, sharing(its), {
      sharedModels: models,
      ...(sql === null ? {} : { sharedMemory: sharedMemory(sql) }),
      ...(redis === null ? {} : { answers: sharedTexts(shared, 'answer-cache:', cachedMilliseconds) }),
    });
  const { workspace, reload } = reloadable(await make(setup, options), drain);
  opened(workspace);
  const onReload = (): void => {
    terminal.note('Reading the settings anew.');
    void reload(async () => {
      const own = await makeSetup(given, context, onlyOwn(given, context));
      const its = { ...serveSettings(own.settings, context), ...given };
      const { tls } = await listenAddress(its, context);
      const made = await make(own, its);
      watched.reload(its);
      if (tls !== null && app.server instanceof TlsServer) {
        app.server.setSecureContext(tls);
      }
      return made;
    });
  };
  const lifetime = opened(createLifetime(link ?? context, drain, options.drain ?? usualDrain, onReload));
  const parts: Parts = {
    workspace,
    login,
    standing: opened(createStanding(login)),
    state,
    observe,
    audit,
    drain,
    answers: createAnswers(state),
    conversations: createConversations(state, now),
    purse: createPurse(state, now),
    now,
    readers: readerLimits(options),
    ending: lifetime.ending,
  };
  const results =
    options.jobFolder === undefined
      ? join(folder, 'jobs')
      : resolve(context.workingDirectory, options.jobFolder);
  const jobs = opened(await createJobs(parts, { ...jobLimits(options), folder: results }));
  const hooks = watched.hooks(workspace);
  const before: AppOptions['before'] =
    address.proxies === 0 ? hooks.before : [...hooks.before, (made) => registerOnce(made, shared)];
  const after: AppOptions['after'] = [
    ...hooks.after,
    (made) => void made.register(jobRoutes(parts, jobs)),
    (made) => servePage(made, pageFolder()),
    (made) => void made.register(auditRoutes(auditFolder(context))),
  ];
  const app = opened(await createApp(parts, { ...address, ...hooks, before, after }));
  await listen(app, address);
  onListening();
  const url = `${address.tls === null ? 'http' : 'https'}://${inUrl(address.host)}:${portOf(app) ?? address.port}/`;
  const served = workspace.databases.map(terminal.escape).join(', ');
  const line = `Serving ${served} at ${token === null ? url : `${url}#token=${token}`}`;
  if (link === null) {
    terminal.show(line);
    terminal.note(terminal.style('dim', 'Ctrl-C ends the server.'));
  } else {
    link.serving(line);
  }
  await lifetime.over;
  if (link === null) {
    terminal.note('Ending: what runs comes to its end first.');
  }
  await lifetime.finish(app);
}

/** Where the page was built into, beside the program. */
function pageFolder(): string {
  const isBuilt = !import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(isBuilt ? './page' : '../../../../dist/page', import.meta.url));
}

async function listen(app: App, { host, port, tls }: ListenAddress): Promise<void> {
  try {
    await app.listen({
      host,
      port,
      // Fastify does not know of the TLS of a server that it has not made.
      listenTextResolver: (url) =>
        `Server listening at ${tls === null ? url : url.replace(/^http:/u, 'https:')}`,
    });
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
