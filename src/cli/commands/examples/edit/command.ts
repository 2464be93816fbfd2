import { defineCommand } from '../../../command.ts';
import { commonOptions } from '../../../options/shared.ts';

/** `sqlq examples edit`: one, in the editor. */
export const edit = defineCommand({
  name: 'edit',
  summary: 'change one in $EDITOR',
  argument: { words: '<number>', description: 'its number in the list' },
  options: commonOptions,
  load: () => import('./run.ts'),
});
