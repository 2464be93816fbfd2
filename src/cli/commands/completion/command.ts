import { defineCommand } from '../../command.ts';
import { commonOptions } from '../../options/shared.ts';
import { shells } from './shells.ts';

/** `sqlq completion`: a script for a shell. */
export const completion = defineCommand({
  name: 'completion',
  summary: 'print a script that completes commands, flags and names in a shell',
  argument: { words: '<shell>', description: '', choices: shells },
  options: commonOptions,
  help: `Examples:
  eval "$(sqlq completion bash)"                                      # in ~/.bashrc
  eval "$(sqlq completion zsh)"                                       # in ~/.zshrc, after compinit
  sqlq completion fish > ~/.config/fish/completions/sqlq.fish`,
  load: () => import('./run.ts'),
});
