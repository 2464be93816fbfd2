import { defineCommand } from '../../command.ts';
import { showOptions } from '../history/options.ts';

/** `sqlq last`: the last answer. */
export const last = defineCommand({
  name: 'last',
  summary: 'print the last question with its SQL',
  options: showOptions,
  help: 'Examples:\n  sqlq last\n  sqlq last | sqlq run --db sample',
  load: () => import('./run.ts'),
});
