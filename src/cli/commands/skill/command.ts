import { defineCommand } from '../../command.ts';
import { skillOptions } from './options.ts';

/** `sqlq skill`: what a coding agent has to know of sqlq. */
export const skill = defineCommand({
  name: 'skill',
  summary: 'print a skill file for coding agents: which command when, exit codes, JSON',
  options: skillOptions,
  help: `Examples:
  sqlq skill
  sqlq skill --install claude`,
  load: () => import('./run.ts'),
});
