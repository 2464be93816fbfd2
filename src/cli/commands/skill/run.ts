import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type ExitCode, exitCodes, messageOf, SqlqError } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { makeSetup } from '../../run/setup.ts';
import { agentFolders } from './agents.ts';
import type { SkillOptions } from './options.ts';
import { skillMark, skillText } from './text.ts';

/** `sqlq skill`: prints the skill file, or writes it where an agent looks for it. */
export async function run(
  { options }: Invocation<string | undefined, SkillOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = await makeSetup(options, context);
  const text = skillText();
  if (options.install === undefined) {
    await terminal.print(text);
    return exitCodes.answered;
  }
  const path = join(context.workingDirectory, agentFolders[options.install], 'sqlq', 'SKILL.md');
  const before = await readFile(path, 'utf8').catch(() => null);
  if (before !== null && !before.includes(skillMark) && options.force !== true) {
    throw new SqlqError('usage', `${path} is there already, and not written by sqlq.`, {
      hint: 'Move it away, or replace it with --force.',
    });
  }
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new SqlqError('usage', `${path} can't be written: ${messageOf(error)}.`, { cause: error });
  }
  terminal.note(terminal.escape(`Wrote ${relative(context.workingDirectory, path)}`));
  return exitCodes.answered;
}
