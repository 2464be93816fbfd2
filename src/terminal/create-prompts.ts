import { createDrawnPrompts } from './drawn-prompt.ts';
import { createPlainPrompts } from './plain-prompt.ts';
import type { SecretPrompts } from './prompt.ts';
import type { Streams } from './streams.ts';
import { movesCursor } from './unicode.ts';

/** Questions in a terminal: menus and lines that are drawn, or plain lines where the terminal moves no cursor. */
export function createPrompts(
  streams: Streams,
  signal: AbortSignal,
  environment: Readonly<Record<string, string | undefined>>,
): SecretPrompts {
  return movesCursor(environment) ? createDrawnPrompts(streams, signal) : createPlainPrompts(streams, signal);
}
