import { keepCached } from '../../../ask/cache/answer-cache.ts';
import { createRedactor } from '../../../config/redact.ts';
import { SqlqError } from '../../../errors.ts';
import type { ServedDatabase } from '../../../mcp/workspace.ts';
import { listAnswers, noteRun } from '../../../memory/history.ts';
import { parseSaved } from '../../../memory/saved.ts';
import { listSaved, readSavedText } from '../../../memory/saved-files.ts';
import type { Caller } from '../../../serve/caller.ts';
import type { Workspace } from '../../../serve/workspace.ts';
import { createSilentTerminal } from '../../../terminal/silent.ts';
import type { CommandContext } from '../../context.ts';
import { accessOf } from '../../run/ask-context.ts';
import type { Opening } from '../../run/database.ts';
import { type OpenedDatabase, openConfigured } from '../../run/database.ts';
import { memoryOf } from '../../run/memory.ts';
import { type ChosenModel, chooseModel } from '../../run/model.ts';
import { rememberingReaders } from '../../run/remembering-readers.ts';
import { savedFolders } from '../../run/saved-folders.ts';
import { servedDatabase } from '../../run/served-database.ts';
import { databaseNames } from '../../run/served-names.ts';
import { makeSetup, type Setup } from '../../run/setup.ts';
import { agentWorkspace } from './agent.ts';
import { servedModels } from './models.ts';
import { onlyOwn } from './only-own.ts';
import type { ServeOptions } from './options.ts';

/** How the processes of databases are managed. */
export type Manage = NonNullable<Opening['manage']>;

/** A database with some columns hidden, for all callers of whom that is so. */
interface Shared {
  readonly setup: Setup;
  readonly opened: OpenedDatabase;
  readonly readers: ReturnType<typeof rememberingReaders>;
  openWriter(): Promise<OpenedDatabase>;
  close(): Promise<void>;
}

/** What the service works with: each database is opened when it is first used, and once for each set of hidden columns. */
export async function makeWorkspace(
  setup: Setup,
  context: CommandContext,
  options: ServeOptions,
  manage: Manage,
): Promise<Workspace> {
  const { terminal, report } = setup;
  const only = onlyOwn(options);
  const databases = databaseNames(setup, options);
  const warn = (text: string): void => terminal.warn(terminal.style('yellow', terminal.escape(text)));
  const shared = new Map<string, Promise<Shared>>();
  const models = new Map<string, Promise<ChosenModel>>();
  const { limit, history } = setup.settings.values;

  const setupFor = (name: string, hide: readonly string[]): Promise<Setup> => {
    // The usual one is as the flags and settings have it, whatever it is called here.
    const db = name === databases[0] ? options.db : name;
    const hidden = [...(options.hide ?? []), ...hide];
    return makeSetup(
      { ...options, ...(db === undefined ? {} : { db }), ...(hidden.length > 0 && { hide: hidden }) },
      context,
      only,
    );
  };
  const openShared = (name: string, hide: readonly string[]): Promise<Shared> => {
    const key = JSON.stringify([name, [...new Set(hide)].sort()]);
    const found = shared.get(key) ?? share(setupFor(name, hide), context, options, manage);
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
        : makeSetup({ ...rest, profile }, context, only).then((own) => chooseModel(own, context)));
    models.set(key, found);
    found.catch(() => models.delete(key));
    return found;
  };
  const open = async (name: string, caller: Caller): Promise<ServedDatabase> => {
    const { setup: own, ...parts } = await openShared(name, caller.hide);
    const memory = {
      who: caller.id,
      // What others have seen may name columns that are hidden from this one.
      examplesOf: caller.hide.length > 0 ? [caller.id] : [caller.id, ''],
      database: name,
    };
    return servedDatabase({ ...parts, name, setup: { ...own, memory }, context, options, choose });
  };
  const workspace: Workspace = {
    version: report.data.version ?? '',
    databases,
    access: accessOf(options),
    limit,
    open,
    models: () => servedModels(setup, context, () => choose(undefined)),
    async savedQuestions() {
      const found = await listSaved(await savedFolders(context));
      const read = found.map(async ({ name, path }) => {
        try {
          return [{ name, saved: parseSaved(await readSavedText(path), path) }];
        } catch (error) {
          warn(error instanceof SqlqError ? error.message : String(error));
          return [];
        }
      });
      return (await Promise.all(read)).flat();
    },
    async history({ id }, most, before) {
      return history
        ? listAnswers(await memoryOf(setup), [], most, {
            who: id,
            ...(before === undefined ? {} : { before }),
          })
        : [];
    },
    async noteRun({ history: number, cacheable, ...run }) {
      try {
        if (number !== null) {
          noteRun(await memoryOf(setup), number, run);
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
    redact: (text) => createRedactor([...context.secrets])(text),
    warn,
    silentTerminal: () => createSilentTerminal(context.streams, context.environment),
    async close() {
      const all = await Promise.allSettled(shared.values());
      await Promise.all(all.map((one) => (one.status === 'fulfilled' ? one.value.close() : null)));
    },
  };
  return workspace;
}

/** Opens a database for all callers from whom the same is hidden. */
async function share(
  made: Promise<Setup>,
  context: CommandContext,
  options: ServeOptions,
  manage: Manage,
): Promise<Shared> {
  const setup = await made;
  const opening = { streams: true, manage };
  const opened = await openConfigured(setup, context, 'read', opening);
  let writer: Promise<OpenedDatabase> | null = null;
  return {
    setup,
    opened,
    readers: rememberingReaders(opened, setup, options.refresh === true),
    openWriter() {
      writer ??= openConfigured(setup, context, accessOf(options), opening);
      writer.catch(() => {
        writer = null;
      });
      return writer;
    },
    async close() {
      await opened.client.close();
      await writer?.then(({ client }) => client.close()).catch(() => {});
    },
  };
}
