import type { Definition } from './definition.ts';
import { commonFlags, databaseFlags, modelFlags, rowFlags } from './flags.ts';

/** `sqlq repl`: a session of questions. */
export const defineRepl: Definition = (program, context, withFlags) => {
  const repl = program
    .command('repl')
    .description('open a session: a question a line, each may build on the one before');
  withFlags(repl, databaseFlags, modelFlags, rowFlags, commonFlags);
  repl
    .addHelpText(
      'after',
      `
Examples:
  sqlq repl --db sample
  printf '%s\\n' "how many customers are there?" ".format json" | sqlq repl --db sample --yes

In the session .help lists the commands. From a pipe each line is answered in turn; the exit code is the worst of them.`,
    )
    .action(async (options) =>
      context.finish(await (await import('../repl.ts')).replCommand(options, context)),
    );
};
