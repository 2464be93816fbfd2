import { existsSync } from 'node:fs';
import { createAnswerCache } from '../../ask/cache/answer-cache.ts';
import { knownValueIndex, readValueIndex } from '../../ask/cache/value-index.ts';
import type { AskContext, RunContext } from '../../ask/context.ts';
import { prepareDoubts } from '../../ask/doubts.ts';
import { requirePlaceFor } from '../../ask/execute.ts';
import { sendOf } from '../../config/egress.ts';
import { variable } from '../../config/environment.ts';
import { installationSalt, noStore } from '../../config/folders.ts';
import type { Access } from '../../database/database.ts';
import { describeTarget } from '../../database/target.ts';
import { claimRows } from '../../files/claim-rows.ts';
import { chooseFormat } from '../../render/choose-format.ts';
import type { Schema } from '../../schema/schema.ts';
import { editText } from '../../terminal/editor.ts';
import { createPager, type Pager } from '../../terminal/pager.ts';
import type { CommandContext } from '../context.ts';
import type { CommonOptions, DatabaseOptions, RowOptions } from '../options/shared.ts';
import { type OpenedDatabase, readSchema } from './database.ts';
import { documentSearch } from './documents.ts';
import { embedderOf } from './embeddings.ts';
import { recaller, rememberer } from './memory.ts';
import { type ChosenModel, chooseModel } from './model.ts';
import { profileReader } from './profiles.ts';
import type { Setup } from './setup.ts';

/** Which part of the room for the schema documents may take. */
const shareOfDocuments = 0.25;

/** Everything that one question needs, from the settings and the flags. */
export async function askContext(
  setup: Setup,
  context: CommandContext,
  database: OpenedDatabase,
  options: DatabaseOptions & RowOptions,
  chosen?: ChosenModel,
): Promise<AskContext & Pick<ChosenModel, 'server' | 'provider'>> {
  const { signal, environment } = context;
  const { model, schemaBudget, selected, secondModel, provider, server } =
    chosen ?? (await chooseModel(setup, context));
  const send = sendOf(setup.settings, database.send, selected.kind === 'served' ? selected.send : null);
  const toServer = selected.kind === 'served' ? send : null;
  const embedder = embedderOf(setup, provider, server, context.now);
  const editor = variable(environment, 'VISUAL') ?? variable(environment, 'EDITOR') ?? 'vi';
  const { doubts, ...run } = runContext(setup, context, database, options);
  /** What the question was last answered from is what its answer is doubted by; nobody asks the database for it again. */
  let answeredFrom: Promise<Schema> | null = null;
  return {
    ...run,
    doubts: doubts && { ...doubts, readSchema: () => answeredFrom ?? doubts.readSchema() },
    server,
    provider,
    generation: {
      model,
      describe: { comments: send.includes('comments'), defaults: send.includes('defaults') },
      schemaBudget,
      lookSteps: setup.settings.values.lookSteps,
      repairs: setup.settings.values.repairs,
      sendRows: send.includes('rows'),
      sendValues: send.includes('values'),
      readsValues: selected.kind === 'offline',
      secondModel,
      readings: setup.settings.values.history ? setup.readings : noStore,
      salt: await installationSalt(setup.state),
      answers:
        server !== null && setup.settings.values.cache
          ? createAnswerCache(setup.answers, server, context.now)
          : null,
    },
    knowledge: {
      readSchema() {
        answeredFrom = readSchema(database, setup, signal, options.refresh === true);
        return answeredFrom;
      },
      readValues: (schema) => readValueIndex(database.client, schema, setup.cache, database.identity, signal),
      knownValues: send.some((kind) => kind === 'samples' || kind === 'rows')
        ? () => knownValueIndex(setup.cache, database.identity)
        : null,
      readProfiles: selected.kind === 'offline' ? null : profileReader(setup, database, send, signal),
      recall: recaller(setup, database, toServer, { room: schemaBudget * shareOfDocuments, embedder }),
      searchDocuments: existsSync(setup.documentsFile)
        ? documentSearch(setup, database, toServer, embedder)
        : null,
      remember: rememberer(setup, context, database),
    },
    turn: { now: context.now(), previous: null, rejected: [], attempts: [] },
    edit: (sql) => editText(editor, sql, environment),
  };
}

/** What SQL needs to run, whoever wrote it. */
export function runContext(
  setup: Setup,
  context: CommandContext,
  database: OpenedDatabase,
  options: RowOptions,
): RunContext {
  const { values } = setup.settings;
  // `-` is stdout, as for every other program.
  const output = options.output === undefined || options.output === '-' ? null : options.output;
  const delivery = {
    format: chooseFormat({
      named: options.format ?? null,
      usual: values.format ?? null,
      output,
      onTerminal: output === null && setup.terminal.width !== null,
    }),
    output,
    limit: values.limit,
    csvSafe: values.csvSafe,
  };
  if (options.dryRun !== true) {
    requirePlaceFor(delivery, setup.terminal);
  }
  if (values.doubts) {
    prepareDoubts(database.client.engine);
  }
  return {
    database: database.client,
    place: describeTarget(database.target),
    terminal: setup.terminal,
    prompts: setup.prompts,
    files: context.files,
    pager: options.pager === false ? null : pagerOf(setup, context),
    report: setup.report,
    access: accessOf(options),
    yes: options.yes === true,
    dryRun: options.dryRun === true,
    maxRowsScanned: values.maxRowsScanned,
    maxCost: values.maxCost,
    delivery,
    doubts: values.doubts
      ? {
          readSchema: () => readSchema(database, setup, context.signal, false),
          now: context.now,
          timeoutMs: values.doubtTimeout,
          strict: values.strict,
        }
      : null,
    signal: context.signal,
  };
}

/** The pager of the user's terminal. */
export function pagerOf(
  { terminal }: Setup,
  { streams, environment, onInterrupt }: CommandContext,
): Pager | null {
  return createPager(streams, { environment, onInterrupt, print: terminal.print });
}

/** Asks for the file of `--output`, where there is one, before anything is spent on what would stand in it. */
export function claimOutput(
  setup: Setup,
  context: CommandContext,
  { delivery }: RunContext,
  options: RowOptions & CommonOptions,
): Promise<void> {
  if (options.dryRun === true) {
    return Promise.resolve();
  }
  return claimRows({ ...setup, files: context.files }, delivery, options.force === true);
}

/** What SQL the flags allow; no settings file can. */
export function accessOf(options: RowOptions): Access {
  if (options.writeDdl === true) {
    return 'ddl';
  }
  return options.write === true ? 'write' : 'read';
}
