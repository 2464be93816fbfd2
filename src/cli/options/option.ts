import { type Command, Option } from 'commander';
import { SqlqError } from '../../errors.ts';

/** One option of a command: how it is written, what is said of it, and what is made of the text that it is given. */
export interface OptionDefinition<Value> {
  /** As commander reads them: `-l, --limit <number>`. */
  readonly flags: string;
  readonly description: string;
  /** The option that turns it off, beside one that turns it on. */
  readonly opposite?: { readonly flags: string; readonly description: string };
  /** The texts that it may be given, where they are few. */
  readonly choices?: readonly (string & Value)[];
  readonly isHidden?: boolean;
  /** The heading under which the help lists it. */
  readonly group?: string;
  /** What holds where it is not given. */
  readonly initial?: Value;
  /** The text that stands for one that may lack and does: of `--behind-proxy [hops]`. */
  readonly preset?: string;
  /**
   * Reads its text; `before` is what the same option was given earlier on the line. Without it the text is the value, or
   * `true` where it takes none. Throws a SqlqError `usage`.
   */
  read?(text: string, before: Value | undefined): Value;
}

/** The options of a command by the names that commander has for them: `maxCost` for `--max-cost`. */
export type OptionDefinitions = Readonly<Record<string, OptionDefinition<unknown>>>;

/** What a run of a command was given: absent means not given. */
export type OptionsOf<Definitions extends OptionDefinitions> = {
  readonly [Name in keyof Definitions]?: Definitions[Name] extends OptionDefinition<infer Value>
    ? Value
    : never;
};

/** An option that is given or not. */
export function flag(flags: string, description: string): OptionDefinition<boolean> {
  return { flags, description };
}

/** An option with a text, which is never empty: a script whose variable is not set gives one by mistake. */
export function text(flags: string, description: string): OptionDefinition<string> {
  return parsed(flags, description, (part) => (part.trim() === '' ? null : part), 'a text that is not empty');
}

/** An option with the name of a file. */
export function fileName(flags: string, description: string): OptionDefinition<string> {
  return parsed(flags, description, (part) => (part === '' ? null : part), 'the name of a file');
}

/** An option that takes a list: several times, or with commas. */
export function list(flags: string, description: string): OptionDefinition<readonly string[]> {
  return {
    flags,
    description,
    read: (part, before = []) => [...before, ...part.split(',').map((item) => item.trim())],
  };
}

/** An option that may be given several times, whose texts may hold commas. */
export function repeated(flags: string, description: string): OptionDefinition<readonly string[]> {
  return { flags, description, read: (part, before = []) => [...before, part] };
}

/** An option that takes one of a few texts. */
export function choice<const Value extends string>(
  flags: string,
  description: string,
  choices: readonly Value[],
): OptionDefinition<Value> {
  return { flags, description, choices };
}

/** An option whose text `parse` makes a value of, or null where it is not `wanted`. */
export function parsed<Value>(
  flags: string,
  description: string,
  parse: (part: string) => Value | null,
  wanted: string,
): OptionDefinition<Value> {
  const name = longName(flags);
  return {
    flags,
    description,
    read(part) {
      const value = parse(part);
      if (value !== null) {
        return value;
      }
      throw new SqlqError('usage', `${name} takes ${wanted}, not "${part}".`);
    },
  };
}

/** An option that takes a whole number from 1 up. */
export function wholeNumber(flags: string, description: string): OptionDefinition<number> {
  return parsed(flags, description, parseWhole, 'a whole number from 1 up');
}

function parseWhole(part: string): number | null {
  return /^[1-9]\d{0,14}$/u.test(part) ? Number(part) : null;
}

/** Puts options under a heading of the help. */
export function grouped<const Definitions extends OptionDefinitions>(
  group: string,
  definitions: Definitions,
): Definitions {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, { ...definition, group }]),
  ) as Definitions;
}

/** `--limit` of `-l, --limit <number>`. */
export function longName(flags: string): string {
  return /--[a-z-]+/u.exec(flags)?.[0] ?? flags;
}

/** Gives a command its options. */
export function addOptions(command: Command, definitions: OptionDefinitions): void {
  for (const definition of Object.values(definitions)) {
    const { flags, description, opposite, choices, isHidden, group, initial, preset, read } = definition;
    const inGroup = (made: Option): Option => (group === undefined ? made : made.helpGroup(`${group}:`));
    const option = inGroup(new Option(flags, description));
    if (choices !== undefined) {
      option.choices(choices);
    } else if (read !== undefined) {
      option.argParser<unknown>((part, before) => read(part, before));
    }
    if (initial !== undefined) {
      option.default(initial);
    }
    if (preset !== undefined) {
      option.preset(preset);
    }
    if (isHidden === true) {
      option.hideHelp();
    }
    command.addOption(option);
    if (opposite !== undefined) {
      command.addOption(inGroup(new Option(opposite.flags, opposite.description)));
    }
  }
}

/** The options that a command was given. Each was read by its definition as the line was parsed. */
export function optionsOf<Definitions extends OptionDefinitions>(
  command: Command,
  definitions: Definitions,
): OptionsOf<Definitions> {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(definitions)) {
    const value: unknown = command.getOptionValue(name);
    if (value !== undefined) {
      given[name] = value;
    }
  }
  return given as OptionsOf<Definitions>;
}
