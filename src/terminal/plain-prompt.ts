import { cancelled, type Option, optionOf, type SecretPrompts } from './prompt.ts';
import { readHidden } from './read-hidden.ts';
import { readLine } from './read-line.ts';
import type { Streams } from './streams.ts';

/** Questions as lines of text, answered by a letter, a number or words: for terminals that move no cursor. */
export function createPlainPrompts({ stdin, stderr }: Streams, signal: AbortSignal): SecretPrompts {
  const ask = async (text: string): Promise<string> => {
    stderr.write(text);
    const line = await readLine(stdin, signal);
    if (line === null) {
      throw cancelled();
    }
    return line.trim();
  };
  return {
    async select(message, options) {
      const lettered = options.some(({ key }) => key !== undefined);
      if (!lettered) {
        stderr.write(`${message}\n${numbered(options)}\n`);
      }
      const line = lettered
        ? `${options[0]?.label ?? message}? [${letters(options)}] `
        : `[1-${options.length}] `;
      for (;;) {
        const typed = await ask(line);
        const option = chosen(options, typed, lettered);
        if (option !== undefined) {
          return option.value;
        }
        stderr.write(`${lettered ? explained(options) : numbered(options)}\n`);
      }
    },
    input: (message) => ask(`${message} `),
    async secret(message) {
      stderr.write(`${message} `);
      try {
        return await readHidden(stdin, signal);
      } finally {
        stderr.write('\n');
      }
    },
    async confirm(message) {
      for (;;) {
        const typed = (await ask(`${message} [y/N] `)).toLowerCase();
        if (/^y(?:es)?$/u.test(typed)) {
          return true;
        }
        if (/^(?:no?|q)?$/u.test(typed)) {
          return false;
        }
      }
    },
  };
}

function chosen<Value>(
  options: readonly Option<Value>[],
  typed: string,
  lettered: boolean,
): Option<Value> | undefined {
  if (typed === '') {
    return lettered ? options[0] : undefined;
  }
  if (/^\d+$/u.test(typed)) {
    return options[Number(typed) - 1];
  }
  const word = typed.toLowerCase();
  return optionOf(options, word === 'yes' ? 'y' : word === 'no' ? 'n' : word) ?? undefined;
}

/** `Y/n/e/?`: the usual answer large; what is rarer is told by the question mark. */
function letters<Value>(options: readonly Option<Value>[]): string {
  const [first, ...rest] = options.map(({ key, leaves }) => (leaves === true ? 'n' : (key ?? '')));
  const shown = ['n', 'e'].filter((letter) => rest.includes(letter));
  return [first?.toUpperCase() ?? '', ...shown, '?'].join('/');
}

function explained<Value>(options: readonly Option<Value>[]): string {
  return options
    .map(({ label, key, leaves }) => `${leaves === true ? 'n, q' : (key ?? '')}  ${label}`)
    .join('\n');
}

function numbered<Value>(options: readonly Option<Value>[]): string {
  return options.map(({ label }, index) => `${index + 1}. ${label}`).join('\n');
}
