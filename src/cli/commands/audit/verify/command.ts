import { defineCommand } from '../../../command.ts';
import { verifyOptions } from '../options.ts';

/** `sqlq audit verify`. */
export const verify = defineCommand({
  name: 'verify',
  summary: 'find the first record that was changed, taken out or moved; exit code 1 where there is one',
  argument: {
    words: '[file]',
    description: "one file of a log, or a folder of one; this machine's own unless given",
  },
  options: verifyOptions,
  load: () => import('./run.ts'),
});
