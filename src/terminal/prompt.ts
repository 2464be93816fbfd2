import { SqlqError } from '../errors.ts';
import type { Streams } from './streams.ts';

export interface Option<Value> {
  readonly label: string;
  readonly value: Value;
  readonly description?: string;
}

/** Questions to the user, on stderr, so that stdout stays data. Ctrl-C rejects with a SqlqError `cancelled`. */
export interface Prompts {
  select<Value>(message: string, options: readonly Option<Value>[]): Promise<Value>;
  input(message: string): Promise<string>;
  confirm(message: string): Promise<boolean>;
}

export function createPrompts(streams: Streams, signal: AbortSignal): Prompts {
  const context = { input: streams.stdin, output: streams.stderr, signal, clearPromptOnDone: true };
  const ask = async <Value>(
    prompt: (library: typeof import('@inquirer/prompts')) => Promise<Value>,
  ): Promise<Value> => {
    const library = await import('@inquirer/prompts');
    try {
      return await prompt(library);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof Error && error.name === 'ExitPromptError') throw cancelled();
      throw error;
    }
  };
  return {
    select: (message, options) =>
      ask(({ select }) =>
        select(
          {
            message,
            choices: options.map(({ label, value, description }) => ({
              name: label,
              value,
              ...(description === undefined ? {} : { description }),
            })),
          },
          context,
        ),
      ),
    input: (message) => ask(({ input }) => input({ message }, context)),
    confirm: (message) => ask(({ confirm }) => confirm({ message, default: false }, context)),
  };
}

/** What a run ends with when its user stops it. */
export function cancelled(): SqlqError {
  return new SqlqError('cancelled', 'Cancelled.');
}
