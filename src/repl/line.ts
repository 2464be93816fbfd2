import { SqlqError } from '../errors.ts';
import { nearest } from '../schema/nearest.ts';
import { isOfSpelling } from '../schema/spelling.ts';
import { commands } from './commands.ts';
import { readLine } from './input.ts';
import { answer, lastTurn, runByHand, type Session } from './session.ts';

/** Does what a line says. Rejects with a SqlqError; the session stays as it was then. */
export async function takeLine(session: Session, text: string, signal: AbortSignal): Promise<void> {
  const input = readLine(text);
  switch (input.kind) {
    case 'nothing':
      return;
    case 'command':
      return commandNamed(input.name).run(session, input.argument, signal);
    case 'sql':
      return runByHand(session, input.sql, null, signal);
    case 'number':
      return rejectAssumption(session, input.number, signal);
    case 'question':
      return answer(session, { text: input.question, basis: session.turns.at(-1) ?? null }, signal);
  }
}

function commandNamed(name: string): (typeof commands)[number] {
  const aliases: Readonly<Record<string, string>> = { quit: 'exit', q: 'exit', h: 'help' };
  const wanted = aliases[name] ?? name;
  const found = commands.find((command) => command.name === wanted);
  if (found !== undefined) {
    return found;
  }
  const names = commands.map((command) => command.name);
  const near =
    nearest(name, names) ?? names.find((other) => other.startsWith(name) || name.startsWith(other));
  throw new SqlqError('usage', `There is no command .${name}.`, {
    hint: near === undefined ? 'List them with .help' : `Did you mean .${near}? List them with .help`,
  });
}

/** Asks the last question again with one of its assumptions rejected. */
async function rejectAssumption(session: Session, number: number, signal: AbortSignal): Promise<void> {
  const turn = lastTurn(session);
  const assumption = turn.assumptions[number - 1];
  if (assumption === undefined || turn.question === null) {
    throw new SqlqError('usage', `The last answer has no assumption ${number}.`, {
      hint: 'A number alone rejects the assumption of that number; a question has words.',
    });
  }
  // What was put in here is left out here: the model has nothing to do with it.
  const isOurs = isOfSpelling(assumption);
  const problem = `Your assumption "${assumption}" does not hold. Take the other choice there and keep all else.`;
  await answer(
    session,
    {
      text: turn.question,
      basis: turn.basis,
      rejected: [...turn.rejected, assumption],
      attempts: isOurs
        ? []
        : [{ sql: turn.tellableSql, source: 'user', problem, holdsStoredValues: turn.holdsStoredValues }],
    },
    signal,
  );
}
