import { SqlqError } from '../errors.ts';
import type { Answer, Choice } from '../model/answer.ts';
import type { AskContext } from './context.ts';

export type Clarification = Extract<Answer, { kind: 'clarification' }>;

/** What the model asks back, where nobody can be asked. */
export class Unclear extends SqlqError {
  readonly clarification: Clarification;

  constructor(clarification: Clarification) {
    const { question, choices } = clarification;
    const interpretations = choices.map((choice, index) => `\n  ${index + 1}. ${choice.interpretation}`);
    super('unanswerable', `${question}${interpretations.join('')}`, {
      hint: 'Ask again in words that have one meaning, or ask in a terminal without --yes to choose.',
    });
    this.clarification = clarification;
  }
}

const nothingFits: Choice = { interpretation: '', sql: null };

/** Asks the user which interpretation is meant; without a terminal the question itself is the answer, as an error. */
export async function clarify(context: AskContext, clarification: Clarification): Promise<Choice> {
  const { terminal, prompts } = context;
  const { question, choices } = clarification;
  if (!terminal.interactive || context.yes) {
    throw new Unclear(clarification);
  }
  if (choices.length === 0) {
    return { interpretation: await prompts.input(terminal.escape(question)), sql: null };
  }
  const chosen = await prompts.select(terminal.escape(question), [
    ...choices.map((choice) => ({ label: terminal.escape(choice.interpretation), value: choice })),
    { label: 'None of these: say it in other words', value: nothingFits },
  ]);
  if (chosen !== nothingFits) {
    return chosen;
  }
  return { interpretation: await prompts.input('What do you mean?'), sql: null };
}
