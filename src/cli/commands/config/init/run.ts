import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isAddress } from '../../../../config/database/url.ts';
import { foldersOf, writePrivateFile } from '../../../../config/folders.ts';
import { firstSettings } from '../../../../config/init.ts';
import { type ExitCode, messageOf, SqlqError } from '../../../../errors.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { type Setup, withSetup } from '../../../run/setup.ts';
import { type Choices, tryDatabase, tryModel } from './choices.ts';
import { dialogue } from './dialogue.ts';
import type { InitOptions } from './options.ts';

/** `sqlq config init`: a first settings file, by a few questions in a terminal, by flags, or with every line explained. */
export function run(
  { options }: Invocation<string | undefined, InitOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { db, profile, model, baseUrl, ...rest } = options;
  return withSetup(rest, context, async (setup) => {
    const { terminal } = setup;
    const isUsers = options.user === true;
    const folder = isUsers
      ? foldersOf(context.environment, context.homeFolder).config
      : context.workingDirectory;
    const path = join(folder, '.sqlqrc');
    await requireRoom(path, options, setup);
    const { user: _user, force: _force, ...common } = rest;
    const given: Choices = { db, profile, model, baseUrl };
    const choices = terminal.interactive
      ? await dialogue(setup, common, context, given)
      : await tried(given, common, context);
    const database = choices.db;
    const isPath =
      database !== undefined && database !== 'sample' && !isAddress(database) && !database.startsWith('$');
    const written =
      isPath && isUsers ? { ...choices, db: resolve(context.workingDirectory, database) } : choices;
    await writePrivateFile(path, firstSettings(written)).catch((error: unknown) => {
      throw new SqlqError('usage', `${path} can't be written: ${messageOf(error)}.`, {
        hint: 'Go to a folder that is yours to write to, or write it for yourself: sqlq config init --user',
        cause: error,
      });
    });
    const isDone = choices.db !== undefined && (choices.profile ?? choices.baseUrl) !== undefined;
    const next = isDone
      ? 'Ask something: sqlq "how many rows are there?"'
      : 'Choose a profile and a database there, then check them with: sqlq doctor';
    terminal.note(terminal.escape(`Wrote ${path}. ${next}`));
    return undefined;
  });
}

/** A file that is there is replaced where the user says so. Throws a SqlqError `usage`. */
async function requireRoom(
  path: string,
  { force }: InitOptions,
  { terminal, prompts }: Setup,
): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists || force === true) {
    return;
  }
  if (
    terminal.interactive &&
    (await prompts.confirm(terminal.escape(`${path} is there already. Replace it?`)))
  ) {
    return;
  }
  throw new SqlqError('usage', `${path} is there already.`, {
    hint: 'Edit it, or replace it with: sqlq config init --force',
  });
}

/** What flags say, tried. */
async function tried(
  given: Choices,
  common: Parameters<typeof tryDatabase>[1],
  context: CommandContext,
): Promise<Choices> {
  if (given.db !== undefined) {
    await tryDatabase(given.db, common, context);
  }
  if ((given.profile ?? given.baseUrl) !== undefined) {
    await tryModel(given, common, context);
  }
  return given;
}
