import { defineCommand } from '../../../command.ts';
import { searchOptions } from '../options.ts';

/** `sqlq docs search`. */
export const search = defineCommand({
  name: 'search',
  summary: 'print what they say of some words, the best first',
  argument: { words: '<words...>', description: 'words, or a question' },
  options: searchOptions,
  load: () => import('./run.ts'),
});
