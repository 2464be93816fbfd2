import type { Answer } from '../answer.ts';
import type { Looking, Message, ToolCall } from '../message.ts';
import type { ModelServer } from '../server.ts';
import { ask, type Conversation } from './conversation.ts';
import { quirksOf } from './quirks.ts';
import type { Reply } from './reply/reply.ts';
import { answerToolName } from './request.ts';
import { type KnownServer, rememberServer } from './server-memory.ts';
import { throwIfCut, throwIfRefused } from './to-user-error.ts';

/** A server that took no tools is offered some again after this: its model or its settings can have changed. */
const refusalLastsMs = 7 * 24 * 3_600_000;

/**
 * Whether a server may be offered tools: unless it has refused them, the settings name a mode without any, or its model
 * writes SQL alone.
 */
export function takesTools(server: ModelServer, { tools }: KnownServer): boolean {
  const { structuredOutput } = server;
  if (
    (structuredOutput !== 'auto' && structuredOutput !== 'tool') ||
    quirksOf(server).modes.includes('sql')
  ) {
    return false;
  }
  return tools === undefined || tools.taken || Math.abs(Date.now() - tools.at) > refusalLastsMs;
}

/**
 * Asks once with tools on offer: the model calls some, or answers. Null where neither came of it, and it has to be asked for
 * the answer alone: the server takes no tools, which is remembered, or the model made nothing of them.
 */
export async function lookFirst(
  conversation: Conversation,
  looking: Looking,
  messages: readonly Message[],
  known: KnownServer,
): Promise<Answer | null> {
  const { server } = conversation;
  const reply = await ask(conversation, { looking }, messages);
  if (typeof reply === 'string') {
    await rememberServer(server, { tools: { taken: false, at: Date.now() } });
    return null;
  }
  throwIfRefused(server, reply);
  const { parseAnswer } = await import('../reply/parse.ts');
  const isCut = reply.isEndless || reply.finishReason === 'length';
  const calls = await callsOf(reply, looking);
  if (calls.length > 0 && !isCut) {
    if (known.tools?.taken !== true) {
      await rememberServer(server, { tools: { taken: true, at: Date.now() } });
    }
    return { kind: 'calls', calls, said: reply.calls.length > 0 ? reply.content.trim() : '' };
  }
  conversation.replies += 1;
  const given = reply.calls.find(({ name }) => isNamed(name, answerToolName));
  const parsed = parseAnswer({ ...reply, toolArguments: given?.arguments ?? '', isCut });
  if (parsed.ok) {
    return parsed.answer;
  }
  throwIfCut(server, reply);
  return null;
}

/** The calls of a reply but that of the answer; those that a model has written out as text where the server has read none. */
async function callsOf({ calls, content }: Reply, { tools }: Looking): Promise<readonly ToolCall[]> {
  const names = [...tools.map(({ name }) => name), answerToolName];
  const known =
    calls.length > 0 ? calls : (await import('../reply/written-calls.ts')).writtenCalls(content, names);
  return known
    .map((call) => ({ ...call, name: names.find((name) => isNamed(call.name, name)) ?? call.name }))
    .filter(({ name }) => name !== answerToolName);
}

/** Whether a model means a tool: `functions.search_schema`, `mcp__sqlq__search_schema` and `searchSchema` are `search_schema`. */
function isNamed(written: string, name: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/gu, '');
  return plain(written).endsWith(plain(name));
}
