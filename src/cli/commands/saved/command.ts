import { defineCommand } from '../../command.ts';
import { savedOptions } from './options.ts';

/** `sqlq saved`: the saved questions that there are. */
export const saved = defineCommand({
  name: 'saved',
  summary: 'list the saved questions of this project with their parameters',
  options: savedOptions,
  help: 'Examples:\n  sqlq saved',
  load: () => import('./run.ts'),
});
