import { SqlqError } from '../../errors.ts';
import type { Message } from '../message.ts';
import type { Usage } from '../model.ts';
import type { ModelServer } from '../server.ts';
import { asciiPerToken, estimateTokens } from '../tokens.ts';
import { quirksOf } from './quirks.ts';

/**
 * Looks at a prompt before it leaves. Throws, with both numbers, where it can't fit a window that is known; returns a
 * warning where a server would cut it without a word, and null where all is well or the server counts for itself.
 */
export function checkFits(server: ModelServer, messages: readonly Message[]): string | null {
  const tokens = estimateTokens(messages);
  const { cutsSilently, usualContext } = quirksOf(server);
  const known = server.contextSize;
  // A server that counts knows better than an estimate, unless the prompt is far too long.
  if (known !== null && tokens > (cutsSilently ? known : 2 * known)) {
    throw new SqlqError(
      'failed',
      `The prompt of about ${tokens} tokens does not fit the window of ${known} (${server.model})`,
      { hint: contextHint(server, tokens) },
    );
  }
  return known === null && cutsSilently && usualContext !== null && tokens > usualContext
    ? `The prompt is about ${tokens} tokens, the usual window of ${server.provider} is ${usualContext}, and what does not fit is cut in silence. ${contextHint(server, tokens)}`
    : null;
}

/**
 * How many characters of schema text a server is told: what its window has room for, beside the rules, the question and
 * the reply; at most `tokens` where the user says so. A server of unknown window is not sent what it may not take, and
 * what is paid for by the token.
 */
export function schemaBudget(server: ModelServer, tokens: number | null = null): number {
  const window = server.contextSize ?? quirksOf(server).usualContext;
  const wanted = tokens ?? (window === null ? usualTokens : Number.POSITIVE_INFINITY);
  const reply = window === null ? 0 : Math.min(server.maxTokens, window / 4);
  const room = window === null ? wanted : window - reply - rulesTokens;
  return Math.max(0, Math.floor(Math.min(wanted, room) * asciiPerToken));
}

const usualTokens = 8_000;
/** The prompt's own rules, a question and an attempt. */
const rulesTokens = 1_000;

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
    ? `Prompt and reply fill the window of ${total} tokens exactly: the server may have cut the schema. ${contextHint(server, total)}`
    : null;
}

/** How to make room for a prompt of some tokens and its reply. */
export function contextHint(server: ModelServer, promptTokens: number): string {
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
