import { defineCommand } from '../../command.ts';
import { modelsOptions } from './options.ts';

/** `sqlq models`: what a profile's server offers. */
export const models = defineCommand({
  name: 'models',
  summary: "list the models of a profile's server",
  options: modelsOptions,
  help: 'Example:\n  sqlq models --profile ollama',
  load: () => import('./run.ts'),
});
