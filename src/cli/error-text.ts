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
  if (error.hint !== null) lines.push(error.hint);
  if (options.verbose) {
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause)
      lines.push(`because: ${cause.message}`);
    if (!(thrown instanceof SqlqError) && thrown instanceof Error) lines.push(thrown.stack ?? '');
  }
  return `${escapeText(redact(lines.join('\n')))}\n`;
}

function unexpected(thrown: unknown): SqlqError {
  return new SqlqError('failed', `This is a bug in sqlq: ${messageOf(thrown)}`, {
    hint: 'Please report it with the command that you ran; --verbose says more.',
  });
}
