import { defineCommand } from '../../../command.ts';
import { importOptions } from '../options.ts';

/** `sqlq examples import`: lines of JSON in the chat form. */
export const importExamples = defineCommand({
  name: 'import',
  summary: 'read chats as examples of a database',
  argument: {
    words: '<file>',
    description: 'lines of JSON, as export prints them; "-" reads standard input',
  },
  options: importOptions,
  load: () => import('./run.ts'),
});
