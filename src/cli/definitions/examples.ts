import { type Command, Option } from 'commander';
import type { Definition } from './definition.ts';
import { commonFlags } from './flags.ts';

const databaseFlag = (command: Command): Command =>
  command.option('-d, --db <database>', 'URL, SQLite file or name: examples of this database alone');

/** `sqlq examples` and its subcommands. */
export const defineExamples: Definition = (program, context, withFlags) => {
  const examples = program
    .command('examples')
    .description('list questions whose SQL you called good; the most similar go with a new question')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  sqlq examples --db sample
  sqlq examples export --format jsonl > examples.jsonl
  sqlq examples export --db sample --format modelfile >> Modelfile
  sqlq examples import --db sample examples.jsonl
  sqlq examples edit 3`,
    )
    .action(async (options) =>
      context.finish(await (await import('../examples.ts')).examplesCommand(options, context)),
    );
  withFlags(examples, databaseFlag, commonFlags);
  withFlags(
    examples
      .command('edit')
      .description('change one in $EDITOR')
      .argument('<number>', 'its number in the list'),
    commonFlags,
  ).action(async (id: string, options) =>
    context.finish(await (await import('../examples.ts')).editExampleCommand(id, options, context)),
  );
  withFlags(
    examples.command('remove').description('remove one').argument('<number>', 'its number in the list'),
    commonFlags,
  ).action(async (id: string, options) =>
    context.finish(await (await import('../examples.ts')).removeExampleCommand(id, options, context)),
  );
  withFlags(
    examples
      .command('export')
      .description('print them for another program')
      .addOption(
        new Option('-f, --format <format>', 'jsonl: chats for fine-tuning; modelfile: messages for Ollama')
          .choices(['jsonl', 'modelfile'])
          .default('jsonl'),
      ),
    databaseFlag,
    commonFlags,
  ).action(async (options) =>
    context.finish(await (await import('../examples.ts')).exportExamplesCommand(options, context)),
  );
  withFlags(
    examples
      .command('import')
      .description('read chats as examples of a database')
      .argument('<file>', 'lines of JSON, as export prints them; "-" reads standard input'),
    databaseFlag,
    commonFlags,
  ).action(async (file: string, options) =>
    context.finish(await (await import('../examples.ts')).importExamplesCommand(file, options, context)),
  );
};
