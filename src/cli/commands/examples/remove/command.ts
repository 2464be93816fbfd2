import { defineCommand } from '../../../command.ts';
import { commonOptions } from '../../../options/shared.ts';

/** `sqlq examples remove`. */
export const remove = defineCommand({
  name: 'remove',
  summary: 'remove one',
  argument: { words: '<number>', description: 'its number in the list' },
  options: commonOptions,
  load: () => import('./run.ts'),
});
