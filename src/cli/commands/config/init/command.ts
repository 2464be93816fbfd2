import { defineCommand } from '../../../command.ts';
import { initOptions } from './options.ts';

/** `sqlq config init`: a first settings file. */
export const init = defineCommand({
  name: 'init',
  summary: 'write a first .sqlqrc',
  options: initOptions,
  help: `In a terminal it asks for the database and the model, tries both, and writes a file that works. Flags answer beforehand.

Examples:
  sqlq config init
  sqlq config init --force --db sample --profile offline`,
  load: () => import('./run.ts'),
});
