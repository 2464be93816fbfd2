import type { Message } from './message.ts';

/**
 * A prompt's tokens, roughly: a token is about 3 bytes of SQL and identifiers, and one character of scripts
 * outside ASCII, in the tokenizers in use. Good enough to say that a prompt is near the window.
 */
export function estimateTokens(messages: readonly Message[]): number {
  let ascii = 0;
  let other = 0;
  for (const { content } of messages) {
    for (const character of content) {
      if (character < '\x80') {
        ascii++;
      } else {
        other++;
      }
    }
  }
  return Math.ceil(ascii / asciiPerToken + other) + messages.length * perMessage;
}

/** Characters of ASCII to a token. */
export const asciiPerToken = 3;
const perMessage = 4;
