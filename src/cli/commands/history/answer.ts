import type { ExitCode } from '../../../errors.ts';
import { type PastAnswer, readAnswer } from '../../../memory/history.ts';
import type { Terminal } from '../../../terminal/terminal.ts';
import type { CommandContext } from '../../context.ts';
import { jsonText } from '../../run/json.ts';
import { memoryOf } from '../../run/memory.ts';
import { numberOf } from '../../run/number.ts';
import { withSetup } from '../../run/setup.ts';
import type { ShowOptions } from './options.ts';
import { timeOf } from './time.ts';

/** `sqlq history show` and `sqlq last`: one answer, whole. */
export function showAnswer(
  id: string | null,
  options: ShowOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const answer = readAnswer(await memoryOf(setup), id === null ? null : numberOf(id));
    await setup.terminal.print(options.json === true ? jsonText(answer) : textOf(setup.terminal, answer));
    return undefined;
  });
}

function textOf(terminal: Terminal, answer: PastAnswer): string {
  const { id, at, place, question, sql, assumptions, provider, model, outcome, rows, verdict } = answer;
  const facts = [
    `${timeOf(at)} on ${place}, by ${provider === model ? provider : `${model} (${provider})`}`,
    `${outcome}${rows === null ? '' : `, ${rows} row${rows === 1 ? '' : 's'}`}${verdict === null ? '' : `, called ${verdict}`}`,
    ...assumptions.map((assumption, index) => `${index + 1}. ${assumption}`),
  ];
  const comments = [`${id}. ${question}`, ...facts].flatMap((line) => line.split('\n'));
  return `${comments.map((line) => `-- ${terminal.escape(line)}\n`).join('')}${sql.split('\n').map(terminal.escape).join('\n')}\n`;
}
