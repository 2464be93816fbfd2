import type { Usage } from '../../model.ts';
import type { ModelServer } from '../../server.ts';
import { errorIn } from '../errors/error-in-reply.ts';
import { DroppedError, FailureError, NotCompletionError } from '../errors/failure.ts';
import { failureOf } from '../errors/read-failure.ts';
import { isEndless as goesRound } from './endless.ts';
import type { Reply } from './reply.ts';
import { ToolCallCollector } from './tool-calls.ts';
import { completionSchema, type WireCompletion, type WireMessage, type WireUsage } from './wire.ts';

const longestReply = 2_000_000;

/** Puts the pieces of a reply together. */
export class ReplyCollector {
  /** The server has said that nothing more comes. */
  isDone = false;
  /** The model writes white space, or anything, without end: no more is read. */
  isEndless = false;
  private readonly server: ModelServer;
  private readonly onProgress: (tokens: number) => void;
  private content = '';
  private readonly toolCalls = new ToolCallCollector();
  private reasoning = '';
  private refusal = '';
  private finishReason: string | null = null;
  private usage: Usage | null = null;
  private tokens = 0;
  private isRecognised = false;
  /** What came that is no part of a completion, for the text that tells of it. */
  private strange = '';

  constructor(server: ModelServer, onProgress: (tokens: number) => void) {
    this.server = server;
    this.onProgress = onProgress;
  }

  /** Takes the JSON of a chunk or of a whole completion; `isError` where the server calls it an error. */
  add(json: string, isError: boolean): void {
    const value = parseJson(json);
    const parsed = completionSchema.safeParse(value);
    const isChunk = parsed.success && parsed.data.error == null && hasChoice(parsed.data);
    const error = isError ? (value ?? json) : isChunk ? null : errorIn(value);
    if (error !== null) {
      throw new FailureError(failureOf(error, this.server));
    }
    if (!parsed.success) {
      this.note(json);
      return;
    }
    const { choices, x_groq: groq } = parsed.data;
    // Of several choices that a gateway draws, the first is the answer, whichever comes first.
    const choice = choices?.find(({ index }) => (index ?? 0) === 0);
    const usage = parsed.data.usage ?? choice?.usage ?? groq?.usage ?? null;
    if (choices == null && usage === null) {
      this.note(json);
    }
    this.isRecognised ||= choices != null || usage !== null;
    const bare = choice?.text == null ? null : { content: choice.text };
    this.addMessage(choice?.delta ?? choice?.message ?? bare);
    this.finishReason = choice?.finish_reason ?? this.finishReason;
    this.usage = usage === null ? this.usage : toUsage(usage);
  }

  /** Remembers the first text that is no part of a completion. */
  note(text: string): void {
    this.strange ||= text;
  }

  private addMessage(message: WireMessage | null): void {
    if (message === null) {
      return;
    }
    const called =
      message.function_call == null ? [] : [{ index: 0, id: null, function: message.function_call }];
    const argumentsText = this.toolCalls.add([...(message.tool_calls ?? []), ...called]);
    const reasoning = message.reasoning ?? message.reasoning_content ?? '';
    const content = message.content ?? (message.parsed == null ? '' : JSON.stringify(message.parsed));
    this.content += content;
    this.reasoning += reasoning;
    this.refusal += message.refusal ?? '';
    if (reasoning + content + argumentsText !== '') {
      this.tokens++;
      this.onProgress(this.tokens);
      this.watch();
    }
  }

  private watch(): void {
    const { content, reasoning } = this;
    const called = this.toolCalls.last;
    const length = content.length + called.length + reasoning.length;
    const isLooping = this.tokens % 8 === 0 && [content, called, reasoning].some(goesRound);
    this.isEndless = isLooping || length > longestReply;
  }

  /** Throws unless something of a completion came. */
  requireCompletion(): void {
    if (!this.isRecognised) {
      throw new NotCompletionError(this.strange);
    }
  }

  /** Throws unless a stream came to its end: the model said that it is done, was stopped, or had given its answer. */
  requireEnd(): void {
    this.requireCompletion();
    const hasAnswered = /^\s*\{/u.test(this.content) && parseJson(this.content) !== undefined;
    if (!this.isDone && !this.isEndless && this.finishReason === null && !hasAnswered) {
      throw new DroppedError('the stream ended early');
    }
  }

  reply(): Reply {
    this.requireCompletion();
    const { content, reasoning, refusal, finishReason, usage, isEndless } = this;
    const { calls } = this.toolCalls;
    // One tool is offered and one call asked for; what comes in a second call is another answer.
    const toolArguments = calls[0]?.arguments ?? '';
    return { content, toolArguments, calls, reasoning, refusal, finishReason, usage, isEndless };
  }
}

/** What almost every chunk is, told apart quickly. */
function hasChoice({ choices }: WireCompletion): boolean {
  return choices != null && choices.length > 0 && choices.every(({ error }) => error == null);
}

function toUsage(usage: WireUsage): Usage {
  return {
    promptTokens: usage.prompt_tokens ?? 0,
    completionTokens: usage.completion_tokens ?? 0,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? null,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
