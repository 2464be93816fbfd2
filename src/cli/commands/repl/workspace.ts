import { basename } from 'node:path';
import { readHeader } from '../../../database/file.ts';
import { withoutEnding } from '../../../database/file-kind.ts';
import { openDatabase } from '../../../database/process/client.ts';
import { serialize } from '../../../database/process/serialize.ts';
import { describeTarget, isFile, type Target } from '../../../database/target.ts';
import { SqlqError } from '../../../errors.ts';
import type { Workspace } from '../../../repl/workspace.ts';
import type { CommandContext } from '../../context.ts';
import { accessOf, askContext, runContext } from '../../run/ask-context.ts';
import { type OpenedDatabase, openConfigured } from '../../run/database.ts';
import { keepFeedback } from '../../run/keep-feedback.ts';
import { type ChosenModel, chooseModel } from '../../run/model.ts';
import { placesOf } from '../../run/profile.ts';
import { rememberingReaders } from '../../run/remembering-readers.ts';
import { makeSetup, type Setup } from '../../run/setup.ts';
import type { ReplOptions } from './options.ts';

/** Makes the workspace of a session; `opened` is the database of the one before, where it stays. */
export async function makeWorkspace(
  setup: Setup,
  context: CommandContext,
  options: ReplOptions,
  opened?: OpenedDatabase,
): Promise<Workspace> {
  const database = opened ?? (await openForSession(setup, context, options));
  const { client, target } = database;
  let chosen: ChosenModel | null = null;
  const choose = async (signal: AbortSignal): Promise<ChosenModel> => {
    chosen ??= await chooseModel(setup, { ...context, signal });
    return chosen;
  };
  const { readSchema, readValues } = rememberingReaders(database, setup, options.refresh === true);

  return {
    name: nameOf(target),
    place: describeTarget(target),
    database: client,
    async askContext(signal) {
      const inStep = { ...context, signal };
      const made = await askContext(setup, inStep, database, options, await choose(signal));
      return {
        ...made,
        knowledge: {
          ...made.knowledge,
          readSchema: () => readSchema(signal),
          readValues: (schema) => readValues(schema, signal),
        },
      };
    },
    runContext: (signal) => runContext(setup, { ...context, signal }, database, options),
    readSchema,
    readValues,
    openRows: (columns, rows) => {
      const { timeout, memoryLimit } = setup.settings.values;
      return openDatabase(
        { engine: 'sqlite', path: ':memory:', content: { columns, rows } },
        {
          access: 'read',
          timeoutMilliseconds: timeout,
          hide: [],
          memoryLimit,
          environment: context.environment,
        },
      );
    },
    async choices(kind) {
      const names = { databases: 'db', profiles: 'profile', models: 'model' } as const;
      const { valuesOf } = await import('../complete/values.ts');
      const { profile, baseUrl } = options;
      const flags = [...given('--profile', profile), ...given('--base-url', baseUrl)];
      const { words } = await valuesOf(names[kind], undefined, flags, context);
      return words.map(({ word }) => word);
    },
    async describeModel(signal) {
      const { model, selected } = await choose(signal);
      return selected.kind === 'recorded'
        ? `${model.provider} (its replies are recorded)`
        : `${placesOf(selected)} (${selected.why})`;
    },
    giveFeedback: async (turn, verdict, correction) =>
      keepFeedback(setup, context, database, turn, verdict, correction),
    save: async (turn, name, replace, signal) =>
      (await import('./memory.ts')).saveTurn(setup, context, database, turn, {
        name,
        replace,
        schema: await readSchema(signal),
      }),
    async change({ db, profile, model }, signal) {
      if (model !== undefined && (await choose(signal)).selected.kind === 'offline') {
        throw new SqlqError('usage', 'The offline engine has no models to choose from.', {
          hint: 'Take a profile with a server first: .profile NAME',
        });
      }
      const wanted = changed(options, { db, profile, model });
      const other = await makeSetup(wanted, context);
      if (db === undefined) {
        const next = await makeWorkspace(other, context, wanted, database);
        await next.describeModel(signal);
        return next;
      }
      const moved = await openForSession(other, context, wanted);
      try {
        await moved.client.facts(signal);
      } catch (error) {
        await moved.client.close();
        throw error;
      }
      await client.close();
      return makeWorkspace(other, context, wanted, moved);
    },
    close: () => client.close(),
  };
}

async function openForSession(
  setup: Setup,
  context: CommandContext,
  options: ReplOptions,
): Promise<OpenedDatabase> {
  const opened = await openConfigured(setup, context, accessOf(options));
  const { target, client } = opened;
  // The prompt comes before the database is open, and a pipe may hold nothing that would open it.
  if (isFile(target) && target.reading === undefined) {
    try {
      readHeader(target.path, target.engine);
    } catch (error) {
      await client.close();
      throw error;
    }
  }
  return { ...opened, client: serialize(opened.client) };
}

/** The flags with others in their place: another profile has its own server and model. */
function changed(
  options: ReplOptions,
  { db, profile, model }: Readonly<Record<'db' | 'profile' | 'model', string | undefined>>,
): ReplOptions {
  if (db !== undefined) {
    return { ...options, db };
  }
  if (model !== undefined) {
    return { ...options, model };
  }
  if (profile === undefined) {
    throw new SqlqError('usage', 'Nothing was named.');
  }
  const { model: _model, baseUrl: _baseUrl, ...rest } = options;
  return { ...rest, profile };
}

function given(flag: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [flag, value];
}

function nameOf(target: Target): string {
  if (isFile(target)) {
    return withoutEnding(basename(target.path));
  }
  return target.database ?? target.host;
}
