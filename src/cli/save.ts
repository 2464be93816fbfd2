import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { formatSql } from '../ask/format-sql.ts';
import { projectFolders } from '../config/file.ts';
import { describeTarget } from '../database/target.ts';
import type { ExitCode } from '../errors.ts';
import { readAnswer } from '../memory/history.ts';
import { flagOf } from '../memory/parameters.ts';
import { makeSaved, parseSaved } from '../memory/saved.ts';
import { keepSaved, listSaved } from '../memory/saved-files.ts';
import type { CommandContext } from './context.ts';
import { openConfigured, readSchema } from './database.ts';
import { numberOf } from './history.ts';
import { memoryOf } from './memory.ts';
import type { SavedOptions, SaveOptions } from './options.ts';
import { requirePlace } from './run.ts';
import { makeSetup, withSetup } from './setup.ts';

/** `sqlq save`: an answer becomes a file that can be run again with other values. */
export async function saveCommand(
  name: string,
  options: SaveOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { from, force = false, ...others } = options;
  const store = await memoryOf(await makeSetup(others, context));
  const answer = readAnswer(store, from === undefined ? null : numberOf(from, '--from'));
  const db = options.db ?? answer.name;
  return withSetup(db === null || db === undefined ? others : { ...others, db }, context, async (setup) => {
    const { terminal } = setup;
    const database = await openConfigured(setup, context, 'read');
    try {
      requirePlace(answer.place, describeTarget(database.target), options);
      const schema = await readSchema(database, setup, context.signal, options.refresh === true);
      const sql = await formatSql(answer.sql, database.target.engine);
      const saved = makeSaved(answer.question, sql, schema);
      const path = await keepSaved(name, saved, await foldersOf(context), force);
      const flags = saved.parameters.map(
        ({ name: parameter, default: value }) => ` --${flagOf(parameter)} ${shellWord(value ?? '…')}`,
      );
      terminal.note(terminal.escape(`Saved as ${relative(context.workingDirectory, path)}`));
      terminal.note(terminal.escape(`Run it with: sqlq run ${name}${flags.join('')}`));
    } finally {
      await database.client.close();
    }
    return undefined;
  });
}

/** `sqlq saved`: the saved questions of the project. */
export function savedCommand(options: SavedOptions, context: CommandContext): Promise<ExitCode> {
  return withSetup(options, context, async ({ terminal }) => {
    const found = await listSaved(await foldersOf(context));
    const all = await Promise.all(
      found.map(async ({ name, path }) => ({
        name,
        path,
        ...parseSaved(await readFile(path, 'utf8'), path),
      })),
    );
    if (options.json === true) await terminal.print(`${JSON.stringify(all, null, 2)}\n`);
    else {
      const width = Math.max(0, ...all.map(({ name }) => name.length));
      const lines = all.map(({ name, question, parameters }) => {
        const flags = parameters.map((parameter) => `--${flagOf(parameter.name)}`).join(' ');
        const words = question.replace(/\s+/gu, ' ');
        return `${terminal.escape(`${name.padEnd(width)}  ${words}${flags === '' ? '' : `  ${flags}`}`)}\n`;
      });
      await terminal.print(lines.join(''));
    }
    if (all.length === 0) terminal.note('Nothing is saved here yet: sqlq save NAME keeps the last answer.');
    return undefined;
  });
}

/** The folders in which a project's saved questions may lie, the nearest first. */
export function foldersOf({ workingDirectory, homeFolder }: CommandContext): Promise<readonly string[]> {
  return projectFolders(workingDirectory, homeFolder);
}

function shellWord(text: string): string {
  return /^[\w.:%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
