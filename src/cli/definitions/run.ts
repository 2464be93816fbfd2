import type { Definition } from './definition.ts';
import { commonFlags, databaseFlags, rowFlags } from './flags.ts';

/** `sqlq run`: SQL of the user's own. */
export const defineRun: Definition = (program, context, withFlags) => {
  const run = program
    .command('run')
    .description('run SQL of your own through the same guard, limits and formats, without a model')
    .argument('[sql]', 'one statement; "-" or none reads it from standard input')
    .option('--file <file>', 'read the statement from a file');
  withFlags(run, databaseFlags, rowFlags, commonFlags);
  run
    .addHelpText(
      'after',
      `
Examples:
  sqlq run --db sample "SELECT country, count(*) FROM customers GROUP BY country"
  sqlq run --db sample --file report.sql --output report.csv
  sqlq run --db sample --write --yes "UPDATE products SET stock = 0 WHERE id = 3"`,
    )
    .action(async (sql: string | undefined, options) =>
      context.finish(await (await import('../run.ts')).runCommand(sql, options, context)),
    );
};
