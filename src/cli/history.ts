import { dirname } from 'node:path';
import { type ExitCode, SqlqError } from '../errors.ts';
import { forgetAnswer, forgetAnswers, listAnswers, type PastAnswer, readAnswer } from '../memory/history.ts';
import { forgetLines } from '../repl/history.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { CommandContext } from './context.ts';
import { memoryOf } from './memory.ts';
import type { ForgetOptions, HistoryOptions, RunOptions } from './options.ts';
import { runCommand } from './run.ts';
import { makeSetup, withSetup } from './setup.ts';

const mostListed = 20;

/** `sqlq history` and `sqlq history search`: the newest answers, the last one at the end of the list. */
export function historyCommand(
  words: readonly string[],
  options: HistoryOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { limit, ...others } = options;
  return withSetup(others, context, async (setup) => {
    const store = await memoryOf(setup);
    const most = limit === undefined ? mostListed : numberOf(limit, '--limit');
    const answers = listAnswers(
      store,
      words.flatMap((word) => word.split(/\s+/u)),
      most,
    ).toReversed();
    if (options.json === true) await setup.terminal.print(`${JSON.stringify(answers, null, 2)}\n`);
    else await setup.terminal.print(answers.map((answer) => `${lineOf(setup.terminal, answer)}\n`).join(''));
    if (answers.length === 0) setup.terminal.note('No answer is remembered that fits.');
    return undefined;
  });
}

/** `sqlq history show` and `sqlq last`: one answer, whole. */
export function showCommand(
  id: string | null,
  options: HistoryOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const answer = readAnswer(await memoryOf(setup), id === null ? null : numberOf(id));
    await setup.terminal.print(
      options.json === true ? `${JSON.stringify(answer, null, 2)}\n` : textOf(setup.terminal, answer),
    );
    return undefined;
  });
}

/** `sqlq history run`: the SQL of an answer once more, on the database that it was asked of. */
export async function rerunCommand(
  id: string,
  options: RunOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const answer = readAnswer(await memoryOf(await makeSetup(options, context)), numberOf(id));
  const db = options.db ?? answer.name ?? undefined;
  return runCommand(answer.sql, db === undefined ? options : { ...options, db }, context, answer.place);
}

/** `sqlq history forget`: one answer or all of them. */
export function forgetCommand(
  id: string | undefined,
  options: ForgetOptions,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const all = options.all === true;
    if (all === (id !== undefined))
      throw new SqlqError('usage', 'Which answer is to be forgotten?', {
        hint: 'Name its number, such as sqlq history forget 12, or all of them: sqlq history forget --all',
      });
    const store = await memoryOf(setup);
    if (id !== undefined) forgetAnswer(store, numberOf(id));
    const count = all ? forgetAnswers(store) : 1;
    if (all) await forgetLines(dirname(setup.memoryFile));
    setup.terminal.note(`Forgot ${count === 1 ? 'one answer' : `${count} answers`}.`);
    return undefined;
  });
}

/** The number that an argument is. Throws a SqlqError `usage`. */
export function numberOf(text: string, what = 'The number of an answer'): number {
  if (/^[1-9]\d{0,14}$/u.test(text)) return Number(text);
  throw new SqlqError('usage', `${what} is a whole number from 1 up, not "${text}".`);
}

function lineOf(terminal: Terminal, { id, at, verdict, outcome, question, name, place }: PastAnswer): string {
  const sign = verdict === 'good' ? '+' : verdict === 'bad' ? '-' : outcome === 'answered' ? ' ' : '!';
  const where = name ?? place;
  return terminal.escape(
    `${String(id).padStart(4)} ${sign} ${timeOf(at)}  ${where}  ${question.replace(/\s+/gu, ' ')}`,
  );
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

/** In the user's own time. */
function timeOf(at: string): string {
  const date = new Date(at);
  const pad = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}
