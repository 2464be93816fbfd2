import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { describedProgram } from '../../manual.ts';
import { normalizeArguments } from '../../src/cli/arguments.ts';

const root = resolve(import.meta.dirname, '../../src');
const program = describedProgram('1.2.3');
const names = new Set(program.commands.map((command) => command.name()));
const parents = new Map(
  program.commands.map((command) => [command.name(), new Set(command.commands.map((child) => child.name()))]),
);

/** A word of a command line: in quotes, made when the hint is, a flag, a number, or a name for the user to fill in. */
const word = String.raw`(?:"[^"\n]*"|\$\{(?:[^{}]|\{[^{}]*\})*\}|--?[a-z][\w-]*(?:=\w+)?|[A-Z][A-Z.]+|\d+|[a-z]+)`;
const line = new RegExp(String.raw`(?:[:(] |\bwith |\bthen |\\n|${'`'})sqlq (${word}(?: ${word})*)`, 'gu');

/** The commands that texts of the program tell its user to type. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const code = text.replace(/^\s*(?:\/\/|\*|\/\*).*$/gmu, '');
  return [...code.matchAll(line)].flatMap(([, found = '']) => {
    const words = found.match(new RegExp(word, 'gu')) ?? [];
    const [first = ''] = words;
    if (!names.has(first) && !first.startsWith('"')) {
      return [];
    }
    const children = parents.get(first) ?? new Set<string>();
    // What goes on in lower case is the sentence, and no argument.
    const end = words.findIndex((each, index) => index > 0 && /^[a-z]+$/u.test(each) && !children.has(each));
    const argv = (end < 0 ? words : words.slice(0, end))
      // Flags that are chosen when the hint is made are not known here.
      .filter((each) => !/^\$\{.* \? .*\}$/u.test(each))
      .map((each) => each.replace(/^"|"$/gu, '').replace(/\$\{.*\}/gu, '1'));
    return [argv];
  });
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const hints = files.flatMap((file) =>
  commandsIn(readFileSync(join(root, file), 'utf8')).map(
    (argv) => [`sqlq ${argv.join(' ')}`, file, argv] as const,
  ),
);

describe('a command that a text tells the user to type', () => {
  it('is found in the sources', () => {
    expect(hints.length).toBeGreaterThan(20);
  });

  it.each(hints)('%s (%s) is one that the program takes', async (_line, _file, argv) => {
    const parsed = describedProgram('1.2.3');
    for (const command of [parsed, ...parsed.commands.flatMap((child) => [child, ...child.commands])]) {
      command.action(() => {});
      command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
    }
    const problem = await parsed.parseAsync([...normalizeArguments(argv)], { from: 'user' }).then(
      () => null,
      (error: unknown) => error,
    );
    const isHelp = problem instanceof CommanderError && problem.exitCode === 0;
    expect(isHelp ? null : problem).toBeNull();
  });
});
