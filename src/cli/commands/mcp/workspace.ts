import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { sendOf } from '../../../config/egress.ts';
import { createRedactor } from '../../../config/redact.ts';
import type { SendKind } from '../../../config/settings/send.ts';
import { withoutEnding } from '../../../database/file-kind.ts';
import { serialize } from '../../../database/process/serialize.ts';
import { describeTarget, isOf } from '../../../database/target.ts';
import { SqlqError } from '../../../errors.ts';
import type { Budget } from '../../../mcp/budget.ts';
import { metered } from '../../../mcp/metered.ts';
import { mostKeptBytes } from '../../../mcp/results.ts';
import type { CallParts, Ledger, ServedDatabase, Telling, Workspace } from '../../../mcp/workspace.ts';
import { parseSaved } from '../../../memory/saved.ts';
import { listSaved, readSavedText } from '../../../memory/saved-files.ts';
import { nearest } from '../../../schema/nearest.ts';
import { createSilentTerminal } from '../../../terminal/silent.ts';
import type { CommandContext } from '../../context.ts';
import { accessOf, askContext, runContext } from '../../run/ask-context.ts';
import { type OpenedDatabase, openConfigured } from '../../run/database.ts';
import { documentSearch } from '../../run/documents.ts';
import { keepFeedback } from '../../run/keep-feedback.ts';
import { notesFor, recaller } from '../../run/memory.ts';
import { type ChosenModel, chooseModel } from '../../run/model.ts';
import { rememberingReaders } from '../../run/remembering-readers.ts';
import { savedFolders } from '../../run/saved-folders.ts';
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
    redact: (text) => createRedactor([...context.secrets])(text),
    warn,
    ledger: parts.ledger,
    silentTerminal: () => createSilentTerminal(context.streams, context.environment),
    async close() {
      await Promise.all(closing.map((close) => close()));
    },
  };
}

/** The databases that a caller may name, the usual one first. Throws a SqlqError `usage`. */
function databaseNames({ settings }: Setup, { databases = [] }: McpOptions): readonly string[] {
  const known = [...settings.databases.keys()];
  const { database } = settings.values;
  const also = databases.includes('all') ? known : databases;
  for (const name of also) {
    if (name !== 'sample' && !settings.databases.has(name)) {
      const near = nearest(name, known);
      throw new SqlqError('usage', `No database of the settings is called "${name}".`, {
        hint: near === null ? `There are: ${['sample', ...known].join(', ')}.` : `Did you mean ${near}?`,
      });
    }
  }
  const [first] = also;
  const usual = database === null ? (first ?? 'database') : nameOf(database, known);
  return [...new Set([usual, ...also])];
}

/** What a database is called towards a caller: never by a URL, which may hold a password. */
function nameOf(database: string, known: readonly string[]): string {
  if (database === 'sample' || known.includes(database)) {
    return database;
  }
  return /^[\w.+-]+:\/\/|=/u.test(database) ? 'database' : withoutEnding(basename(database));
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

/** What may be told: what `send` says, where somebody has set it; else starting this is the word for rows. */
function tellingOf(
  { settings }: Setup,
  database: OpenedDatabase,
): {
  readonly send: readonly SendKind[];
  readonly telling: Telling;
} {
  const isSet = settings.sources.send !== 'built in' || database.send !== null;
  const send: readonly SendKind[] = isSet
    ? sendOf(settings, database.send, null)
    : ['comments', 'defaults', 'samples', 'rows'];
  return {
    send,
    telling: {
      comments: send.includes('comments'),
      defaults: send.includes('defaults'),
      values: send.includes('samples') || send.includes('rows'),
      rows: send.includes('rows'),
    },
  };
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
  const { telling, send } = tellingOf(setup, opened);
  const readers = rememberingReaders(opened, setup, options.refresh === true);
  let writer: Promise<OpenedDatabase> | null = null;
  let chosen: ChosenModel | null = null;
  const { limit, csvSafe } = setup.settings.values;
  const delivery = {
    format: 'csv' as const,
    output: null,
    limit,
    csvSafe,
    collect: true,
    mostBytes: mostKeptBytes,
  };
  const inCall = ({ terminal, prompts, report, signal }: CallParts) => ({
    setup: { ...setup, terminal, prompts, report },
    context: { ...context, signal },
  });
  const database: ServedDatabase = {
    name,
    place: describeTarget(opened.target),
    client: opened.client,
    telling,
    notes: telling.comments ? notesFor(setup) : [],
    ...readers,
    runContext(parts) {
      const call = inCall(parts);
      return { ...runContext(call.setup, call.context, opened, {}), yes: true, delivery };
    },
    async changeContext(parts) {
      writer ??= openConfigured(setup, context, accessOf(options)).then((made) => ({
        ...made,
        client: serialize(metered(made.client, budget)),
      }));
      writer.catch(() => {
        writer = null;
      });
      const call = inCall(parts);
      const { write = false, writeDdl = false } = options;
      return { ...runContext(call.setup, call.context, await writer, { write, writeDdl }), delivery };
    },
    async askContext(parts) {
      chosen ??= await chooseModel(setup, context);
      const call = inCall(parts);
      const made = await askContext(call.setup, call.context, opened, { yes: true }, chosen);
      return {
        ...made,
        delivery,
        knowledge: {
          ...made.knowledge,
          readSchema: () => readers.readSchema(parts.signal),
          readValues: (schema) => readers.readValues(schema, parts.signal),
        },
      };
    },
    recall: recaller(setup, opened, send),
    searchDocuments: documentSearch(setup, describeTarget(opened.target), send),
    fits: ({ engine }) => isOf(opened.target, engine),
    async keepFeedback(answer, verdict, correction) {
      if (!setup.settings.values.history) {
        throw new SqlqError('usage', 'Nothing is remembered here: the setting history is off.');
      }
      return keepFeedback(setup, context, opened, { ...answer, basis: null }, verdict, correction);
    },
  };
  return {
    database,
    async close() {
      await opened.client.close();
      await writer?.then(({ client }) => client.close()).catch(() => {});
    },
  };
}
