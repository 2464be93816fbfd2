import type { Key } from 'node:readline';
import { cancelled, type Option, optionOf, type SecretPrompts } from './prompt.ts';
import type { Streams } from './streams.ts';
import { onContinue } from './suspend.ts';

type Library = typeof import('@inquirer/prompts');
type Context = NonNullable<Parameters<Library['input']>[1]>;

/** Questions as @inquirer/prompts draws them, with a letter for each answer of a menu besides. */
export function createDrawnPrompts({ stdin, stderr }: Streams, signal: AbortSignal): SecretPrompts {
  /** Asks, and asks anew where the shell has had the terminal in between: `answered` is a way out of the prompt. */
  const ask = async <Value>(
    prompt: (library: Library, context: Context) => Promise<Value>,
    answered: AbortSignal = signal,
  ): Promise<Value> => {
    const library = await import('@inquirer/prompts');
    for (;;) {
      const gone = new AbortController();
      const noMore = (): void => gone.abort(cancelled());
      const endOfInput = (_text: string | undefined, key: Key): void => {
        if (key.ctrl === true && key.name === 'd') {
          noMore();
        }
      };
      const again = new AbortController();
      const context = {
        input: stdin,
        output: stderr,
        signal: AbortSignal.any([signal, answered, again.signal, gone.signal]),
        clearPromptOnDone: true,
      };
      const forget = onContinue(() => {
        // What the shell has written since stands where the prompt was.
        context.clearPromptOnDone = false;
        again.abort();
      });
      stdin.on('keypress', endOfInput);
      stdin.once('end', noMore);
      if (stdin.readableEnded) {
        noMore();
      }
      try {
        return await prompt(library, context);
      } catch (error) {
        if (signal.aborted) {
          throw signal.reason;
        }
        if (gone.signal.aborted) {
          throw gone.signal.reason;
        }
        if (error instanceof Error && error.name === 'ExitPromptError') {
          throw cancelled();
        }
        if (answered.aborted || !again.signal.aborted) {
          throw error;
        }
      } finally {
        stdin.off('keypress', endOfInput);
        stdin.off('end', noMore);
        forget();
      }
    }
  };
  return {
    async select(message, options) {
      const byKey = new AbortController();
      const onKey = (text: string | undefined, key: Key): void => {
        if (key.ctrl === true || (key.meta === true && key.name !== 'escape')) {
          return;
        }
        const option = optionOf(options, key.name === 'escape' ? 'escape' : (text ?? ''));
        if (option !== null) {
          byKey.abort(option);
        }
        // Where no answer leaves, the question does.
        else if (key.name === 'escape' || text === 'q') {
          byKey.abort(cancelled());
        }
      };
      stdin.on('keypress', onKey);
      try {
        const choices = choicesOf(options);
        return await ask(({ select }, context) => select({ message, choices }, context), byKey.signal);
      } catch (error) {
        if (signal.aborted || !byKey.signal.aborted) {
          throw error;
        }
        const option = options.find((candidate) => candidate === byKey.signal.reason);
        if (option === undefined) {
          throw byKey.signal.reason;
        }
        return option.value;
      } finally {
        stdin.off('keypress', onKey);
      }
    },
    input: (message) => ask(({ input }, context) => input({ message }, context)),
    secret: (message) => ask(({ password }, context) => password({ message, mask: true }, context)),
    confirm: (message) => ask(({ confirm }, context) => confirm({ message, default: false }, context)),
  };
}

function choicesOf<Value>(options: readonly Option<Value>[]) {
  return options.map(({ label, value, description, key }) => ({
    name: key === undefined ? label : `${label} (${key})`,
    value,
    ...(description === undefined ? {} : { description }),
  }));
}
