import { defineCommand } from '../../command.ts';
import { badOptions } from './options.ts';

/** `sqlq bad`: an answer was wrong. */
export const bad = defineCommand({
  name: 'bad',
  summary: 'call an answer bad; with --sql its correction becomes an example',
  argument: { words: '[number]', description: 'its number in sqlq history; the last one unless given' },
  options: badOptions,
  help: `Examples:
  sqlq bad
  sqlq bad 12 --sql "SELECT count(*) FROM customers WHERE country = 'Norway'"`,
  load: () => import('./run.ts'),
});
