import { defineCommand } from '../../../command.ts';
import { plainOptions } from '../options.ts';

/** `sqlq user remove`. */
export const remove = defineCommand({
  name: 'remove',
  summary: 'forget a user, with their tokens',
  argument: { words: '<name>', description: 'the name of a user' },
  options: plainOptions,
  load: () => import('./run.ts'),
});
