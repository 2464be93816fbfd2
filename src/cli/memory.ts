import { access } from 'node:fs/promises';
import type { Outcome } from '../ask/context.ts';
import { createRedactor, redactJson } from '../config/redact.ts';
import { describeTarget } from '../database/target.ts';
import { messageOf, SqlqError } from '../errors.ts';
import { addAnswer } from '../memory/history.ts';
import { openStore, type Store } from '../memory/store.ts';
import type { CommandContext } from './context.ts';
import type { OpenedDatabase } from './database.ts';
import type { Setup } from './setup.ts';

const openStores = new WeakMap<Setup, Promise<Store>>();

/** The store of a run, opened once. Rejects with a SqlqError `failed`. */
export function memoryOf(setup: Setup): Promise<Store> {
  const opened = openStores.get(setup) ?? openStore(setup.memoryFile);
  openStores.set(setup, opened);
  return opened;
}

/** Whether anything was ever remembered, so that nothing is loaded to find nothing. */
export async function hasMemory(setup: Setup): Promise<boolean> {
  return access(setup.memoryFile).then(
    () => true,
    () => false,
  );
}

/**
 * What keeps the outcome of a question, or nothing where the settings say so. The store is opened while the question is
 * worked on. What can't be kept is told of once and fails nothing.
 */
export function rememberer(
  setup: Setup,
  context: CommandContext,
  database: OpenedDatabase,
): ((outcome: Outcome) => Promise<void>) | null {
  const { history, historyDays, historyAnswers } = setup.settings.values;
  if (!history) return null;
  const store = memoryOf(setup);
  store.catch(() => {});
  let warned = false;
  return async (outcome) => {
    try {
      const redact = createRedactor([...context.secrets]);
      const clean: Outcome = JSON.parse(redactJson(outcome, redact));
      const place = redact(describeTarget(database.target));
      addAnswer(
        await store,
        { ...clean, place, name: nameOf(setup, database) },
        { days: historyDays, answers: historyAnswers },
        context.now(),
      );
    } catch (error) {
      if (!warned) warn(setup, error);
      warned = true;
    }
  };
}

/** What `--db` would be called with to come to the same database again; a URL may hold more than a place. */
function nameOf(setup: Setup, { target }: OpenedDatabase): string | null {
  const { database } = setup.settings.values;
  if (database !== null && (database === 'sample' || setup.settings.databases.has(database))) return database;
  return target.engine === 'sqlite' ? target.path : null;
}

function warn({ terminal }: Setup, error: unknown): void {
  const reason = error instanceof SqlqError ? error.message : `${messageOf(error)}.`;
  terminal.warn(
    terminal.style('yellow', terminal.escape(`The answer is not kept in the history: ${reason}`)),
  );
}
