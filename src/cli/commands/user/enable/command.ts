import { defineCommand } from '../../../command.ts';
import { plainOptions } from '../options.ts';

/** `sqlq user enable`. */
export const enable = defineCommand({
  name: 'enable',
  summary: 'let a user in again, also one whose tries to sign in are slowed',
  argument: { words: '<name>', description: 'the name of a user' },
  options: plainOptions,
  load: () => import('./run.ts'),
});
