import { defineCommand } from '../../../command.ts';
import { listOptions } from '../options.ts';

/** `sqlq history search`: those that hold some words. */
export const search = defineCommand({
  name: 'search',
  summary: 'list those that hold every one of some words',
  argument: { words: '<words...>', description: 'words of the question or the SQL' },
  options: listOptions,
  load: () => import('./run.ts'),
});
