import { Argument } from 'commander';
import type { Definition } from './definition.ts';
import { commonFlags } from './flags.ts';

/** `sqlq completion`, and the hidden command that its scripts ask at every Tab. */
export const defineCompletion: Definition = (program, context, withFlags) => {
  withFlags(
    program
      .command('completion')
      .description('print a script that completes commands, flags and names in a shell')
      .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
      .addHelpText(
        'after',
        `
Examples:
  eval "$(sqlq completion bash)"                                      # in ~/.bashrc
  eval "$(sqlq completion zsh)"                                       # in ~/.zshrc, after compinit
  sqlq completion fish > ~/.config/fish/completions/sqlq.fish`,
      ),
    commonFlags,
  ).action(async (shell: 'bash' | 'zsh' | 'fish') =>
    context.finish(await (await import('../completion.ts')).completionCommand(shell, context)),
  );
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: string[]) =>
      context.finish(await (await import('../complete.ts')).completeCommand(words, context)),
    );
};
