import { defineCommand } from '../../../command.ts';
import { listOptions } from '../options.ts';

/** `sqlq docs list`. */
export const list = defineCommand({
  name: 'list',
  summary: 'list them, with those whose files have changed or are gone',
  options: listOptions,
  load: () => import('./run.ts'),
});
