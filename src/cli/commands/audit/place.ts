import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandContext } from '../../context.ts';
import { auditFolder } from '../../run/serve-settings.ts';

/** The folder or the file of a log. */
export interface LogPlace {
  readonly path: string;
  readonly isFolder: boolean;
}

/** The log that an argument names; this machine's own where there is none. */
export async function logPlace(name: string | undefined, context: CommandContext): Promise<LogPlace> {
  if (name === undefined) {
    return { path: auditFolder(context), isFolder: true };
  }
  const path = resolve(context.workingDirectory, name);
  const facts = await stat(path).catch(() => null);
  return { path, isFolder: facts?.isDirectory() === true };
}
