import { defineCommand } from '../../../command.ts';
import { showOptions } from '../options.ts';

/** `sqlq history show`: one answer, whole. */
export const show = defineCommand({
  name: 'show',
  summary: 'print one whole',
  argument: { words: '<number>', description: 'its number in the list' },
  options: showOptions,
  load: () => import('./run.ts'),
});
