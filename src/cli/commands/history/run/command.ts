import { defineCommand } from '../../../command.ts';
import { rerunOptions } from '../options.ts';

/** `sqlq history run`: the SQL of an answer once more. */
export const rerun = defineCommand({
  name: 'run',
  summary: 'run the SQL of one again, without a model',
  argument: { words: '<number>', description: 'its number in the list' },
  options: rerunOptions,
  load: () => import('./run.ts'),
});
