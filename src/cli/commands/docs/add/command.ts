import { defineCommand } from '../../../command.ts';
import { addOptions } from '../options.ts';

/** `sqlq docs add`. */
export const add = defineCommand({
  name: 'add',
  summary: 'read files or folders, or all of a database anew',
  argument: {
    words: '[paths...]',
    description: 'files and folders, or addresses of pages that were saved and added before',
  },
  options: addOptions,
  load: () => import('./run.ts'),
});
