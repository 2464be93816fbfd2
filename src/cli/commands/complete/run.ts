import type { Command, Option } from 'commander';
import { type ExitCode, exitCodes } from '../../../errors.ts';
import { escapeLine } from '../../../render/escape.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { type Completion, type Completions, nothing, valuesOf } from './values.ts';

/** `sqlq complete -- words…`: what may stand for the last word. It never fails: a Tab is no place for errors. */
export async function run(
  { words }: Invocation<readonly string[], unknown>,
  context: CommandContext,
): Promise<ExitCode> {
  const typed = unquoted(words.at(-1) ?? '');
  const before = words.slice(0, -1).filter((word) => word !== '=');
  const { words: found, files } = await completions(before, typed, context).catch(() => nothing);
  const lines = found
    // What a terminal would obey, and a line of its own in the middle of a name, can't be typed.
    .filter(({ word }) => escapeLine(word) === word)
    .map(({ word, description }) => `${word}\t${escapeLine(description)}\n`);
  context.streams.stdout.write(`${files ? ':files\n' : ''}${lines.join('')}`);
  return exitCodes.answered;
}

/** A word as the shell would read it, with the quotes and backslashes that were typed so far. */
function unquoted(word: string): string {
  if (word === '=') {
    return '';
  }
  return word.replace(
    /\\([\s\S])|'([^']*)(?:'|$)|"((?:[^"\\]|\\[\s\S]?)*)(?:"|$)/gu,
    (_whole, escaped?: string, single?: string, double?: string) =>
      escaped ?? single ?? (double ?? '').replace(/\\(["\\$`])/gu, '$1'),
  );
}

async function completions(
  before: readonly string[],
  typed: string,
  context: CommandContext,
): Promise<Completions> {
  if (before.includes('--')) {
    return nothing;
  }
  const { command, last, lost } = commandOf(context.programFor(before), before);
  if (lost) {
    return nothing;
  }
  const starting = ({ words, files }: Completions, prefix = ''): Completions => ({
    words: words
      .map((each) => ({ ...each, word: prefix + each.word }))
      .filter(({ word }) => word.startsWith(typed)),
    files,
  });
  const valuesOfOption = (option: Option): Promise<Completions> =>
    valuesOf(option.attributeName(), option.argChoices, before, context);
  if (last?.required) {
    return starting(await valuesOfOption(last));
  }
  const [flag, value] = typed.startsWith('--') ? typed.split(/=(.*)/su, 2) : [typed];
  if (value !== undefined) {
    const option = command.options.find(({ long }) => long === flag);
    return option?.required ? starting(await valuesOfOption(option), `${flag}=`) : nothing;
  }
  if (typed.startsWith('-')) {
    return starting({ words: flagsOf(command), files: false });
  }
  const commands = commandsOf(command);
  if (commands.length > 0) {
    return starting({ words: commands, files: false });
  }
  const [argument] = command.registeredArguments;
  return argument === undefined
    ? nothing
    : starting(await valuesOf(argument.name(), argument.argChoices, before, context));
}

/**
 * The command that the words so far lead to, the option at their end that waits for its value, and whether they are lost:
 * no command of ours is named like that.
 */
function commandOf(
  program: Command,
  before: readonly string[],
): { command: Command; last: Option | null; lost: boolean } {
  let command = program;
  let last: Option | null = null;
  let lost = false;
  for (const word of before) {
    if (last?.required) {
      last = null;
    } else if (word.startsWith('-')) {
      last = command.options.find(({ short, long }) => word === short || word === long) ?? null;
    } else {
      const child = command.commands.find((each) => each.name() === word);
      lost ||= child === undefined && command === program && word !== 'help';
      command = child ?? command;
    }
  }
  return { command, last, lost };
}

function flagsOf(command: Command): Completion[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long == null ? [] : [{ word: long, description }]));
}

function commandsOf(command: Command): Completion[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((child) => ({ word: child.name(), description: child.description() }));
}
