import { SqlqError } from '../../errors.ts';
import type { Message, Usage } from '../model.ts';
import type { ModelServer } from '../server.ts';
import { quirksOf } from './quirks.ts';

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
  return Math.ceil(ascii / 3 + other) + messages.length * perMessage;
}

const perMessage = 4;

/**
 * What to say before a prompt leaves that may not fit: null, or a warning. Where the window is known and the server
 * would cut the prompt without a word, which makes a wrong answer, it throws instead, with both numbers.
 */
export function checkFits(server: ModelServer, messages: readonly Message[]): string | null {
  const tokens = estimateTokens(messages);
  const { cutsSilently, usualContext } = quirksOf(server);
  const window = server.contextSize ?? usualContext;
  if (window === null || tokens <= window) {
    return null;
  }
  if (server.contextSize !== null && (cutsSilently || tokens > 2 * window)) {
    throw new SqlqError(
      'failed',
      `The prompt of about ${tokens} tokens does not fit the window of ${window} (${server.model})`,
      { hint: mendContext(server, tokens) },
    );
  }
  const usually = server.contextSize === null ? 'usual ' : '';
  return `The prompt is about ${tokens} tokens, the ${usually}window ${window}. ${mendContext(server, tokens)}`;
}

/** The cap on a reply's tokens, so that prompt and reply fit a window that is known. */
export function roomForReply(server: ModelServer, messages: readonly Message[]): number {
  if (server.contextSize === null) {
    return server.maxTokens;
  }
  return Math.min(server.maxTokens, Math.max(leastReply, server.contextSize - estimateTokens(messages)));
}

const leastReply = 256;

/**
 * The warning for a reply that filled the window to the last token: its prompt was cut, or it was. A server of unknown
 * window gives itself away by a sum that is a power of two.
 */
export function cutWarning(server: ModelServer, usage: Usage): string | null {
  const total = usage.promptTokens + usage.completionTokens;
  const isFull =
    server.contextSize === null
      ? quirksOf(server).cutsSilently && total >= 2048 && Number.isInteger(Math.log2(total))
      : total === server.contextSize;
  return isFull
    ? `Prompt and reply fill the window of ${total} tokens exactly: the server may have cut the schema. ${mendContext(server, total)}`
    : null;
}

/** How to make room for a prompt of some tokens and its reply. */
export function mendContext(server: ModelServer, promptTokens: number): string {
  const needed = 2 ** Math.ceil(Math.log2(promptTokens + Math.min(server.maxTokens, promptTokens)));
  const widen = quirksOf(server).widen(server.model, needed);
  const less = 'send fewer tables with --include or --exclude';
  if (widen !== null) {
    return `Widen the window: \`${widen}\`; or ${less}.`;
  }
  return server.isLocal
    ? `Start the server with a wider window (llama.cpp: --ctx-size ${needed}), or ${less}.`
    : `Take a model with a wider window (--model), or ${less}.`;
}
