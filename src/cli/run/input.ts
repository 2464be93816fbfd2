import { readFile } from 'node:fs/promises';
import { messageOf, SqlqError } from '../../errors.ts';
import type { Input } from '../../terminal/streams.ts';

/** All of a stream as text. Rejects with the signal's reason. */
export async function readAll(stream: Input, signal: AbortSignal): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream) text += String(chunk);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return text;
}

/**
 * A question or a statement: the words of the command line, or standard input where that is a `-`, or where nothing
 * is given and something is piped in. Throws a SqlqError `usage` where there is neither.
 */
export async function readInput(
  words: readonly string[],
  stdin: Input,
  what: 'question' | 'statement',
  signal: AbortSignal,
): Promise<string> {
  const fromStdin = words.length === 1 && words[0] === '-';
  const text =
    fromStdin || (words.length === 0 && stdin.isTTY !== true)
      ? await readAll(stdin, signal)
      : words.join(' ');
  if (text.trim() !== '') return text.trim();
  const command = what === 'question' ? 'sqlq ask "how many customers are there?"' : 'sqlq run "SELECT 1"';
  throw new SqlqError('usage', `There is no ${what}.`, {
    hint: `Give it as an argument, such as ${command}, or on standard input.`,
  });
}

/** The text of a file that the user names. Throws a SqlqError `usage`. */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SqlqError('usage', `The file ${path} can't be read: ${messageOf(error)}.`, { cause: error });
  }
}
