import type { Definition } from './definition.ts';
import { commonFlags, databaseFlags, modelFlags, rowFlags } from './flags.ts';

/** `sqlq config` and `sqlq config init`. */
export const defineConfig: Definition = (program, context, withFlags) => {
  const config = program
    .command('config')
    .description('print the settings in effect and where each came from')
    .option('--json', 'print JSON');
  withFlags(config, databaseFlags, modelFlags, rowFlags, commonFlags);
  config
    .addHelpText('after', '\nExamples:\n  sqlq config\n  sqlq config init')
    .action(async (options) =>
      context.finish(await (await import('../config.ts')).configCommand(options, context)),
    );
  withFlags(
    config
      .command('init')
      .description('write a first .sqlqrc')
      .option('--user', "write it to the user's configuration folder instead of this one")
      .option('--force', 'replace a file that is there'),
    commonFlags,
  ).action(async (options) =>
    context.finish(await (await import('../config.ts')).configInitCommand(options, context)),
  );
};
