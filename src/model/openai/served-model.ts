import type { Answer } from '../answer.ts';
import { type Message, spoken } from '../message.ts';
import type { Model, ModelReply, ModelRequest, SentRequest } from '../model.ts';
import type { ModelServer, StructuredOutputMode } from '../server.ts';
import { assertSettings } from './assert-settings.ts';
import { ask, type Conversation } from './conversation.ts';
import { createDeadline } from './deadline.ts';
import { lookFirst, takesTools } from './looking.ts';
import { placeOf } from './place.ts';
import { quirksOf } from './quirks.ts';
import { requestBody } from './request.ts';
import { recallServer, rememberServer } from './server-memory.ts';
import { failed, throwIfCut, throwIfRefused } from './to-user-error.ts';
import { checkFits, roomForReply } from './window.ts';

/** So many replies that are no answer end a question: a fourth would not be better. */
const mostReplies = 3;

/**
 * A model behind a server that speaks chat completions. Throws a SqlqError `usage` for settings that no request may
 * leave with; `answer` rejects with `failed` where the server does, with `unanswerable` where the model refuses.
 */
export function createServedModel(server: ModelServer): Model {
  assertSettings(server);
  setImmediate(loadEarly);
  return {
    provider: server.provider,
    name: server.model,
    answer: (request, signal) => answer(server, request, signal),
  };
}

/** undici and zod take 40 to 50 ms each to load, unseen while the program waits for the database. */
function loadEarly(): void {
  void import('./transport.ts');
  void import('./reply/read.ts');
}

/** Tries the structured-output modes from the strictest down until a reply is an answer. */
async function answer(server: ModelServer, request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
  signal.throwIfAborted();
  const sent: SentRequest[] = [];
  const tight = checkFits(server, request.messages);
  const conversation: Conversation = {
    server,
    signal,
    deadline: createDeadline(server.timeoutMilliseconds, request.askedAt ?? performance.now()),
    onProgress: request.onProgress,
    onSent: (left) => {
      sent.push(left);
      request.onSent?.(left);
    },
    mostTokens: request.mostTokens ?? Number.POSITIVE_INFINITY,
    onUsage: (usage) => request.onUsage?.(usage),
    mayNeedTables: request.mayNeedTables ?? false,
    refused: new Set(),
    warnings: new Set(tight === null ? [] : [tight]),
    usage: null,
    replies: 0,
    mostReplies: request.mostReplies ?? mostReplies,
    isAskedWhich: false,
  };
  const replyOf = (found: Answer, structuredOutput: string): ModelReply => {
    const { usage, warnings, replies } = conversation;
    return { answer: found, structuredOutput, usage, sent, replies, warnings: [...warnings] };
  };
  const remembered = await recallServer(server);
  if (request.looking && takesTools(server, remembered)) {
    const found = await lookFirst(conversation, request.looking, request.messages, remembered);
    if (found !== null) {
      return replyOf(found, 'tools');
    }
  }
  const { freshSqlMessages: fresh } = request;
  if (fresh !== undefined && server.structuredOutput === 'auto' && !quirksOf(server).modes.includes('sql')) {
    // A small model that repeats itself often knows the answer in the words that it was taught SQL by.
    const found = await tryMode(conversation, 'sql', fresh);
    if ('answer' in found) {
      return replyOf(found.answer, 'sql');
    }
  }
  const { mode: known } = remembered;
  let problem = '';
  for (const mode of modesOf(server, known)) {
    const found = await tryMode(conversation, mode, messagesIn(mode, request));
    if ('answer' in found) {
      // A query alone obeys no mode but text, and says nothing of the next one.
      const obeyed = found.isSqlAlone && mode !== 'sql' ? 'text' : mode;
      if (obeyed === mode && mode !== known) {
        await rememberServer(server, { mode });
      }
      return replyOf(found.answer, obeyed);
    }
    problem = found.problem;
    if (conversation.replies >= conversation.mostReplies) {
      break;
    }
  }
  throw failed(
    `${server.model} of ${placeOf(server)} gave no usable answer: ${problem}`,
    'Ask in other words, or take a larger --model.',
  );
}

/** What decides the first request of a question. */
type PreviewedRequest = Pick<ModelRequest, 'messages' | 'sqlMessages' | 'mayNeedTables' | 'looking'>;

/** The first request of a question, byte for byte as it would leave. */
export async function firstRequest(
  server: ModelServer,
  { mayNeedTables = false, looking = null, ...said }: PreviewedRequest,
): Promise<SentRequest> {
  const known = await recallServer(server);
  const [mode = 'text'] = modesOf(server, known.mode);
  const messages = messagesIn(mode, said);
  const asked = looking !== null && takesTools(server, known) ? { looking } : { mode };
  const body = requestBody(server, asked, messages, roomForReply(server, messages), {
    refused: new Set(),
    mayNeedTables,
  });
  return { host: new URL(server.baseUrl).host, text: JSON.stringify(body) };
}

/** What is said in a mode. */
function messagesIn(
  mode: StructuredOutputMode,
  { messages, sqlMessages }: Pick<ModelRequest, 'messages' | 'sqlMessages'>,
): readonly Message[] {
  return mode === 'sql' && sqlMessages !== undefined ? sqlMessages : spoken(messages);
}

/** The modes to try: from the one that worked the last time down. */
function modesOf(
  server: ModelServer,
  known: StructuredOutputMode | undefined,
): readonly StructuredOutputMode[] {
  if (server.structuredOutput !== 'auto') {
    return [server.structuredOutput];
  }
  const { modes } = quirksOf(server);
  return known === undefined ? modes : modes.slice(Math.max(0, modes.indexOf(known)));
}

/** What asking in one mode led to. */
type Found = { readonly answer: Answer; readonly isSqlAlone: boolean } | { readonly problem: string };

/** Asks in one mode, and once more with what was wrong with the reply. */
async function tryMode(
  conversation: Conversation,
  mode: StructuredOutputMode,
  messages: readonly Message[],
): Promise<Found> {
  let problem = '';
  let turn = messages;
  for (let tries = 0; tries < 2 && conversation.replies < conversation.mostReplies; tries++) {
    const reply = await ask(conversation, { mode }, turn);
    if (typeof reply === 'string') {
      return { problem: reply };
    }
    conversation.replies += 1;
    throwIfRefused(conversation.server, reply);
    // Loaded here, so that a request leaves before zod does its work.
    const { parseAnswer } = await import('../reply/parse.ts');
    const parsed = parseAnswer({ ...reply, isCut: reply.isEndless || reply.finishReason === 'length' });
    if (parsed.ok) {
      return { answer: parsed.answer, isSqlAlone: parsed.isSqlAlone ?? false };
    }
    if (parsed.last !== null && conversation.isAskedWhich) {
      return { answer: parsed.last, isSqlAlone: false };
    }
    conversation.isAskedWhich ||= parsed.last !== null;
    throwIfCut(conversation.server, reply);
    problem = reply.isEndless ? 'it repeats itself without end' : parsed.problem;
    const said = reply.content.trim() || reply.toolArguments.trim();
    // What goes round in circles would do so again after its own words.
    if (said === '' || reply.isEndless) {
      return { problem };
    }
    turn = [...messages, { role: 'assistant', content: said.slice(0, longestQuote) }, repair(mode, problem)];
  }
  return { problem };
}

const longestQuote = 4_000;

function repair(mode: StructuredOutputMode, problem: string): Message {
  if (mode === 'sql') {
    return { role: 'user', content: 'That is no SQL query. Reply with the SQL alone.' };
  }
  return {
    role: 'user',
    content: `That is not the JSON object that was asked for: ${problem}. Reply again, with that object alone.`,
  };
}
