import { defineCommand } from '../../../command.ts';
import { listOptions } from '../options.ts';

/** `sqlq user list`. */
export const list = defineCommand({
  name: 'list',
  summary: 'list the users, with what they may',
  options: listOptions,
  load: () => import('./run.ts'),
});
