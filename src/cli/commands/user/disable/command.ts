import { defineCommand } from '../../../command.ts';
import { plainOptions } from '../options.ts';

/** `sqlq user disable`. */
export const disable = defineCommand({
  name: 'disable',
  summary: 'let a user in no more, from now on and everywhere',
  argument: { words: '<name>', description: 'the name of a user' },
  options: plainOptions,
  load: () => import('./run.ts'),
});
