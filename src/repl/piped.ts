import { createInterface } from 'node:readline';
import { type ExitCode, exitCodes, SqlqError } from '../errors.ts';
import type { Input } from '../terminal/streams.ts';
import { isWhole } from './input.ts';
import { takeLine } from './line.ts';
import type { Session } from './session.ts';

/** A session whose lines come from a pipe. Every line is done, whatever became of the others; the worst exit code is given back. */
export async function piped(
  session: Session,
  stdin: Input,
  showError: (error: unknown) => Promise<void>,
  signal: AbortSignal,
): Promise<ExitCode> {
  let worst: ExitCode = exitCodes.answered;
  try {
    for await (const text of texts(stdin, signal)) {
      try {
        await takeLine(session, text, signal);
      } catch (error) {
        signal.throwIfAborted();
        const code = error instanceof SqlqError ? exitCodes[error.code] : exitCodes.failed;
        if (code > worst) {
          worst = code;
        }
        await showError(error);
      }
      if (session.ended) {
        break;
      }
    }
    signal.throwIfAborted();
    return worst;
  } finally {
    await session.rows?.client.close();
    await session.workspace.close();
  }
}

/** The lines of a stream, those together that a backslash or an open quote of SQL joins. */
async function* texts(stdin: Input, signal: AbortSignal): AsyncGenerator<string> {
  const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY, signal });
  let open: string[] = [];
  for await (const line of lines) {
    open.push(line.endsWith('\\') ? line.slice(0, -1) : line);
    const text = open.join('\n');
    if (line.endsWith('\\') || !isWhole(text)) {
      continue;
    }
    open = [];
    yield text;
  }
  if (open.length > 0) {
    yield open.join('\n');
  }
}
