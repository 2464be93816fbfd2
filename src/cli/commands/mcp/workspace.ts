import { realpath, stat } from 'node:fs/promises';
import { redactorOf } from '../../../config/redact.ts';
import { serialize } from '../../../database/process/serialize.ts';
import { SqlqError } from '../../../errors.ts';
import type { Budget } from '../../../mcp/budget.ts';
import { metered } from '../../../mcp/metered.ts';
import type { Ledger, ServedDatabase, Workspace } from '../../../mcp/workspace.ts';
import { createSilentTerminal } from '../../../terminal/silent.ts';
import type { CommandContext } from '../../context.ts';
import { accessOf } from '../../run/ask-context.ts';
import { type OpenedDatabase, openConfigured } from '../../run/database.ts';
import { type ChosenModel, chooseModel } from '../../run/model.ts';
import { rememberingReaders } from '../../run/remembering-readers.ts';
import { savedQuestions } from '../../run/saved-questions.ts';
import { servedDatabase } from '../../run/served-database.ts';
import { databaseNames } from '../../run/served-names.ts';
import { makeSetup, type Setup } from '../../run/setup.ts';
import type { McpOptions } from './options.ts';

/** What a session of an agent works with: each database is opened when it is first used, and stays open. */
export async function makeWorkspace(
  setup: Setup,
  context: CommandContext,
  options: McpOptions,
  parts: { readonly budget: Budget; readonly ledger: Ledger },
): Promise<Workspace> {
  const { terminal, report } = setup;
  const databases = databaseNames(setup, options);
  // Before a database is opened, which an error would leave open.
  const folder = options.saveTo === undefined ? null : await folderAt(options.saveTo);
  const closing: (() => Promise<void>)[] = [];
  const opened = new Map<string, Promise<ServedDatabase>>();
  const warn = (text: string): void => terminal.warn(terminal.style('yellow', terminal.escape(text)));
  const openOne = async (name: string): Promise<ServedDatabase> => {
    // The usual one is as the flags and settings have it, whatever it is called here.
    const own = name === databases[0] ? setup : await makeSetup({ ...options, db: name }, context);
    const served = await serve(name, own, context, options, parts.budget);
    closing.push(served.close);
    return served.database;
  };
  const open = (name: string): Promise<ServedDatabase> => {
    const found = opened.get(name) ?? openOne(name);
    opened.set(name, found);
    found.catch(() => opened.delete(name));
    return found;
  };
  const [first = ''] = databases;
  await open(first).catch((error: unknown) => {
    // Settings that are wrong stay wrong; a server that is down may come back before it is asked.
    if (!(error instanceof SqlqError) || error.code === 'usage') {
      throw error;
    }
    warn(error.message);
  });
  return {
    version: report.data.version ?? '',
    databases,
    access: accessOf(options),
    folder,
    open,
    savedQuestions: () => savedQuestions(context, warn),
    redact: (text) => redactorOf(context.secrets)(text),
    warn,
    around: (_call, work) => work(),
    ledger: parts.ledger,
    silentTerminal: () => createSilentTerminal(context.streams, context.environment),
    async close() {
      await Promise.all(closing.map((close) => close()));
    },
  };
}

async function folderAt(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true) {
    throw new SqlqError('usage', `--save-to names no folder: ${path}`, {
      hint: `Make it first: mkdir ${path}`,
    });
  }
  return realpath(path);
}

/** Opens a database for a caller. */
async function serve(
  name: string,
  setup: Setup,
  context: CommandContext,
  options: McpOptions,
  budget: Budget,
): Promise<{ readonly database: ServedDatabase; readonly close: () => Promise<void> }> {
  const read = await openConfigured(setup, context, 'read');
  const opened: OpenedDatabase = { ...read, client: serialize(metered(read.client, budget)) };
  const readers = rememberingReaders(opened, setup, options.refresh === true);
  let writer: Promise<OpenedDatabase> | null = null;
  let chosen: ChosenModel | null = null;
  const database = servedDatabase({
    name,
    setup,
    context,
    options,
    opened,
    readers,
    openWriter() {
      writer ??= openConfigured(setup, context, accessOf(options)).then((made) => ({
        ...made,
        client: serialize(metered(made.client, budget)),
      }));
      writer.catch(() => {
        writer = null;
      });
      return writer;
    },
    async choose() {
      chosen ??= await chooseModel(setup, context);
      return chosen;
    },
  });
  return {
    database,
    async close() {
      await opened.client.close();
      await writer?.then(({ client }) => client.close()).catch(() => {});
    },
  };
}
