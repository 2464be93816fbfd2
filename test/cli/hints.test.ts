import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommanderError } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { describedProgram } from '../../manual.ts';
import { normalizeArguments } from '../../src/cli/arguments.ts';
import { emptyEnvironment, programFile, runProgram } from '../support/program.ts';

const root = resolve(import.meta.dirname, '../../src');
const program = describedProgram('1.2.3');
const names = new Set(program.commands.map((command) => command.name()));
const parents = new Map(
  program.commands.map((command) => [command.name(), new Set(command.commands.map((child) => child.name()))]),
);

/** Whether a word is a flag of a command that another word follows. */
function takesValue(command: string, word = ''): boolean {
  const found = program.commands.find((each) => each.name() === command);
  return found?.options.some(({ long, required }) => required && long === word) === true;
}

/** A word of a command line: in quotes, made when the hint is, a flag, a number, or a name for the user to fill in. */
const word = String.raw`(?:"[^"\n]*"|\$\{(?:[^{}]|\{[^{}]*\})*\}|--?[a-z][\w-]*(?:=\w+)?|[A-Z][A-Z.]+(?:(?<=\.)[a-z]+)?|\d+|[a-z]+)`;
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
    const end = words.findIndex(
      (each, index) =>
        index > 0 && /^[a-z]+$/u.test(each) && !children.has(each) && !takesValue(first, words[index - 1]),
    );
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

/** What can't end well where there is the sample and one answer, and what is said then of what to do instead. */
const needed: Readonly<Record<string, RegExp>> = {
  'sqlq audit verify': /There is no audit log in .*sqlq serve/su,
  'sqlq ask': /such as sqlq ask "how many customers are there\?"/u,
  'sqlq ask 1': /Add --yes/u,
  'sqlq how many rows are there?': /Add --yes/u,
  'sqlq mcp --save-to FOLDER': /Make it first: mkdir FOLDER\n/u,
  'sqlq models': /has no models \(.+\)\.\nName another with --profile or --base-url/u,
  'sqlq doctor --profile 1': /profile "?1"?/u,
  'sqlq docs add': /such as: sqlq docs add README\.md/u,
  'sqlq docs remove 1': /List them with: sqlq docs list/u,
  'sqlq docs add README.md': /README\.md is no document: nothing lies there/u,
  'sqlq docs add --source 1': /--source names one document/u,
  'sqlq schema --db 1': /No database is called "1"/u,
  'sqlq user add NAME': /first line of standard input/u,
  'sqlq user set 1': /There is no user called "1".*List them with: sqlq user list/su,
  'sqlq user enable 1': /There is no user called "1"/u,
  'sqlq user token 1 --list': /There is no user called "1"/u,
  'sqlq run 1': /Syntax error near "1"/u,
  'sqlq run --write': /take a copy: cp /u,
  'sqlq serve --config 1': /There is no settings file .*sqlq config init/su,
  'sqlq test --record': /sqlq test --help shows how/u,
  'sqlq test --record 1': /Give the path of a suite/u,
};

/** What goes on until it is ended, and what it says once it works. */
const servers: Readonly<Record<string, RegExp>> = { 'sqlq serve': /^Serving sample at http/mu };

describe('a command that a text tells the user to type, where a question has been answered', () => {
  let home: string;
  const settings = { SQLQ_DATABASE: 'sample', SQLQ_PROFILE: 'offline' };
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
    const environment = { ...emptyEnvironment(home), ...settings };
    const { code } = await runProgram(['ask', '--yes', 'how many customers are there?'], { environment });
    expect(code).toBe(0);
  }, 30_000);

  // The skill file has patterns, with places for an agent to fill; its own test parses them.
  const typed = hints.filter(([, file]) => file !== join('cli', 'commands', 'skill', 'text.ts'));
  const different = new Map(typed.map(([line, file, argv]) => [line, [line, file, argv] as const]));
  const environmentOf = (): Record<string, string> => {
    const copy = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
    cpSync(home, copy, { recursive: true });
    return { ...emptyEnvironment(copy), ...settings };
  };
  const serving = [...different.values()].filter(([line]) => line in servers);
  const ending = [...different.values()].filter(([line]) => !(line in servers));
  it.each(serving)('%s (%s) goes on until it is ended', async (line, _file, argv) => {
    const [command = '', ...words] = argv;
    // The port that it takes by habit may be another's here.
    const child = spawn(process.execPath, [programFile, command, '--port', '0', ...words], {
      env: environmentOf(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await expect.poll(() => said, { timeout: 20_000 }).toMatch(servers[line] ?? /^it says so$/u);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it.each(ending)('%s (%s) does something', { timeout: 30_000 }, async (line, _file, argv) => {
    const environment = environmentOf();
    const { code, stdout, stderr } = await runProgram(argv, { environment, input: '' });
    if (code === 0) {
      expect(stdout + stderr).not.toBe('');
      expect(needed).not.toHaveProperty([line]);
    } else {
      expect(`${line}: ${stdout}${stderr}`).toMatch(needed[line] ?? /^it ends with 0$/u);
    }
  });
});
