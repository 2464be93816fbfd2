import { access, constants } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { variable } from '../../../config/environment.ts';
import { createRedactor } from '../../../config/redact.ts';
import { SqlqError } from '../../../errors.ts';
import type { CommandContext } from '../../context.ts';
import type { Start } from './clients.ts';

/** Options that tell of the entry, and are no part of it. */
const ofInstall: ReadonlySet<string> = new Set(['--install', '--apply', '--name', '--force']);
const withValue: ReadonlySet<string> = new Set(['--install', '--name']);

/** Options whose value is a file or a folder: a client starts the program in a folder of its own. */
const withPath: ReadonlySet<string> = new Set(['--db', '--save-to', '--ledger', '--log-json', '--report']);

/**
 * How a client starts what was typed: by name where the shell finds it, else by the Node.js and the file that run now. Throws
 * a SqlqError `usage` where a secret would stand in the entry.
 */
export async function startOf(context: CommandContext): Promise<Start> {
  const typed = context.typed.slice(context.typed.indexOf('mcp') + 1);
  const args: string[] = [];
  for (let index = 0; index < typed.length; index += 1) {
    const [, flag, given] = /^(--[a-z-]+)(?:=([\s\S]*))?$/u.exec(typed[index] ?? '') ?? [];
    if (flag !== undefined && ofInstall.has(flag)) {
      index += withValue.has(flag) && given === undefined ? 1 : 0;
    } else if (flag !== undefined && withPath.has(flag)) {
      const value = given ?? typed[index + 1] ?? '';
      index += given === undefined ? 1 : 0;
      args.push(flag, await absolute(value, context));
    } else {
      args.push(typed[index] ?? '');
    }
  }
  const redact = createRedactor([...context.secrets]);
  const secret = args.find((argument) => redact(argument) !== argument);
  if (secret !== undefined) {
    throw new SqlqError('usage', `The entry would hold a secret: ${redact(secret)}`, {
      hint: 'Put the database into your own settings, databases in ~/.config/sqlq, and name it with --db.',
    });
  }
  const isOnPath = await findsByName(context);
  return isOnPath
    ? { command: 'sqlq', args: ['mcp', ...args] }
    : { command: process.execPath, args: [resolve(process.argv[1] ?? 'sqlq'), 'mcp', ...args] };
}

/** A path from the root; names of databases and addresses stay. */
async function absolute(value: string, { workingDirectory }: CommandContext): Promise<string> {
  const path = resolve(workingDirectory, value);
  const isPath = /[/\\]/u.test(value) ? !/^[\w.+-]+:\/\//u.test(value) : await exists(path);
  const isNewFile = /\.\w+$/u.test(value) && !/^[\w.+-]+:/u.test(value);
  return isPath || isNewFile ? path : value;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function findsByName({ environment }: CommandContext): Promise<boolean> {
  for (const folder of (variable(environment, 'PATH') ?? '').split(delimiter)) {
    const isThere = await access(join(folder, 'sqlq'), constants.X_OK).then(
      () => folder !== '',
      () => false,
    );
    if (isThere) {
      return true;
    }
  }
  return false;
}
