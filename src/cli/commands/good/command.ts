import { defineCommand } from '../../command.ts';
import { commonOptions } from '../../options/shared.ts';

/** `sqlq good`: an answer was right. */
export const good = defineCommand({
  name: 'good',
  summary: 'call an answer good: it becomes an example for questions like it',
  argument: { words: '[number]', description: 'its number in sqlq history; the last one unless given' },
  options: commonOptions,
  help: 'Examples:\n  sqlq good\n  sqlq good 12',
  load: () => import('./run.ts'),
});
