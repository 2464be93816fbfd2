import { Argument, type Command } from 'commander';
import { type ExitCode, SqlqError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { addOptions, type OptionDefinitions, type OptionsOf, optionsOf } from './options/option.ts';

/** What an argument is, by how it is written: `<name>` is needed, `[name]` may lack, `[names...]` are several. */
export type ArgumentOf<Words extends string> = Words extends `${string}...${string}`
  ? readonly string[]
  : Words extends `<${string}`
    ? string
    : string | undefined;

/** A command as it was called. */
export interface Invocation<Value, Options> {
  readonly argument: Value;
  readonly options: Options;
  /** All that was given and is no option, for a command that reads them itself. */
  readonly words: readonly string[];
}

/** What a command does. */
export type Run<Value, Options> = (
  invocation: Invocation<Value, Options>,
  context: CommandContext,
) => Promise<ExitCode>;

/** What a command is: its words, and the module that does its work, which is loaded when it runs. */
interface CommandWords<Words extends string, Definitions extends OptionDefinitions> {
  readonly name: string;
  /** One line of the program's help. */
  readonly summary: string;
  readonly argument?: {
    readonly words: Words;
    readonly description: string;
    readonly choices?: readonly string[];
  };
  readonly options: Definitions;
  /** What its help says besides: examples first of all. */
  readonly help?: string;
  readonly commands?: readonly DefinedCommand[];
  /** Whether it always opens a database, whose process then starts before anything else. */
  readonly opensDatabase?: boolean;
  readonly isHidden?: boolean;
  /** Lets through what no option of its own looks like, for it to read. */
  readonly takesAnything?: boolean;
  readonly load: () => Promise<{ readonly run: Run<ArgumentOf<Words>, OptionsOf<Definitions>> }>;
}

/** A command that can be put into a program. */
export interface DefinedCommand {
  readonly name: string;
  readonly options: OptionDefinitions;
  readonly commands: readonly DefinedCommand[];
  /** Whether it always opens a database. */
  readonly opensDatabase: boolean;
  /** Adds it to its parent, with options and subcommands only where it is named: to make a hundred takes longer than to parse. */
  addTo(parent: Command, isNamed: (name: string) => boolean, context: CommandContext): void;
}

/** Defines a command; its words give the types of its run. */
export function defineCommand<const Words extends string, const Definitions extends OptionDefinitions>(
  words: CommandWords<Words, Definitions>,
): DefinedCommand {
  const { name, options, commands = [], opensDatabase = false } = words;
  return {
    name,
    options,
    commands,
    opensDatabase,
    addTo(parent, isNamed, context) {
      const command = parent
        .command(name, { hidden: words.isHidden === true })
        .description(words.summary)
        .action(async () => {
          if (context.workingDirectory === '') {
            throw folderIsGone();
          }
          context.command = pathOf(command);
          const { run } = await words.load();
          const argument = argumentOf<Words>(command);
          const given = optionsOf(command, options);
          context.finish(await run({ argument, options: given, words: command.args }, context));
        });
      if (words.argument !== undefined) {
        const argument = new Argument(words.argument.words, words.argument.description);
        if (words.argument.choices !== undefined) {
          argument.choices(words.argument.choices);
        }
        command.addArgument(argument);
      }
      if (words.help !== undefined) {
        command.addHelpText('after', `\n${words.help}`);
      }
      if (words.takesAnything === true) {
        command.allowUnknownOption().allowExcessArguments();
      }
      if (!isNamed(name)) {
        return;
      }
      addOptions(command, options);
      for (const child of commands) {
        child.addTo(command, isNamed, context);
      }
    },
  };
}

function folderIsGone(): SqlqError {
  return new SqlqError('usage', 'The folder that you are in is not there any more.', {
    hint: 'Go to another one first, such as: cd ~',
  });
}

/** The names that lead to a command from the program. */
function pathOf(command: Command): string {
  const { parent } = command;
  return parent?.parent == null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

/** The argument as commander has read it, whose shape follows from how it is written. */
function argumentOf<Words extends string>(command: Command): ArgumentOf<Words> {
  const [argument]: unknown[] = command.processedArgs;
  return argument as ArgumentOf<Words>;
}
