import { defineCommand } from '../../../command.ts';
import { removeOptions } from '../options.ts';

/** `sqlq docs remove`. */
export const remove = defineCommand({
  name: 'remove',
  summary: 'forget some; their files stay',
  argument: { words: '[documents...]', description: 'numbers, names, files or folders' },
  options: removeOptions,
  load: () => import('./run.ts'),
});
