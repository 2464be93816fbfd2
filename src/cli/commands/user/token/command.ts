import { defineCommand } from '../../../command.ts';
import { tokenOptions } from '../options.ts';

/** `sqlq user token`. */
export const token = defineCommand({
  name: 'token',
  summary: 'make a token for a program of a user, list theirs, or take one back',
  argument: { words: '<name>', description: 'the name of a user' },
  options: tokenOptions,
  load: () => import('./run.ts'),
});
