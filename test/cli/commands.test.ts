import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { describe, expect, it } from 'vitest';
import type { DefinedCommand } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/program.ts';

const root = resolve(import.meta.dirname, '../../src/cli/commands');

/** The folders under one, relative to the root. */
function foldersUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder))
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(root, path)).isDirectory())
    .flatMap((path) => [path, ...foldersUnder(path)])
    .sort();
}

function withPaths(
  list: readonly DefinedCommand[],
  before = '',
): readonly (readonly [path: string, command: DefinedCommand])[] {
  return list.flatMap((command) => {
    const path = `${before}${command.name}`;
    return [[path, command] as const, ...withPaths(command.commands, `${path}/`)];
  });
}

const all = withPaths(commands);

describe('the folder of a command', () => {
  it('is its path: a folder for each command, and a command for each folder', () => {
    expect(foldersUnder('.')).toEqual(all.map(([path]) => path).sort());
  });

  it.each(all)('%s says what it is and what it does', (path) => {
    expect(existsSync(join(root, path, 'command.ts'))).toBe(true);
    expect(existsSync(join(root, path, 'run.ts'))).toBe(true);
  });
});

describe('the options of a command', () => {
  it.each(all)('%s are read under the names that they are defined by', (_path, { options }) => {
    const names = Object.values(options).map(({ flags }) => new Option(flags).attributeName());
    expect(names).toEqual(Object.keys(options));
  });
});
