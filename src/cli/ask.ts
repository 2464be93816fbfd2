import { createAnswerCache } from '../ask/answer-cache.ts';
import { ask } from '../ask/ask.ts';
import type { AskContext, RunContext } from '../ask/context.ts';
import { requirePlaceFor } from '../ask/deliver.ts';
import { readValueIndex } from '../ask/value-index.ts';
import { sendOf } from '../config/egress.ts';
import { variable } from '../config/environment.ts';
import { installationSalt } from '../config/folders.ts';
import type { Access } from '../database/database.ts';
import type { ExitCode } from '../errors.ts';
import { editText } from '../terminal/editor.ts';
import type { CommandContext } from './context.ts';
import { type OpenedDatabase, openConfigured, readSchema } from './database.ts';
import { recaller, rememberer } from './memory.ts';
import { type ChosenModel, chooseModel } from './model.ts';
import type { AskOptions, RowOptions } from './options.ts';
import { readInput } from './question.ts';
import { type Setup, withSetup } from './setup.ts';

/** `sqlq ask`: from the words of the command line to rows. */
export async function askCommand(
  words: readonly string[],
  options: AskOptions,
  context: CommandContext,
): Promise<ExitCode> {
  if (options.batch !== undefined) {
    const { batchCommand } = await import('./batch.ts');
    return batchCommand(options.batch, words, options, context);
  }
  return withSetup(options, context, async (setup) => {
    const { signal } = context;
    const check =
      options.check === undefined ? null : (await import('./check.ts')).readChecks(options.check, options);
    // The database connects while the question is read and the model is chosen.
    const database = await openConfigured(setup, context, accessOf(options));
    try {
      const question = await readInput(words, context.streams.stdin, 'question', signal);
      const asked = await askContext(setup, context, database, options);
      const delivery = check === null ? asked.delivery : { ...asked.delivery, keep: check.keep };
      const answered = await ask({ ...asked, delivery }, question);
      check?.require(answered);
    } finally {
      await database.client.close();
    }
    return undefined;
  });
}

/** Everything that one question needs, from the settings and the flags. */
export async function askContext(
  setup: Setup,
  context: CommandContext,
  database: OpenedDatabase,
  options: AskOptions,
  chosen?: ChosenModel,
): Promise<AskContext & Pick<ChosenModel, 'server'>> {
  const { signal, environment } = context;
  const { model, schemaBudget, selected, server } = chosen ?? (await chooseModel(setup, context));
  const send = sendOf(setup.settings, database.send, selected.kind === 'served' ? selected.send : null);
  const editor = variable(environment, 'VISUAL') ?? variable(environment, 'EDITOR') ?? 'vi';
  return {
    ...runContext(setup, context, database, options),
    model,
    server,
    readSchema: () => readSchema(database, setup, signal, options.refresh === true),
    readValues: (schema) => readValueIndex(database.client, schema, setup.cache, database.identity, signal),
    describe: { comments: send.includes('comments'), defaults: send.includes('defaults') },
    schemaBudget,
    repairs: setup.settings.values.repairs,
    sendRows: send.includes('rows'),
    salt: await installationSalt(setup.state),
    now: context.now(),
    answers:
      server !== null && setup.settings.values.cache
        ? createAnswerCache(setup.answers, server, context.now)
        : null,
    recall: recaller(setup, database, selected.kind === 'served' ? send : null),
    remember: rememberer(setup, context, database),
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
  const delivery = {
    format:
      values.format ?? (options.output === undefined && setup.terminal.width !== null ? 'table' : 'csv'),
    output: options.output ?? null,
    limit: values.limit,
    csvSafe: values.csvSafe,
  };
  if (options.dryRun !== true) requirePlaceFor(delivery, setup.terminal);
  return {
    database: database.client,
    terminal: setup.terminal,
    prompts: setup.prompts,
    report: setup.report,
    access: accessOf(options),
    yes: options.yes === true,
    dryRun: options.dryRun === true,
    maxRowsScanned: values.maxRowsScanned,
    maxCost: values.maxCost,
    delivery,
    signal: context.signal,
  };
}

/** What SQL the flags allow; no settings file can. */
export function accessOf(options: RowOptions): Access {
  if (options.writeDdl === true) return 'ddl';
  return options.write === true ? 'write' : 'read';
}
