import { createRedactor } from '../config/redact.ts';
import { messageOf, SqlqError } from '../errors.ts';
import { escapeText } from '../render/escape.ts';

/** What the user is told of an error: without secrets, safe to show, with what to do next; its causes where they are wanted. */
export function errorText(
  thrown: unknown,
  options: { readonly secrets: ReadonlySet<string>; readonly verbose: boolean },
): string {
  const redact = createRedactor([...options.secrets]);
  const error = thrown instanceof SqlqError ? thrown : unexpected(thrown);
  const lines = [`sqlq: ${error.message}`];
  if (error.hint !== null) {
    lines.push(error.hint);
  }
  if (options.verbose) {
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
      lines.push(`because: ${cause.message}`);
    }
    if (!(thrown instanceof SqlqError) && thrown instanceof Error) {
      lines.push(thrown.stack ?? '');
    }
  }
  return `${escapeText(redact(lines.join('\n')))}\n`;
}

function unexpected(thrown: unknown): SqlqError {
  const refused = refusedBySystem(thrown);
  if (refused !== null) {
    return refused;
  }
  return new SqlqError('failed', `This is a bug in sqlq: ${messageOf(thrown)}`, {
    hint: 'Please report it with the command that you ran; --verbose says more.',
  });
}

/** What the system did not let us do is no bug of ours; null for all else. */
function refusedBySystem(thrown: unknown): SqlqError | null {
  if (!(thrown instanceof Error) || !('syscall' in thrown) || !('code' in thrown)) {
    return null;
  }
  const path = 'path' in thrown ? ` ${String(thrown.path)}` : '';
  const text = `The system refused to ${String(thrown.syscall)}${path}: ${String(thrown.code)}.`;
  return new SqlqError('failed', text, {
    hint: 'Check that the place is there, that it is yours to use, and that the disk has room.',
    cause: thrown,
  });
}
