import { resolve } from 'node:path';
import type { AskContext } from '../../../ask/context.ts';
import { createReport } from '../../../ask/report.ts';
import { loadSettings } from '../../../config/load.ts';
import { SqlqError } from '../../../errors.ts';
import type { ValueIndex } from '../../../model/model.ts';
import type { Schema } from '../../../schema/schema.ts';
import type { Case } from '../../../suite/read-suite.ts';
import type { RecordedCase, RecordedTurn } from '../../../suite/recording.ts';
import { recordingModel } from '../../../suite/replay.ts';
import { mostRows } from '../../../suite/run-case.ts';
import { createSilentTerminal } from '../../../terminal/silent.ts';
import type { CommandContext } from '../../context.ts';
import { settingValues } from '../../options/setting-values.ts';
import { askContext } from '../../run/ask-context.ts';
import { type OpenedDatabase, openConfigured } from '../../run/database.ts';
import { type ChosenModel, chooseModel } from '../../run/model.ts';
import type { Setup } from '../../run/setup.ts';
import { givesAgain, offlineModel, replayed, sentTo } from './model.ts';
import type { TestOptions } from './options.ts';

/** Whether a run gives recorded replies again, or asks, and whether it keeps what it hears. */
export type Mode = 'replay' | 'record' | 'live';

/** A case, ready to be asked. */
export interface PreparedCase {
  readonly context: AskContext;
  /** What to keep of it, once it has been asked; null where nothing is to be kept. */
  readonly recorded: () => RecordedCase | null;
}

/** Opens databases and models for cases, each once for all cases that need the same; a worker has connections of its own. */
export interface Preparer {
  /** Throws a StaleRecordingError where a case has no replies that could be given again. */
  prepare(
    worker: number,
    suitePath: string,
    entry: Case,
    recordings: ReadonlyMap<string, RecordedCase>,
  ): Promise<PreparedCase>;
  close(): Promise<void>;
}

export function createPreparer(
  setup: Setup,
  context: CommandContext,
  options: TestOptions,
  mode: Mode,
): Preparer {
  const setups = new Map<string, Promise<Setup>>();
  const databases = new Map<string, Promise<OpenedDatabase>>();
  const models = new Map<string, Promise<ChosenModel>>();
  const schemas = new Map<string, Promise<Schema>>();
  const values = new Map<string, Promise<ValueIndex>>();
  // What a case has to say goes into its result.
  const terminal = createSilentTerminal(context.streams, context.environment);

  async function setupOf(suitePath: string, entry: Case): Promise<Setup> {
    const flags = settingValues(options);
    const ownModel = flags.profile === undefined && flags.baseUrl === undefined;
    const path = resolve(context.workingDirectory, suitePath);
    const settings = await loadSettings({
      flags: {
        ...flags,
        profile: flags.profile ?? (ownModel ? (entry.profile ?? undefined) : undefined),
        model: flags.model ?? (ownModel ? (entry.model ?? undefined) : undefined),
      },
      environment: context.environment,
      workingDirectory: context.workingDirectory,
      homeFolder: context.homeFolder,
      suite: entry.database === null ? null : { path, database: entry.database },
    });
    // What a user asked before and has added is kept of questions alone, and decides no test.
    const values = { ...settings.values, history: false, docs: false };
    return { ...setup, settings: { ...settings, values }, terminal };
  }

  /** One call for all cases that make the same one; what it makes is the same for all of them. */
  function once<Value>(
    made: Map<string, Promise<Value>>,
    key: readonly unknown[],
    make: () => Promise<Value>,
  ) {
    const name = JSON.stringify(key);
    const value = made.get(name) ?? make();
    made.set(name, value);
    return value;
  }

  return {
    async prepare(worker, suitePath, entry, recordings) {
      const place = [entry.database === null ? null : suitePath, entry.database];
      const own = await once(setups, [place, entry.profile, entry.model], () => setupOf(suitePath, entry));
      const kept = mode === 'replay' ? recordings.get(entry.name) : undefined;
      const replays = mode === 'replay' && givesAgain(own.settings, kept, recordings);
      const today = entry.today ?? (kept === undefined ? context.now() : new Date(`${kept.today}T12:00:00`));
      const chosen =
        replays && kept !== undefined
          ? replayed(kept)
          : mode === 'replay'
            ? await once(models, ['offline', isNamed(own)], () => {
                if (!isNamed(own)) {
                  setup.terminal.note(nothingRecorded);
                }
                return offlineModel();
              })
            : await once(models, [entry.profile, entry.model], () =>
                // Whoever asks a server is told which.
                chooseModel({ ...own, terminal: setup.terminal }, context),
              );
      const database = await once(databases, [worker, place], () => openConfigured(own, context, 'read'));
      const turns: RecordedTurn[] = [];
      const records = mode === 'record' && chosen.server !== null;
      const model = records ? recordingModel(chosen.model, turns) : chosen.model;
      // Its --output is the report's.
      const { output: _output, ...flags } = options;
      const asked = await askContext(own, context, database, { ...flags, yes: true }, { ...chosen, model });
      const send = sentTo(own.settings, database, chosen, kept);
      return {
        context: {
          ...asked,
          generation: {
            ...asked.generation,
            describe: { comments: send.includes('comments'), defaults: send.includes('defaults') },
            sendRows: send.includes('rows'),
            answers: null,
          },
          knowledge: {
            // One schema for all, as an engine prepares each that it is given.
            readSchema: () => once(schemas, place, asked.knowledge.readSchema),
            readValues: (schema) => once(values, place, () => asked.knowledge.readValues(schema)),
            // A kept reply is one to the prompt without them.
            knownValues: mode === 'replay' ? null : asked.knowledge.knownValues,
            readProfiles: mode === 'replay' ? null : asked.knowledge.readProfiles,
            // Notes belong to the database; examples are of whoever runs the test.
            recall: async (question, schema) => ({
              notes:
                replays && !send.includes('comments')
                  ? []
                  : (await asked.knowledge.recall(question, schema)).notes,
              examples: [],
              documents: [],
              attempts: [],
            }),
            searchDocuments: null,
            // What a test asks is nobody's history.
            remember: null,
          },
          turn: { ...asked.turn, now: today },
          report: createReport(),
          delivery: { ...asked.delivery, output: null, limit: mostRows, collect: true },
        },
        recorded: () =>
          records
            ? {
                case: entry.name,
                question: entry.question,
                today: dayOf(today),
                provider: chosen.model.provider,
                model: chosen.model.name,
                schemaBudget: chosen.schemaBudget,
                send: [...send],
                turns,
              }
            : null,
      };
    },
    async close() {
      await Promise.all(
        [...databases.values()].map((opened) =>
          opened.then(
            ({ client }) => client.close(),
            () => {},
          ),
        ),
      );
    },
  };
}

const nothingRecorded =
  'No profile is named and nothing is recorded: the offline engine answers. Name one, or use --record or --live.';

function isNamed({ settings }: Setup): boolean {
  return settings.values.profile !== null;
}

function dayOf(date: Date): string {
  const pad = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Puts the place of a case before an error that ends the run. */
export function atCase(error: unknown, suitePath: string, entry: Case): unknown {
  if (!(error instanceof SqlqError) || error.code !== 'usage') {
    return error;
  }
  return new SqlqError('usage', `${suitePath}:${entry.line}: ${error.message}`, {
    ...(error.hint === null ? {} : { hint: error.hint }),
    cause: error,
  });
}
