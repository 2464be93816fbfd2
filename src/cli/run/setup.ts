import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { createReport, type Report } from '../../ask/report.ts';
import { secretsOf } from '../../config/environment.ts';
import { cappedStore, foldersOf, noStore, privateStore } from '../../config/folders.ts';
import { type Effective, type LoadContext, loadSettings } from '../../config/load.ts';
import { createRedactor, redactJson } from '../../config/redact.ts';
import { type ExitCode, exitCodes, messageOf, SqlqError } from '../../errors.ts';
import { claimFile } from '../../files/claim-rows.ts';
import type { Remembered } from '../../memory/remembered.ts';
import type { Endpoint } from '../../model/endpoints/endpoint.ts';
import type { ModelState } from '../../model/endpoints/state.ts';
import type { TextStore } from '../../schema/cache.ts';
import { createPrompts } from '../../terminal/create-prompts.ts';
import type { Prompts } from '../../terminal/prompt.ts';
import { createTerminal, type Terminal } from '../../terminal/terminal.ts';
import type { CommandContext } from '../context.ts';
import { settingValues } from '../options/setting-values.ts';
import type { SettingOptions } from '../options/shared.ts';
import { countsOf, type EventLog, noLog, openEventLog, startsLikeLog } from './event-log.ts';

/** So many answers are kept to be given again. */
const mostAnswers = 500;
/** So many files that were written are known as such, the newest. */
const mostWritten = 2000;

/** What every command works with once its settings are known. */
export interface Setup {
  readonly settings: Effective;
  readonly terminal: Terminal;
  readonly prompts: Prompts;
  readonly report: Report;
  /** Where `--log-json` says what happens. */
  readonly log: EventLog;
  /** Texts that may be lost: schemas, values, what servers can do. */
  readonly cache: TextStore;
  /** SQL of earlier answers, the newest of them. */
  readonly answers: TextStore;
  /** How questions were read a second time, the newest of them. */
  readonly readings: TextStore;
  /** The file of the history and the examples. */
  readonly memoryFile: string;
  /** Where the users of a service have what is remembered of them; left out where the file has it. */
  readonly sharedMemory?: Remembered;
  /** Whose memory it is. */
  readonly memory: WhoseMemory;
  /** The file of documents. */
  readonly documentsFile: string;
  /** The file of what is known of model servers, and of what was used of them; null where none can be kept. */
  readonly modelsFile: string | null;
  /** What a service has to do with the servers of its models, one alone as well as several; left out for one user. */
  readonly sharedModels?: {
    /** Makes of that state one that other machines know too. */
    share(own: ModelState): Promise<ModelState>;
    /** Hears of the servers that questions go to. */
    met(endpoints: readonly Endpoint[]): void;
  };
  /** Texts that are kept: the installation's salt. */
  readonly state: TextStore;
}

/** Whose answers are remembered and found again: '' is whoever runs sqlq on this machine, others use its service. */
export interface WhoseMemory {
  readonly who: string;
  /** Whose examples help. */
  readonly examplesOf: readonly string[];
  /** What a service calls the database; null outside one. */
  readonly database: string | null;
}

/** Loads the settings, does a command's work, and writes its report however that ends. */
export async function withSetup(
  options: SettingOptions,
  context: CommandContext,
  work: (setup: Setup) => Promise<ExitCode | undefined>,
  only: LoadContext['only'] = null,
): Promise<ExitCode> {
  const setup = await makeSetup(options, context, only);
  const { terminal, report } = setup;
  await claimFile({ ...setup, files: context.files }, options.report ?? null, {
    what: 'a report',
    force: options.force === true,
  });
  await claimFile({ ...setup, files: context.files }, options.logJson ?? null, {
    what: 'a log of events',
    continues: startsLikeLog,
    force: false,
  });
  const start = performance.now();
  setup.log.write('start', { version: report.data.version, command: context.command });
  const finish = (exitCode: ExitCode, error: string | null): Promise<void> => {
    report.data.exitCode = exitCode;
    report.data.error = error;
    const { database } = report.data;
    const milliseconds = Math.round(performance.now() - start);
    setup.log.write('end', { database, milliseconds, ...countsOf(report.data) });
    return writeReport(options.report, report, context).finally(() => context.files.wrote());
  };
  try {
    const exitCode = (await work(setup)) ?? exitCodes.answered;
    terminal.progress.stop();
    await finish(exitCode, null);
    return exitCode;
  } catch (error) {
    terminal.progress.stop();
    await finish(error instanceof SqlqError ? exitCodes[error.code] : exitCodes.failed, messageOf(error));
    throw error;
  }
}

/** The settings of flags, environment and files, and all that is made from them. */
export async function makeSetup(
  options: SettingOptions,
  context: CommandContext,
  only: LoadContext['only'] = null,
): Promise<Setup> {
  for (const secret of secretsOf(context.environment)) {
    context.secrets.add(secret);
  }
  const settings = await loadSettings({
    flags: settingValues(options),
    environment: context.environment,
    workingDirectory: context.workingDirectory,
    homeFolder: context.homeFolder,
    only,
  });
  const terminal = createTerminal(context.streams, {
    color: settings.values.color,
    environment: context.environment,
    quiet: options.quiet === true,
    verbose: options.verbose === true,
  });
  for (const warning of settings.warnings) {
    terminal.warn(terminal.style('yellow', terminal.escape(warning)));
  }
  const folders = foldersOf(context.environment, context.homeFolder);
  // A home that is not there is a mistake of whoever starts sqlq, and not for it to make.
  const isHomeless = !existsSync(context.homeFolder);
  const canKeep = (folder: string): boolean => !isHomeless || !folder.startsWith(context.homeFolder);
  if (!canKeep(folders.state)) {
    const text = `The home folder ${context.homeFolder} is not there: nothing is remembered, and nothing is cached in it.`;
    terminal.warn(terminal.style('yellow', terminal.escape(text)));
  }
  await context.files.reads([...settings.files, folders.state, folders.cache]);
  context.files.keepsIn(
    canKeep(folders.state) ? cappedStore(join(folders.state, 'written'), mostWritten) : noStore,
  );
  const log =
    options.logJson === undefined
      ? noLog
      : openEventLog(
          resolve(context.workingDirectory, options.logJson),
          randomBytes(6).toString('hex'),
          context.now,
        );
  const report = createReport((step) => log.write('step', step));
  report.data.time = context.now().toISOString();
  report.data.version = manifest.version;
  return {
    settings: canKeep(folders.state)
      ? settings
      : { ...settings, values: { ...settings.values, history: false } },
    terminal,
    prompts: createPrompts(context.streams, context.signal, context.environment),
    report,
    log,
    cache: canKeep(folders.cache) ? privateStore(folders.cache) : noStore,
    answers: canKeep(folders.cache) ? cappedStore(join(folders.cache, 'answers'), mostAnswers) : noStore,
    readings: canKeep(folders.cache) ? cappedStore(join(folders.cache, 'readings'), mostAnswers) : noStore,
    memoryFile: join(folders.state, 'memory.sqlite'),
    memory: { who: '', examplesOf: [''], database: null },
    documentsFile: join(folders.state, 'documents.sqlite'),
    modelsFile: canKeep(folders.state) ? join(folders.state, 'models.sqlite') : null,
    state: canKeep(folders.state) ? privateStore(folders.state) : noStore,
  };
}

async function writeReport(path: string | undefined, report: Report, context: CommandContext): Promise<void> {
  // The error that names the file is on its way already.
  if (path === undefined || !(await context.files.mayWrite(path))) {
    return;
  }
  const redact = createRedactor([...context.secrets]);
  try {
    await writeFile(path, `${redactJson(report.data, redact)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new SqlqError('usage', `The report ${path} can't be written: ${messageOf(error)}.`, {
      hint: 'Check that its folder exists and is yours to write to.',
      cause: error,
    });
  }
}
