import type { Definition } from './definition.ts';
import { commonFlags, databaseFlags } from './flags.ts';

/** `sqlq save`: an answer as a file. */
export const defineSave: Definition = (program, context, withFlags) => {
  const save = program
    .command('save')
    .description('save an answer as .sqlq/NAME.sql, its values as parameters')
    .argument('<name>', 'its name, for sqlq run')
    .option('--from <number>', 'its number in sqlq history; the last one unless given')
    .option('--force', 'replace a file that is there');
  withFlags(save, databaseFlags, commonFlags);
  save
    .addHelpText(
      'after',
      '\nExamples:\n  sqlq save revenue\n  sqlq save revenue --from 12\n  sqlq run revenue --year 2025',
    )
    .action(async (name: string, options) =>
      context.finish(await (await import('../save.ts')).saveCommand(name, options, context)),
    );
};

/** `sqlq saved`: what there is. */
export const defineSaved: Definition = (program, context, withFlags) => {
  withFlags(
    program
      .command('saved')
      .description('list the saved questions of this project with their parameters')
      .option('--json', 'print JSON')
      .addHelpText('after', '\nExamples:\n  sqlq saved'),
    commonFlags,
  ).action(async (options) =>
    context.finish(await (await import('../save.ts')).savedCommand(options, context)),
  );
};
