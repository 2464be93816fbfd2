import { createParser } from 'eventsource-parser';
import type { Usage } from '../model.ts';
import type { ReplyTexts } from '../parse.ts';
import type { ModelServer } from '../server.ts';
import { isEndless } from './endless.ts';
import { DroppedError, FailureError, NotCompletionError } from './failure.ts';
import { failureOf } from './read-failure.ts';
import { completionSchema, type WireMessage, type WireUsage } from './wire.ts';

/** A whole reply, however it came. */
export interface Reply extends ReplyTexts {
  readonly refusal: string;
  /** The server's own word; null where a stream ended without one. */
  readonly finishReason: string | null;
  readonly usage: Usage | null;
}

const longestReply = 2_000_000;

/**
 * Reads a reply that is streamed, or one that a server sent whole in spite of `stream`. `onProgress` hears the number
 * of tokens so far. Throws a FailureError where the stream holds one, a NotCompletionError for anything else.
 */
export async function readReply(
  response: Response,
  server: ModelServer,
  onProgress: (tokens: number) => void,
): Promise<Reply> {
  const collector = new ReplyCollector(server, onProgress);
  if (response.body === null) {
    throw new NotCompletionError('an empty body');
  }
  const isStream = response.headers.get('content-type')?.includes('text/event-stream') ?? false;
  const chunks = response.body.pipeThrough(new TextDecoderStream());
  if (isStream) {
    await readEvents(chunks, collector);
  } else {
    await readWhole(chunks, collector);
  }
  return collector.reply();
}

async function readEvents(chunks: ReadableStream<string>, collector: ReplyCollector): Promise<void> {
  let done = false;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data === '[DONE]') {
        done = true;
      } else if (!done) {
        collector.add(data);
      }
    },
    // Older llama.cpp names an error's field `error` instead of `data`.
    onError: (error) => {
      if (error.type === 'unknown-field' && error.field === 'error') {
        collector.add(`{"error":${error.value ?? '""'}}`);
      }
    },
  });
  for await (const chunk of chunks) {
    parser.feed(chunk);
    if (done || collector.stalled) {
      break;
    }
  }
  parser.reset({ consume: true });
  collector.requireCompletion();
  if (!done && !collector.ended) {
    throw new DroppedError('the stream ended early');
  }
}

async function readWhole(chunks: ReadableStream<string>, collector: ReplyCollector): Promise<void> {
  let body = '';
  for await (const chunk of chunks) {
    body += chunk;
    if (body.length > longestReply) {
      throw new NotCompletionError('an endless body');
    }
  }
  collector.add(body);
  collector.requireCompletion();
}

/** Puts the pieces of a reply together. */
class ReplyCollector {
  /** The model writes white space, or anything, without end: no more is read. */
  stalled = false;
  private readonly server: ModelServer;
  private readonly onProgress: (tokens: number) => void;
  private content = '';
  private toolArguments = '';
  private reasoning = '';
  private refusal = '';
  private finishReason: string | null = null;
  private usage: Usage | null = null;
  private tokens = 0;
  private recognised = false;

  constructor(server: ModelServer, onProgress: (tokens: number) => void) {
    this.server = server;
    this.onProgress = onProgress;
  }

  /** Takes the JSON of a chunk or of a whole completion. */
  add(json: string): void {
    const parsed = completionSchema.safeParse(parseJson(json));
    if (!parsed.success) {
      throw new NotCompletionError(json.slice(0, 200));
    }
    const { choices, usage, error } = parsed.data;
    if (error != null) {
      throw new FailureError(failureOf({ error }, this.server));
    }
    this.recognised ||= choices != null || usage != null;
    const choice = choices?.[0];
    this.addMessage(choice?.delta ?? choice?.message ?? null);
    this.finishReason = choice?.finish_reason ?? this.finishReason;
    this.usage = usage ? toUsage(usage) : this.usage;
  }

  private addMessage(message: WireMessage | null): void {
    if (message === null) {
      return;
    }
    // One tool is offered and one call asked for; what comes in a second call is another answer.
    const call = message.tool_calls?.find((call) => (call.index ?? 0) === 0)?.function?.arguments ?? '';
    const argumentsText = typeof call === 'string' ? call : JSON.stringify(call);
    const reasoning = message.reasoning ?? message.reasoning_content ?? '';
    const content = message.content ?? '';
    this.content += content;
    this.toolArguments += argumentsText;
    this.reasoning += reasoning;
    this.refusal += message.refusal ?? '';
    const piece = reasoning + content + argumentsText;
    if (piece !== '') {
      this.tokens++;
      this.onProgress(this.tokens);
      this.watch();
    }
  }

  private watch(): void {
    const { content, toolArguments, reasoning } = this;
    const length = content.length + toolArguments.length + reasoning.length;
    const looked = this.tokens % 16 === 0 && [content, toolArguments, reasoning].some(isEndless);
    this.stalled = looked || length > longestReply;
  }

  /** Throws unless something of a completion came. */
  requireCompletion(): void {
    if (!this.recognised) {
      throw new NotCompletionError('nothing of a completion');
    }
  }

  /** The model said that it is done, or was stopped. */
  get ended(): boolean {
    return this.stalled || this.finishReason !== null;
  }

  reply(): Reply {
    const { content, toolArguments, reasoning, refusal, finishReason, usage } = this;
    return { content, toolArguments, reasoning, refusal, finishReason, usage };
  }
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
