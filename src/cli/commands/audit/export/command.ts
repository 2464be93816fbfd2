import { defineCommand } from '../../../command.ts';
import { exportOptions } from '../options.ts';

/** `sqlq audit export`. */
export const exportCommand = defineCommand({
  name: 'export',
  summary: 'write its records out as CSV or JSON',
  argument: {
    words: '[file]',
    description: "one file of a log, or a folder of one; this machine's own unless given",
  },
  options: exportOptions,
  load: () => import('./run.ts'),
});
