import { defineCommand } from '../../../command.ts';
import { exportOptions } from '../options.ts';

/** `sqlq examples export`: for fine-tuning, or for a Modelfile. */
export const exportExamples = defineCommand({
  name: 'export',
  summary: 'print them for another program',
  options: exportOptions,
  load: () => import('./run.ts'),
});
