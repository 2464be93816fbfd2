import { defineCommand } from '../../../command.ts';
import { showOptions } from '../options.ts';

/** `sqlq docs show`. */
export const show = defineCommand({
  name: 'show',
  summary: 'print one as it was read, in the pieces that can go with a question',
  argument: { words: '<document>', description: 'its number, its name or its file' },
  options: showOptions,
  load: () => import('./run.ts'),
});
