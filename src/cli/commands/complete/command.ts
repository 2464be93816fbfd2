import { defineCommand } from '../../command.ts';

/** `sqlq complete`: what the completion scripts ask at every Tab. */
export const complete = defineCommand({
  name: 'complete',
  summary: '',
  argument: { words: '[words...]', description: '' },
  options: {},
  isHidden: true,
  takesAnything: true,
  load: () => import('./run.ts'),
});
