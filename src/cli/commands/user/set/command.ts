import { defineCommand } from '../../../command.ts';
import { rightsOptions } from '../options.ts';

/** `sqlq user set`. */
export const set = defineCommand({
  name: 'set',
  summary: 'change what a user may; what is not given stays',
  argument: { words: '<name>', description: 'the name of a user' },
  options: rightsOptions,
  load: () => import('./run.ts'),
});
