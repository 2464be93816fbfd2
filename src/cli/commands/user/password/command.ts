import { defineCommand } from '../../../command.ts';
import { plainOptions } from '../options.ts';

/** `sqlq user password`. */
export const password = defineCommand({
  name: 'password',
  summary: 'give a user a new password, and sign them out everywhere',
  argument: { words: '<name>', description: 'the name of a user' },
  options: plainOptions,
  load: () => import('./run.ts'),
});
