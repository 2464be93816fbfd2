import type { Definition } from './definition.ts';
import { commonFlags, databaseFlags, rowFlags } from './flags.ts';

/** `sqlq run`: SQL of the user's own. */
export const defineRun: Definition = (program, context, withFlags) => {
  const run = program
    .command('run')
    .description('run SQL of your own, or a saved question, without a model')
    .argument('[sql]', 'one statement, or the name of a saved question; "-" or none reads standard input')
    .option('--file <file>', 'read the statement from a file')
    // The parameters of a saved question are its own.
    .allowUnknownOption()
    .allowExcessArguments();
  withFlags(run, databaseFlags, rowFlags, commonFlags);
  run
    .addHelpText(
      'after',
      `
Examples:
  sqlq run --db sample "SELECT country, count(*) FROM customers GROUP BY country"
  sqlq run --db sample --format chart "SELECT country, count(*) FROM customers GROUP BY country"
  sqlq run --db sample --file report.sql --output report.csv
  sqlq run revenue --year 2025
  sqlq run --db shop.sqlite --write --yes "UPDATE products SET stock = 0 WHERE id = 3"`,
    )
    .action(async (_sql: string | undefined, options, { args }) => {
      const flags = run.options.flatMap(({ long }) => long ?? []);
      context.finish(await (await import('../run-words.ts')).runWords(args, flags, options, context));
    });
};
