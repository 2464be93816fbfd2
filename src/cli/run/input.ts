import { messageOf, SqlqError } from '../../errors.ts';
import { readWhole } from '../../files/read-file.ts';
import type { Input } from '../../terminal/streams.ts';

/** All of a stream as text. Rejects with the signal's reason, and with a SqlqError `usage` for bytes that are not UTF-8. */
export async function readAll(stream: Input, signal: AbortSignal): Promise<string> {
  const pieces: Buffer[] = [];
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream) {
      pieces.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return decoded(Buffer.concat(pieces), 'Standard input');
}

/** Bytes as text: what is not UTF-8 would become other letters, and another statement. */
function decoded(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SqlqError('usage', `${name} holds bytes that are not UTF-8.`, {
      hint: 'Convert it first, such as with: iconv -f latin1 -t utf-8',
      cause: error,
    });
  }
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
  if (text.trim() !== '') {
    return text.trim();
  }
  const command = what === 'question' ? 'sqlq ask "how many customers are there?"' : 'sqlq run "SELECT 1"';
  throw new SqlqError('usage', `There is no ${what}.`, {
    hint: `Give it as an argument, such as ${command}, or on standard input.`,
  });
}

/** The text of a file that the user names. Throws a SqlqError `usage`. */
export async function readTextFile(path: string, signal: AbortSignal): Promise<string> {
  const bytes = await readWhole(path, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new SqlqError('usage', `The file ${path} can't be read: ${messageOf(error)}.`, { cause: error });
  });
  return decoded(bytes, `The file ${path}`);
}
