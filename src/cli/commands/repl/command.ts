import { defineCommand } from '../../command.ts';
import { replOptions } from './options.ts';

/** `sqlq repl`: a session of questions. */
export const repl = defineCommand({
  name: 'repl',
  summary: 'open a session: a question a line, each may build on the one before',
  options: replOptions,
  help: `Examples:
  sqlq repl --db sample
  printf '%s\\n' "how many customers are there?" ".format json" | sqlq repl --db sample --yes

In the session .help lists the commands. From a pipe each line is answered in turn; the exit code is the worst of them.`,
  opensDatabase: true,
  load: () => import('./run.ts'),
});
