import { defineCommand } from '../../command.ts';
import { runOptions } from './options.ts';

/** `sqlq run`: SQL of the user's own. */
export const run = defineCommand({
  name: 'run',
  summary: 'run SQL of your own, or a saved question, without a model',
  argument: {
    words: '[sql]',
    description: 'one statement, or the name of a saved question; "-" or none reads standard input',
  },
  options: runOptions,
  help: `Examples:
  sqlq run --db sample "SELECT country, count(*) FROM customers GROUP BY country"
  sqlq run --db sample --format chart "SELECT country, count(*) FROM customers GROUP BY country"
  sqlq run --db sample --file report.sql --output report.csv
  sqlq run revenue --year 2025
  sqlq run --db shop.sqlite --write --yes "UPDATE products SET stock = 0 WHERE id = 3"`,
  opensDatabase: true,
  // The parameters of a saved question are its own.
  takesAnything: true,
  load: () => import('./run.ts'),
});
