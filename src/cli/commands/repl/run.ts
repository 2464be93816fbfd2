import { variable } from '../../../config/environment.ts';
import { foldersOf } from '../../../config/folders.ts';
import { type ExitCode, exitCodes, SqlqError } from '../../../errors.ts';
import type { Session } from '../../../repl/session.ts';
import { createSession } from '../../../repl/session.ts';
import type { Workspace } from '../../../repl/workspace.ts';
import { createPrompts } from '../../../terminal/create-prompts.ts';
import { editText } from '../../../terminal/editor.ts';
import type { Prompts } from '../../../terminal/prompt.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { errorText } from '../../error-text.ts';
import { type Setup, withSetup } from '../../run/setup.ts';
import type { ReplOptions } from './options.ts';
import { makeWorkspace } from './workspace.ts';

/** Lends the keyboard to what reads it. */
type Lend = <Value>(work: () => Promise<Value>) => Promise<Value>;

/** `sqlq repl`: a session in a terminal, or the lines of a pipe one after the other. */
export function run(
  { options }: Invocation<string | undefined, ReplOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    if (options.output !== undefined) {
      throw new SqlqError('usage', 'A session has many answers, and --output is one file.', {
        hint: 'Write the answer that you want with .export FILE',
      });
    }
    const workspace = await makeWorkspace(setup, context, options);
    const { terminal } = setup;
    const showError = async (error: unknown): Promise<void> => {
      const text = errorText(error, { secrets: context.secrets, verbose: options.verbose === true });
      terminal.warn(terminal.style('red', text.trimEnd()));
    };
    if (!terminal.interactive) {
      const { piped } = await import('../../../repl/piped.ts');
      const session = sessionOf(setup, context, workspace, (work) => work());
      return piped(session, context.streams.stdin, showError, context.signal);
    }
    const [{ interactive }, { forgetful, historyFile, openHistory }] = await Promise.all([
      import('../../../repl/interactive.ts'),
      import('../../../repl/history.ts'),
    ]);
    const folder = foldersOf(context.environment, context.homeFolder).state;
    await interactive({
      terminal,
      history: setup.settings.values.history
        ? await openHistory(historyFile(folder, workspace.place))
        : forgetful,
      begin: (editor) => sessionOf(setup, context, workspace, (work) => editor.lend(work)),
      showError,
      onInterrupt: context.onInterrupt,
      signal: context.signal,
    });
    return exitCodes.answered;
  });
}

function sessionOf(setup: Setup, context: CommandContext, workspace: Workspace, lend: Lend): Session {
  const { environment, streams } = context;
  const editor = variable(environment, 'VISUAL') ?? variable(environment, 'EDITOR') ?? 'vi';
  return createSession({
    workspace,
    terminal: setup.terminal,
    report: setup.report,
    prompts: (signal) => lending(createPrompts(streams, signal, environment), lend),
    pager: (pager) => pager && { show: (file) => lend(() => pager.show(file)) },
    edit: (text) => lend(() => editText(editor, text, environment)),
  });
}

function lending(prompts: Prompts, lend: Lend): Prompts {
  return {
    select: (message, options) => lend(() => prompts.select(message, options)),
    input: (message) => lend(() => prompts.input(message)),
    confirm: (message) => lend(() => prompts.confirm(message)),
  };
}
