import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ExitCode, exitCodes, messageOf, SqlqError } from '../../../errors.ts';
import type { CommandContext } from '../../context.ts';
import { makeSetup } from '../../run/setup.ts';
import { type ClientName, clients, type McpClient } from './clients.ts';
import { entryText, withEntry } from './entry.ts';
import type { McpOptions } from './options.ts';
import { startOf } from './start.ts';

/** `sqlq mcp --install`: prints the entry that makes a client start what was typed, or adds it to the client's file. */
export async function install(
  options: McpOptions,
  wanted: ClientName,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = await makeSetup(options, context);
  const client: McpClient = clients[wanted];
  const name = options.name ?? 'sqlq';
  const start = await startOf(context);
  const file = client.file(context);
  if (options.apply !== true) {
    await terminal.print(entryText(client, name, start));
    terminal.note(terminal.escape(`For ${client.title}, in ${file}; --apply adds it there.`));
    return exitCodes.answered;
  }
  const path = await realpath(file).catch(() => file);
  const changed = withEntry(client, name, start, { path, text: await textOf(path) }, options.force === true);
  if (changed === null) {
    terminal.note(terminal.escape(`${path} has this entry already.`));
    return exitCodes.answered;
  }
  await replaceFile(path, changed);
  terminal.note(terminal.escape(`Added "${name}" to ${path}. ${client.title} may have to be started anew.`));
  return exitCodes.answered;
}

async function textOf(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return '';
    }
    throw new SqlqError('usage', `${path} can't be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** Puts a new text in a file's place, whole or not at all, with the rights that it had. */
async function replaceFile(path: string, text: string): Promise<void> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const before = await stat(path).catch(() => null);
    await writeFile(part, text, { flag: 'wx', mode: before === null ? 0o644 : before.mode & 0o777 });
    if (before !== null) {
      await chmod(part, before.mode & 0o777);
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw new SqlqError('usage', `${path} can't be written: ${messageOf(error)}.`, {
      hint: 'Check that its folder is yours to write to.',
      cause: error,
    });
  }
}
