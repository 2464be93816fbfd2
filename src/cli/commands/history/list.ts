import type { ExitCode } from '../../../errors.ts';
import { listAnswers, type PastAnswer } from '../../../memory/history.ts';
import type { Terminal } from '../../../terminal/terminal.ts';
import type { CommandContext } from '../../context.ts';
import { jsonText } from '../../run/json.ts';
import { memoryOf } from '../../run/memory.ts';
import { withSetup } from '../../run/setup.ts';
import type { ListOptions } from './options.ts';
import { timeOf } from './time.ts';

const mostListed = 20;

/** How a question ended that nobody has called good or bad; `!` for one that failed. */
const signs: Readonly<Record<string, string>> = { answered: ' ', 'dry-run': '~' };

/** `sqlq history` and `sqlq history search`: the newest answers, the last one at the end of the list. */
export function listHistory(
  words: readonly string[],
  options: ListOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { limit = mostListed, ...others } = options;
  return withSetup(others, context, async (setup) => {
    const store = await memoryOf(setup);
    const answers = listAnswers(
      store,
      words.flatMap((word) => word.split(/\s+/u)),
      limit,
    ).toReversed();
    if (options.json === true) {
      await setup.terminal.print(jsonText(answers));
    } else {
      await setup.terminal.print(answers.map((answer) => `${lineOf(setup.terminal, answer)}\n`).join(''));
    }
    if (answers.length === 0) {
      setup.terminal.note('No answer is remembered that fits.');
    }
    return undefined;
  });
}

function lineOf(terminal: Terminal, { id, at, verdict, outcome, question, name, place }: PastAnswer): string {
  const sign = verdict === 'good' ? '+' : verdict === 'bad' ? '-' : (signs[outcome] ?? '!');
  const where = name ?? place;
  return terminal.escape(
    `${String(id).padStart(4)} ${sign} ${timeOf(at)}  ${where}  ${question.replace(/\s+/gu, ' ')}`,
  );
}
