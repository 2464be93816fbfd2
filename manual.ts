/** The manual page, made from the same definitions as the help. `build.ts` writes it beside the program. */

import type { Command, Option } from 'commander';
import type { CommandContext } from './src/cli/context.ts';
import { exitCodeMeanings } from './src/cli/exit-codes.ts';
import { createProgram } from './src/cli/program.ts';
import { createFileGuard } from './src/files/file-guard.ts';

/** An option that so many commands take is described once. */
const sharedBy = 4;

/** The program with the flags of all its commands, to be looked at and not to be run. */
export function describedProgram(version: string): Command {
  const names = createProgram(version, [], idle).commands.map((command) => command.name());
  const subcommands = createProgram(version, names, idle).commands.flatMap((command) =>
    command.commands.map((child) => child.name()),
  );
  return createProgram(version, [...names, ...subcommands], idle);
}

/** A context for commands that never run. */
const idle: CommandContext = {
  streams: process,
  environment: {},
  workingDirectory: '.',
  homeFolder: '.',
  now: () => new Date(0),
  signal: new AbortController().signal,
  programFor: (words) => createProgram('', words, idle),
  databaseProcess: { start: async () => {}, take: () => null, dismiss: () => {} },
  onInterrupt: () => () => {},
  onSignals: () => () => {},
  command: '',
  typed: [],
  finish: () => {},
  secrets: new Set(),
  files: createFileGuard(null),
};

/** All of a command's help, as it is printed. */
export function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

/** The lines of the examples of a command's help. */
export function examplesOf(command: Command): readonly string[] {
  const [, after = ''] = helpOf(command).split(/^Examples?:\n/mu);
  const [block = ''] = after.split(/\n\n/u);
  return block.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.replace(/^ {2}/u, '')]));
}

/** `sqlq.1`, in the macros of man(7). */
export function manualPage(version: string): string {
  const program = describedProgram(version);
  const commands = visible(program).filter((command) => command.name() !== 'help');
  const all = commands
    .flatMap((command) => [command, ...visible(command)])
    .filter((command) => command.name() !== 'help');
  const uses = new Map<string, number>();
  for (const option of all.flatMap(optionsOf)) {
    uses.set(option.flags, (uses.get(option.flags) ?? 0) + 1);
  }
  const isShared = ({ flags }: Option): boolean => (uses.get(flags) ?? 0) >= sharedBy;
  const shared = [
    ...new Map(
      all
        .flatMap(optionsOf)
        .filter(isShared)
        .map((option) => [option.flags, option]),
    ).values(),
  ];
  const [summary = '', ...more] = program.description().split('\n');
  return [
    `.TH SQLQ 1 "" "sqlq ${version}" "User Commands"`,
    '.SH NAME',
    `sqlq \\- ${roff(summary.replace(/\.$/u, ''))}`,
    '.SH SYNOPSIS',
    '.nf',
    ...['sqlq [command] [options]', 'sqlq'].map((line) => `.B ${roff(line)}`),
    '.fi',
    '.SH DESCRIPTION',
    roff(program.description().split('\n').join(' ')),
    ...(more.length > 0 ? ['.PP', roff('Without a command it opens a session in a terminal.')] : []),
    '.SH COMMANDS',
    ...all.flatMap((command) => section(command, program, isShared)),
    '.SH OPTIONS OF SEVERAL COMMANDS',
    ...shared.flatMap(entry),
    '.SH EXIT STATUS',
    ...exitCodeMeanings.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, roff(meaning)]),
    '.SH EXAMPLES',
    ...examples(program),
    '.SH FILES',
    '.TP',
    `.I ${roff('.sqlqrc')}`,
    roff(
      "The settings, in a project and in the user's folder ~/.config/sqlq. `sqlq config init` writes a first one.",
    ),
    '.TP',
    `.I ${roff('.sqlq/NAME.sql')}`,
    roff('A saved question.'),
    '',
  ]
    .filter((line, index, lines) => line !== '' || index === lines.length - 1)
    .join('\n');
}

function visible(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

function optionsOf(command: Command): readonly Option[] {
  return command.options.filter((option) => !option.hidden);
}

function section(command: Command, program: Command, isShared: (option: Option) => boolean): string[] {
  const names: string[] = [];
  for (let each: Command | null = command; each !== null && each !== program; each = each.parent) {
    names.unshift(each.name());
  }
  const options = optionsOf(command);
  const also = options.filter(isShared).map(({ long, short }) => long ?? short ?? '');
  return [
    `.SS ${roff(`sqlq ${names.join(' ')} ${command.usage()}`)}`,
    `${roff(sentence(command.description()))}`,
    ...command.registeredArguments.flatMap((argument) =>
      argument.description === ''
        ? []
        : ['.TP', `.I ${roff(argument.name())}`, roff(sentence(argument.description))],
    ),
    ...options.filter((option) => !isShared(option)).flatMap(entry),
    ...(also.length > 0 ? ['.PP', `Also takes ${roff(also.join(', '))}.`] : []),
    ...examples(command),
  ];
}

function entry(option: Option): string[] {
  const choices = option.argChoices === undefined ? '' : ` (${option.argChoices.join(', ')})`;
  return ['.TP', `.B ${roff(option.flags)}`, roff(sentence(option.description + choices))];
}

function examples(command: Command): string[] {
  const lines = examplesOf(command);
  return lines.length === 0 ? [] : ['.PP', '.nf', '.RS', ...lines.map(roff), '.RE', '.fi'];
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** Text that troff takes as it is: no escape, no macro at the start of a line, hyphens that can be copied. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/u, '\\&')
    .replaceAll('"', '\\(dq')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti');
}
