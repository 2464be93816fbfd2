import { defineCommand } from '../../../command.ts';
import { forgetOptions } from '../options.ts';

/** `sqlq history forget`: one answer or all of them. */
export const forget = defineCommand({
  name: 'forget',
  summary: 'forget one, or all; examples stay',
  argument: { words: '[number]', description: 'its number in the list' },
  options: forgetOptions,
  load: () => import('./run.ts'),
});
