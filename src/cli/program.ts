import { Command, CommanderError } from 'commander';
import { type ExitCode, exitCodes, shellWord } from '../errors.ts';
import { widthOf, writeAtOnce } from '../terminal/streams.ts';
import type { DefinedCommand } from './command.ts';
import { ask } from './commands/ask/command.ts';
import { audit } from './commands/audit/command.ts';
import { bad } from './commands/bad/command.ts';
import { complete } from './commands/complete/command.ts';
import { completion } from './commands/completion/command.ts';
import { config } from './commands/config/command.ts';
import { docs } from './commands/docs/command.ts';
import { doctor } from './commands/doctor/command.ts';
import { examples } from './commands/examples/command.ts';
import { good } from './commands/good/command.ts';
import { history } from './commands/history/command.ts';
import { last } from './commands/last/command.ts';
import { mcp } from './commands/mcp/command.ts';
import { models } from './commands/models/command.ts';
import { repl } from './commands/repl/command.ts';
import { run } from './commands/run/command.ts';
import { save } from './commands/save/command.ts';
import { saved } from './commands/saved/command.ts';
import { schema } from './commands/schema/command.ts';
import { serve } from './commands/serve/command.ts';
import { skill } from './commands/skill/command.ts';
import { test } from './commands/test/command.ts';
import { usage } from './commands/usage/command.ts';
import { user } from './commands/user/command.ts';
import type { CommandContext } from './context.ts';
import { exitCodeMeanings } from './exit-codes.ts';

/** The commands, in the order of the help. */
export const commands: readonly DefinedCommand[] = [
  ask,
  repl,
  run,
  test,
  schema,
  history,
  last,
  good,
  bad,
  examples,
  docs,
  save,
  saved,
  mcp,
  serve,
  user,
  audit,
  skill,
  models,
  usage,
  config,
  doctor,
  completion,
  complete,
];

/** The commands that arguments need to be parsed with: the one that they begin with, none for the version, else all. */
export function commandsFor([first]: readonly string[]): readonly DefinedCommand[] {
  const named = commands.filter(({ name }) => name === first);
  return named.length > 0 || first === '--version' || first === '-V' ? named : commands;
}

/** Whether the command that arguments begin with opens a database, unless they ask for its help alone. */
export function opensDatabase(argv: readonly string[]): boolean {
  const [named, ...others] = commandsFor(argv);
  return (
    named?.opensDatabase === true && others.length === 0 && !argv.includes('--help') && !argv.includes('-h')
  );
}

/**
 * The program, with some of its commands, and the flags of the one that `argv` names. It throws a CommanderError where the
 * parser would end the process.
 */
export function createProgram(
  version: string,
  argv: readonly string[],
  context: CommandContext,
  some = commands,
): Command {
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
    .exitOverride()
    .configureOutput({
      writeOut: (text) => writeAtOnce(context.streams, 'stdout', text),
      writeErr: (text) => context.streams.stderr.write(text),
      outputError: (text, write) => write(unknownCommand(text) ?? text),
      // Whether it is a terminal is asked of a stream only where it may be one.
      getOutHelpWidth: () => widthOf(context.streams, 'stdout'),
      getErrHelpWidth: () => widthOf(context.streams, 'stderr'),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText(
      'after',
      `
Examples:
  sqlq --db sample --yes "which country has the most customers?"  # short for sqlq ask
  sqlq shop.sqlite                                                # opens a session on it
  sqlq ask --db postgres://localhost/shop --yes "orders per month in 2025" > orders.csv
  sqlq run --db shop.sqlite "SELECT count(*) FROM orders"
  sqlq doctor --db shop.sqlite

Exit codes: ${codes.slice(0, 4).join(', ')},
${codes.slice(4).join(', ')}.`,
    );

  for (const command of some) {
    command.addTo(program, (name) => argv.includes(name), context);
  }
  return program;
}

/** What is said of one word that is no command: it may be meant as one, or as a question. Null for any other error. */
function unknownCommand(text: string): string | null {
  const { word, near } =
    /^error: unknown command '(?<word>.*)'\n(?:\(Did you mean (?<near>.*)\?\))?/u.exec(text)?.groups ?? {};
  return word === undefined
    ? null
    : `sqlq: There is no command '${word}'.\n${near === undefined ? '' : `Did you mean ${near}? `}The commands are listed by: sqlq --help. As a question: sqlq ask ${shellWord(word)}\n`;
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
  if (!(thrown instanceof CommanderError)) {
    return null;
  }
  return thrown.exitCode === 0 ? exitCodes.answered : exitCodes.usage;
}
