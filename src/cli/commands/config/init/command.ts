import { defineCommand } from '../../../command.ts';
import { initOptions } from './options.ts';

/** `sqlq config init`: a first settings file. */
export const init = defineCommand({
  name: 'init',
  summary: 'write a first .sqlqrc',
  options: initOptions,
  load: () => import('./run.ts'),
});
