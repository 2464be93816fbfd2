import { Command, CommanderError } from 'commander';
import { type ExitCode, exitCodes } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { defineAsk } from './definitions/ask.ts';
import { defineCompletion } from './definitions/completion.ts';
import { defineConfig } from './definitions/config.ts';
import type { WithFlags } from './definitions/definition.ts';
import { defineDoctor } from './definitions/doctor.ts';
import { defineExamples } from './definitions/examples.ts';
import { exitCodeMeanings } from './definitions/exit-codes.ts';
import { defineHistory, defineLast } from './definitions/history.ts';
import { defineBad, defineGood } from './definitions/judge.ts';
import { defineModels } from './definitions/models.ts';
import { defineRepl } from './definitions/repl.ts';
import { defineRun } from './definitions/run.ts';
import { defineSave, defineSaved } from './definitions/save.ts';
import { defineSchema } from './definitions/schema.ts';
import { defineTest } from './definitions/test.ts';

/** The commands, in the order of the help. */
const definitions = [
  defineAsk,
  defineRepl,
  defineRun,
  defineTest,
  defineSchema,
  defineHistory,
  defineLast,
  defineGood,
  defineBad,
  defineExamples,
  defineSave,
  defineSaved,
  defineModels,
  defineConfig,
  defineDoctor,
  defineCompletion,
];

/** Commands that always open a database. */
const openDatabase: ReadonlySet<string> = new Set(['ask', 'run', 'schema', 'doctor', 'repl', 'test', 'save']);

/** The program, with the flags of the command that `argv` names. */
export function createProgram(version: string, argv: readonly string[], context: CommandContext): Command {
  const withFlags: WithFlags = (command, ...adders) =>
    argv.includes(command.name()) ? adders.reduce((made, add) => add(made), command) : command;

  const codes = exitCodeMeanings.map(([code, meaning]) => `${code} ${meaning}`);
  const program = new Command('sqlq')
    .description(
      'Ask a database a question in plain words.\nsqlq shows the SQL it checked, runs it read-only, and prints exact rows.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    // A flag after a subcommand is the subcommand's.
    .enablePositionalOptions()
    .configureHelp({ sortSubcommands: false, subcommandTerm })
    .addHelpText(
      'after',
      `
Examples:
  sqlq ask --db sample "which country has the most customers?"
  sqlq ask --db postgres://localhost/shop --yes "orders per month in 2025" > orders.csv
  sqlq run --db shop.sqlite "SELECT count(*) FROM orders"
  sqlq doctor --db shop.sqlite

Exit codes: ${codes.slice(0, 4).join(', ')},
${codes.slice(4).join(', ')}.`,
    );

  program.hook('preAction', async (_program, command) => {
    if (openDatabase.has(command.name())) await context.databaseProcess.start();
  });
  for (const define of definitions) define(program, context, withFlags);
  return program;
}

/** A command in a list of them; its flags are made only when it is named, so that none is said to have some. */
function subcommandTerm(command: Command): string {
  const terms = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...terms].join(' ');
}

/** The exit code of what the parser threw after it had printed help, the version or an error; null for all else. */
export function parserExitCode(thrown: unknown): ExitCode | null {
  if (!(thrown instanceof CommanderError)) return null;
  return thrown.exitCode === 0 ? exitCodes.answered : exitCodes.usage;
}

/**
 * `--write=ddl` as the flag that commander knows; an optional value would swallow the SQL that follows. And SQL that begins
 * with a comment (`-- `) as what no flag looks like.
 */
export function normalizeArguments(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.map((argument, index) =>
    argument === '--write=ddl' && (end === -1 || index < end)
      ? '--write-ddl'
      : argument.replace(/^(?=--\s)/u, '\n'),
  );
}
