import { defineCommand } from '../../command.ts';
import { init } from './init/command.ts';
import { configOptions } from './options.ts';

/** `sqlq config`: the settings in effect. */
export const config = defineCommand({
  name: 'config',
  summary: 'print the settings in effect and where each came from',
  options: configOptions,
  help: 'Examples:\n  sqlq config\n  sqlq config init',
  commands: [init],
  load: () => import('./run.ts'),
});
