import { keepCached } from '../../../ask/cache/answer-cache.ts';
import { redactorOf } from '../../../config/redact.ts';
import type { Access } from '../../../database/database.ts';
import type { DatabaseClient } from '../../../database/process/client.ts';
import { SqlqError } from '../../../errors.ts';
import type { ServedDatabase } from '../../../mcp/workspace.ts';
import type { Caller } from '../../../serve/caller.ts';
import type { ClientPool, PoolOptions } from '../../../serve/pool/client-pool.ts';
import type { Queue } from '../../../serve/pool/queue.ts';
import { queuedModel } from '../../../serve/pool/queued-model.ts';
import { withoutRows } from '../../../serve/question/without-rows.ts';
import { briefTexts } from '../../../serve/state/brief-texts.ts';
import { heldTexts } from '../../../serve/state/held-texts.ts';
import type { Workspace } from '../../../serve/workspace.ts';
import { createSilentTerminal } from '../../../terminal/silent.ts';
import type { CommandContext } from '../../context.ts';
import { accessOf } from '../../run/ask-context.ts';
import { type OpenedDatabase, openConfigured } from '../../run/database.ts';
import { rememberedOf } from '../../run/memory.ts';
import { type ChosenModel, chooseModel } from '../../run/model.ts';
import { rememberingReaders } from '../../run/remembering-readers.ts';
import { savedQuestions } from '../../run/saved-questions.ts';
import { onlyOwn } from '../../run/serve-settings.ts';
import { servedDatabase } from '../../run/served-database.ts';
import { databaseNames } from '../../run/served-names.ts';
import { makeSetup, type Setup } from '../../run/setup.ts';
import { agentWorkspace } from './agent.ts';
import { readerLimits } from './limits.ts';
import { servedModels } from './models.ts';
import type { ServeOptions } from './options.ts';

/** What files say is believed for so long without another look. */
const briefMilliseconds = 1_000;

/** So many questions' second readings are held. */
const mostReadings = 1_000;

/** How callers share what there is. */
export interface Sharing {
  readonly makePool: MakePool;
  /** Makes the queue before the server of a profile. */
  readonly makeQueue: (profile: string) => Queue;
}

/** Makes the pool of a database's processes. */
export type MakePool = (options: Pick<PoolOptions, 'name' | 'engine' | 'open'>) => ClientPool;

/** A database with some columns hidden, for all callers of whom that is so. */
interface Shared {
  readonly setup: Setup;
  readonly opened: OpenedDatabase;
  readonly readers: ReturnType<typeof rememberingReaders>;
  readonly pool: ClientPool;
  openWriter(): Promise<Pooled>;
  close(): Promise<void>;
}

/** An open database whose processes callers share. */
interface Pooled {
  readonly opened: OpenedDatabase;
  readonly pool: ClientPool;
}

/**
 * What the service works with: each database is opened when it is first used, and once for each set of hidden columns.
 * `common` takes the place of what each of their settings would bring.
 */
export async function makeWorkspace(
  usual: Setup,
  context: CommandContext,
  options: ServeOptions,
  { makePool, makeQueue }: Sharing,
  common: Partial<Pick<Setup, 'answers' | 'sharedMemory' | 'sharedModels'>> = {},
): Promise<Workspace> {
  const readings = heldTexts(mostReadings);
  // What each question reads of files is read once for many.
  const reading = <Made extends Setup>(made: Made): Made => ({
    ...made,
    ...common,
    readings,
    cache: briefTexts(made.cache, briefMilliseconds),
    state: briefTexts(made.state, briefMilliseconds),
  });
  const setup = reading(usual);
  const { terminal, report } = setup;
  const only = onlyOwn(options, context);
  const databases = databaseNames(setup, options);
  const warn = (text: string): void => terminal.warn(terminal.style('yellow', terminal.escape(text)));
  const shared = new Map<string, Promise<Shared>>();
  const models = new Map<string, Promise<ChosenModel>>();
  const { limit, history } = setup.settings.values;

  const setupWith = async (own: ServeOptions): Promise<Setup> => reading(await makeSetup(own, context, only));
  const setupFor = (name: string, hide: readonly string[]): Promise<Setup> => {
    // The usual one is as the flags and settings have it, whatever it is called here.
    const db = name === databases[0] ? options.db : name;
    const hidden = [...(options.hide ?? []), ...hide];
    return setupWith({
      ...options,
      ...(db === undefined ? {} : { db }),
      ...(hidden.length > 0 && { hide: hidden }),
    });
  };
  const openShared = (name: string, hide: readonly string[]): Promise<Shared> => {
    const key = JSON.stringify([name, [...new Set(hide)].sort()]);
    const found = shared.get(key) ?? share(name, setupFor(name, hide), context, options, makePool);
    shared.set(key, found);
    found.catch(() => shared.delete(key));
    return found;
  };
  const choose = (profile: string | undefined): Promise<ChosenModel> => {
    const key = profile ?? '';
    const { model: _model, baseUrl: _baseUrl, ...rest } = options;
    const found =
      models.get(key) ??
      (profile === undefined
        ? chooseModel(setup, context)
        : setupWith({ ...rest, profile }).then((own) => chooseModel(own, context)));
    models.set(key, found);
    found.catch(() => models.delete(key));
    return found;
  };
  const queues = new Map<string, Queue>();
  const chooseFor =
    ({ id }: Caller) =>
    async (profile: string | undefined): Promise<ChosenModel> => {
      const chosen = await choose(profile);
      // The engine on this machine has no server to wait for.
      if (chosen.server === null) {
        return chosen;
      }
      const { provider } = chosen.model;
      const queue = queues.get(provider) ?? makeQueue(provider);
      queues.set(provider, queue);
      return { ...chosen, model: queuedModel(chosen.model, queue, id) };
    };
  const open = async (name: string, caller: Caller): Promise<ServedDatabase> => {
    const { setup: own, opened, readers, pool, openWriter } = await openShared(name, caller.hide);
    const memory = {
      who: caller.id,
      // What others have seen may name columns that are hidden from this one.
      examplesOf: caller.hide.length > 0 ? [caller.id] : [caller.id, ''],
      database: name,
    };
    const served = servedDatabase({
      name,
      setup: { ...own, memory },
      context,
      options,
      opened: { ...opened, client: pool.clientFor(caller.id) },
      readers,
      async openWriter() {
        const writer = await openWriter();
        return { ...writer.opened, client: writer.pool.clientFor(caller.id) };
      },
      choose: chooseFor(caller),
    });
    return caller.roles.has('run') ? served : withoutRows(served);
  };
  const workspace: Workspace = {
    version: report.data.version ?? '',
    databases,
    access: accessOf(options),
    limit,
    open,
    models: () => servedModels(setup, context, () => choose(undefined)),
    savedQuestions: () => savedQuestions(context, warn),
    async history({ id }, most, before) {
      return history ? (await rememberedOf(setup)).list(id, most, before) : [];
    },
    async noteRun({ who, history: number, cacheable, ...run }) {
      try {
        if (number !== null) {
          await (await rememberedOf(setup)).noteRun(who, number, run);
        }
        if (cacheable !== null) {
          await keepCached(setup.answers, cacheable, context.now());
        }
      } catch (error) {
        warn(
          `What became of an answer is not kept: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    },
    forAgent: (caller) => agentWorkspace(workspace, caller),
    redact: (text) => redactorOf(context.secrets)(text),
    warn,
    silentTerminal: () => createSilentTerminal(context.streams, context.environment),
    async close() {
      const all = await Promise.allSettled(shared.values());
      await Promise.all(all.map((one) => (one.status === 'fulfilled' ? one.value.close() : null)));
    },
  };
  // Settings that are wrong stay wrong; a server that is down may come back before it is asked.
  await Promise.all(
    databases.map((name) =>
      openShared(name, []).catch((error: unknown) => {
        if (!(error instanceof SqlqError) || error.code === 'usage') {
          throw error;
        }
        warn(error.message);
      }),
    ),
  );
  return workspace;
}

/** Opens a database for all callers from whom the same is hidden. */
async function share(
  name: string,
  made: Promise<Setup>,
  context: CommandContext,
  options: ServeOptions,
  makePool: MakePool,
): Promise<Shared> {
  const setup = await made;
  const { opened, pool } = await openPooled(name, setup, context, 'read', options, makePool);
  let writer: Promise<Pooled> | null = null;
  return {
    setup,
    opened,
    pool,
    readers: rememberingReaders(opened, setup, options.refresh === true),
    openWriter() {
      writer ??= openPooled(name, setup, context, accessOf(options), options, makePool);
      writer.catch(() => {
        writer = null;
      });
      return writer;
    },
    async close() {
      await pool.close();
      await writer?.then((made) => made.pool.close()).catch(() => {});
    },
  };
}

async function openPooled(
  name: string,
  setup: Setup,
  context: CommandContext,
  access: Access,
  options: ServeOptions,
  makePool: MakePool,
): Promise<Pooled> {
  const pools: ClientPool[] = [];
  const manage = (open: () => DatabaseClient, engine: string): DatabaseClient => {
    const made = makePool({ name, engine, open });
    pools.push(made);
    return made.clientFor('');
  };
  const opened = await openConfigured(setup, context, access, {
    streams: readerLimits(options),
    manage,
  });
  const [pool] = pools;
  if (pool === undefined) {
    throw new Error('a database was opened without its pool');
  }
  return { opened, pool };
}
