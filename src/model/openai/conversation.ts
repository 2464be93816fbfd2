import type { Message } from '../message.ts';
import type { Usage } from '../model.ts';
import { estimateTokens } from '../tokens.ts';
import { complete, type Exchange } from './client.ts';
import { FailureError, kindOf, refusedParameters } from './errors/failure.ts';
import type { Reply } from './reply/reply.ts';
import { type Asked, isSampling, requestBody } from './request.ts';
import { toUserError } from './to-user-error.ts';
import { cutWarning, roomForReply } from './window.ts';

/** What one question's requests share and leave behind. */
export interface Conversation extends Exchange {
  /** The longest reply that whoever asks can pay for. */
  readonly mostTokens: number;
  readonly onUsage: (usage: Usage) => void;
  /** How many replies there were so far, but for calls of tools, and how many are enough. */
  replies: number;
  readonly mostReplies: number;
  /** The model was asked which of several answers it means. */
  isAskedWhich: boolean;
  /** The model may ask for tables that it was not told of. */
  readonly mayNeedTables: boolean;
  /** Parameters that the server has refused, and gets no more. */
  readonly refused: Set<string>;
  readonly warnings: Set<string>;
  usage: Usage | null;
}

/** One reply; the server's words where it refuses the mode. Parameters that it refuses are left out from then on. */
export async function ask(
  conversation: Conversation,
  asked: Asked,
  messages: readonly Message[],
): Promise<Reply | string> {
  const { server, refused, warnings } = conversation;
  for (;;) {
    const room = Math.min(roomForReply(server, messages), conversation.mostTokens);
    const body = requestBody(server, asked, messages, room, conversation);
    try {
      const reply = await complete(conversation, body);
      note(conversation, reply);
      return reply;
    } catch (thrown) {
      const failure = thrown instanceof FailureError && !conversation.signal.aborted ? thrown.failure : null;
      const kind = failure && kindOf(failure, body);
      if (failure && kind === 'format') {
        return failure.message;
      }
      if (failure === null || kind !== 'parameter') {
        throw await toUserError(thrown, server, body, estimateTokens(messages), conversation.signal);
      }
      for (const name of refusedParameters(failure, body)) {
        refused.add(name);
        if (isSampling(server, name)) {
          warnings.add(`${server.model} takes no ${name}; it was left out.`);
        }
      }
    }
  }
}

/** Adds up the tokens of all requests, and warns of a window that is full. */
function note(conversation: Conversation, { usage }: Reply): void {
  if (usage === null) {
    return;
  }
  conversation.onUsage(usage);
  const warning = cutWarning(conversation.server, usage);
  if (warning !== null) {
    conversation.warnings.add(warning);
  }
  const before = conversation.usage;
  conversation.usage = {
    promptTokens: usage.promptTokens + (before?.promptTokens ?? 0),
    completionTokens: usage.completionTokens + (before?.completionTokens ?? 0),
    cachedTokens: sum(usage.cachedTokens, before?.cachedTokens ?? null),
    reasoningTokens: sum(usage.reasoningTokens, before?.reasoningTokens ?? null),
  };
}

function sum(one: number | null, other: number | null): number | null {
  return one === null ? other : one + (other ?? 0);
}
