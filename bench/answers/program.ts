import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { AskContext } from '../../src/ask/context.ts';
import type { SettingOptions } from '../../src/cli/options/shared.ts';
import { askContext } from '../../src/cli/run/ask-context.ts';
import { createEarlyProcess } from '../../src/cli/run/database-process.ts';
import { type ChosenModel, chooseModel } from '../../src/cli/run/model.ts';
import { makeSetup } from '../../src/cli/run/setup.ts';
import { openDatabase } from '../../src/database/process/client.ts';
import type { Target } from '../../src/database/target.ts';
import { createFileGuard } from '../../src/files/file-guard.ts';
import { createSilentTerminal } from '../../src/terminal/silent.ts';

/** One database as the program has it open. */
export interface Opened {
  /** What each question of this database is asked with; its rows are handed back. */
  readonly context: AskContext;
  close(): Promise<void>;
}

/** The program's own way to an answer, with the settings in effect in this folder. */
export interface Program {
  /** Notes on a database of this name count, as with `--db NAME`. */
  open(name: string, target: Target): Promise<Opened>;
  /** Forgets what was cached for the run. */
  close(): void;
}

const never = new AbortController().signal;
/** Rows of an answer that are compared. */
const mostRows = 100_000;

/**
 * Sets the program up as for `sqlq ask --no-cache --yes` with these flags, quiet. Nothing of earlier runs is known to it,
 * and nothing of this one is kept: its caches are in a folder of their own. `model` answers in place of the profile's.
 */
export function createProgram(flags: SettingOptions, model?: ChosenModel): Program {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-bench-'));
  const environment = {
    ...process.env,
    SQLQ_HISTORY: 'off',
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_STATE_HOME: join(folder, 'state'),
  };
  const streams = { stdin: Readable.from([]), stdout: process.stdout, stderr: process.stderr };
  const options: SettingOptions = { ...flags, cache: false, yes: true, quiet: true };
  let chosen = model ?? null;
  return {
    async open(name, target) {
      const command = {
        streams,
        environment,
        workingDirectory: process.cwd(),
        homeFolder: homedir(),
        now: () => new Date(),
        signal: never,
        databaseProcess: createEarlyProcess(environment),
        programFor: () => {
          throw new Error('a benchmark parses no words');
        },
        onInterrupt: () => () => {},
        onSignals: () => () => {},
        command: 'ask',
        typed: [],
        finish: () => {},
        secrets: new Set<string>(),
        files: createFileGuard(null),
      };
      const named = { ...options, db: name };
      const made = await makeSetup(named, command);
      const setup = { ...made, terminal: createSilentTerminal(streams, environment) };
      const { values } = setup.settings;
      const client = openDatabase(target, {
        access: 'read',
        timeoutMilliseconds: values.timeout,
        hide: values.hide,
        memoryLimit: values.memoryLimit,
        environment,
      });
      chosen ??= await chooseModel(setup, command);
      const filter = { schemas: values.schemas, include: values.include, exclude: values.exclude };
      const database = { client, target, filter, identity: [target, filter], hide: values.hide, send: null };
      const asked = await askContext(setup, command, database, named, chosen);
      const schema = await asked.knowledge.readSchema();
      return {
        context: {
          ...asked,
          delivery: { format: 'csv', output: null, limit: mostRows, csvSafe: false, collect: true },
          knowledge: { ...asked.knowledge, readSchema: async () => schema },
        },
        close: () => client.close(),
      };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
