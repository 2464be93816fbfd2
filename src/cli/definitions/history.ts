import type { Command } from 'commander';
import type { Definition } from './definition.ts';
import { commonFlags, databaseFlags, rowFlags } from './flags.ts';

const listFlags = (command: Command): Command =>
  command.option('-l, --limit <number>', 'how many to list; 20 unless given').option('--json', 'print JSON');

/** `sqlq history` and its subcommands. */
export const defineHistory: Definition = (program, context, withFlags) => {
  const history = program
    .command('history')
    .enablePositionalOptions()
    .description('list earlier questions with their SQL; rows are never kept')
    .addHelpText(
      'after',
      `
Examples:
  sqlq history
  sqlq history search revenue country
  sqlq history run 12 --format json
  sqlq history forget 12`,
    )
    .action(async (options) =>
      context.finish(await (await import('../history.ts')).historyCommand([], options, context)),
    );
  withFlags(history, listFlags, commonFlags);
  if (!history.options.length) return;
  withFlags(
    history
      .command('search')
      .description('list those that hold every one of some words')
      .argument('<words...>', 'words of the question or the SQL'),
    listFlags,
    commonFlags,
  ).action(async (words: string[], options) =>
    context.finish(await (await import('../history.ts')).historyCommand(words, options, context)),
  );
  withFlags(
    history
      .command('show')
      .description('print one whole')
      .argument('<number>', 'its number in the list')
      .option('--json', 'print JSON'),
    commonFlags,
  ).action(async (id: string, options) =>
    context.finish(await (await import('../history.ts')).showCommand(id, options, context)),
  );
  withFlags(
    history
      .command('run')
      .description('run the SQL of one again, without a model')
      .argument('<number>', 'its number in the list'),
    databaseFlags,
    rowFlags,
    commonFlags,
  ).action(async (id: string, options) =>
    context.finish(await (await import('../history.ts')).rerunCommand(id, options, context)),
  );
  withFlags(
    history
      .command('forget')
      .description('forget one, or all; examples stay')
      .argument('[number]', 'its number in the list')
      .option('--all', 'forget all of them'),
    commonFlags,
  ).action(async (id: string | undefined, options) =>
    context.finish(await (await import('../history.ts')).forgetCommand(id, options, context)),
  );
};

/** `sqlq last`: the last answer. */
export const defineLast: Definition = (program, context, withFlags) => {
  withFlags(
    program
      .command('last')
      .description('print the last question with its SQL')
      .option('--json', 'print JSON')
      .addHelpText('after', '\nExamples:\n  sqlq last\n  sqlq last | sqlq run --db sample'),
    commonFlags,
  ).action(async (options) =>
    context.finish(await (await import('../history.ts')).showCommand(null, options, context)),
  );
};
