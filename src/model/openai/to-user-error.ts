import { SqlqError } from '../../errors.ts';
import { OutageError } from '../outage.ts';
import type { ModelServer } from '../server.ts';
import { connectionText } from './connection-text.ts';
import {
  codeOf,
  DeadlineError,
  DroppedError,
  type Failure,
  FailureError,
  type FailureKind,
  kindOf,
  NotCompletionError,
} from './errors/failure.ts';
import { failureOf } from './errors/read-failure.ts';
import { fetchModels } from './models.ts';
import { hostOf, placeOf } from './place.ts';
import { quirksOf } from './quirks.ts';
import type { Reply } from './reply/reply.ts';
import type { RequestBody } from './request.ts';
import { contextHint } from './window.ts';

/** How long the hint of an error may wait for the list of models. */
const listTimeoutMs = 2_000;

/**
 * Words whatever a request threw. `promptTokens` is the estimate for its prompt. The signal's own reason and what is
 * no failure of a server come back as they are.
 */
export async function toUserError(
  thrown: unknown,
  server: ModelServer,
  body: RequestBody,
  promptTokens: number,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted) {
    return signal.reason;
  }
  if (thrown instanceof FailureError) {
    const kind = kindOf(thrown.failure, body);
    const models = kind === 'model' ? await modelNames(server, signal) : [];
    return failureText(thrown.failure, kind, server, promptTokens, models);
  }
  if (thrown instanceof NotCompletionError) {
    const { message } = failureOf({ message: thrown.message }, server);
    return addressText(server, message === '' ? '' : `: ${message}`);
  }
  if (thrown instanceof DeadlineError) {
    return deadlineText(server, thrown.tokens);
  }
  if (thrown instanceof DroppedError) {
    return new OutageError(
      'dropped',
      `${placeOf(server)} dropped the connection in the middle of its reply`,
      "Ask again; the server's own log says why.",
      { cause: thrown },
    );
  }
  return thrown instanceof SqlqError || codeOf(thrown) === null ? thrown : connectionText(thrown, server);
}

async function modelNames(server: ModelServer, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const models = await fetchModels(server, AbortSignal.any([signal, AbortSignal.timeout(listTimeoutMs)]));
    return models.map((model) => model.name);
  } catch {
    // The hint goes without the list.
    return [];
  }
}

/** The one text that a failure gives, with its hint. `models` are those that the server has, where it said so. */
function failureText(
  failure: Failure,
  kind: FailureKind,
  server: ModelServer,
  promptTokens: number,
  models: readonly string[],
): SqlqError {
  const at = placeOf(server);
  const words = failure.message === '' ? '' : `: ${failure.message}`;
  const status = failure.status === null ? '' : ` (${failure.status})`;
  switch (kind) {
    case 'key':
      return keyText(failure, server);
    case 'quota':
      return new OutageError(
        'refused',
        `${at} has no quota left for this key${words}`,
        'Check the plan and billing there, or take another --profile.',
      );
    case 'context':
      return contextText(failure, server, promptTokens);
    case 'rate limit':
      return new OutageError(
        'busy',
        `${at} limits the rate of requests${status}${words}`,
        waitHint(failure.waitMilliseconds),
        { waitMilliseconds: failure.waitMilliseconds },
      );
    case 'address':
      return addressText(server, status + words);
    case 'model':
      return new OutageError(
        'refused',
        `${at} has no model ${server.model}${words}`,
        modelHint(server, models),
      );
    case 'content':
      return new SqlqError('unanswerable', `${at} refused the question${words}`, {
        hint: 'Put it in other words.',
      });
    case 'loading':
      return new OutageError(
        'loading',
        `${at} has not loaded the model ${server.model}${status}${words}`,
        "Ask again in a moment; if it stays so, the server's own log says why it does not load.",
        { waitMilliseconds: failure.waitMilliseconds },
      );
    case 'server':
      return new OutageError(
        'server',
        `${at} failed${status}${words}`,
        "Ask again; if it stays so, the server's own log says why.",
        { waitMilliseconds: failure.waitMilliseconds },
      );
    case 'format':
    case 'parameter':
    case 'request':
      return failed(
        `${at} refused the request${status}${words}`,
        "Check the profile's settings, or take another --model.",
      );
  }
}

function keyText(failure: Failure, server: ModelServer): SqlqError {
  const at = placeOf(server);
  const words = failure.status === 403 && failure.message !== '' ? `: ${failure.message}` : '';
  if (server.apiKey === null) {
    return new OutageError('refused', `${at} asks for an API key${words}`, keyHint(server), {
      code: 'usage',
    });
  }
  const variable = server.apiKeyVariable ?? "the profile's apiKey";
  return new OutageError(
    'refused',
    `${at} refused the API key (${failure.status ?? 'no status'})${words}`,
    `Check that ${variable} is whole, still valid, and of this server.`,
  );
}

/** How to give a key. */
export function keyHint(server: ModelServer): string {
  return server.apiKeyVariable === null
    ? 'Give the profile an apiKey, best the name of a variable.'
    : `Set ${server.apiKeyVariable}, or take another --profile.`;
}

function contextText(failure: Failure, server: ModelServer, estimate: number): SqlqError {
  const [said, limit] = numbersOf(failure.message);
  const prompt = failure.promptTokens ?? said;
  const size = failure.contextSize ?? limit ?? server.contextSize;
  const tokens = prompt === null ? `about ${estimate}` : String(prompt);
  const window = size === null ? 'is too long for its window' : `does not fit its window of ${size}`;
  return failed(
    `The prompt of ${tokens} tokens ${window} (${server.model} at ${hostOf(server)})`,
    contextHint(server, prompt ?? estimate),
  );
}

/** Prompt and window, from the words of OpenAI and vLLM, of Anthropic, of Gemini. */
function numbersOf(message: string): readonly [number | null, number | null] {
  const openai =
    /context length is (\d+) tokens.*?(?:resulted in|requested|contains at least|you passed) (\d+)(?:.*?\((\d+) in the messages)?/i.exec(
      message,
    );
  if (openai) {
    return [Number(openai[3] ?? openai[2]), Number(openai[1])];
  }
  const other =
    /(\d+) tokens > (\d+) maximum/i.exec(message) ??
    /\((\d+)\) exceeds the maximum number of tokens allowed \((\d+)\)/i.exec(message);
  return other ? [Number(other[1]), Number(other[2])] : [null, null];
}

function waitHint(milliseconds: number | null): string {
  return milliseconds === null
    ? 'Wait a little, then ask again.'
    : `Wait ${Math.ceil(milliseconds / 1000)} s, then ask again.`;
}

/** The text for a base URL where something else answers. */
function addressText(server: ModelServer, words: string): SqlqError {
  const { origin, pathname } = new URL(server.baseUrl);
  const path = pathname.replace(/\/+$/, '');
  return new OutageError(
    'refused',
    `${origin}${path} does not speak the chat completions protocol${words}`,
    path === ''
      ? `The base URL most likely lacks its path: try ${origin}/v1.`
      : 'Check the base URL: it is what stands before /chat/completions, and often ends in /v1.',
  );
}

function modelHint(server: ModelServer, models: readonly string[]): string {
  const pull = quirksOf(server).pull(server.model);
  const shown = models.slice(0, 12).join(', ') + (models.length > 12 ? ', …' : '');
  const there = models.length === 0 ? '' : ` It has: ${shown}.`;
  return (
    (pull === null ? 'Choose one with --model; `sqlq models` lists them.' : `Get it: \`${pull}\`.`) + there
  );
}

/** A failure of the server, worded. */
export function failed(message: string, hint: string, cause?: unknown): SqlqError {
  return new SqlqError('failed', message, cause === undefined ? { hint } : { hint, cause });
}

/** The text of a passed deadline; `tokens` had come by then. */
function deadlineText(server: ModelServer, tokens: number): SqlqError {
  const seconds = server.timeoutMilliseconds / 1000;
  return failed(
    tokens === 0
      ? `${placeOf(server)} did not answer within ${seconds} s`
      : `${placeOf(server)} was still answering after ${seconds} s and ${tokens} token${tokens === 1 ? '' : 's'}`,
    server.isLocal && tokens === 0
      ? "A model that is loading takes its time: ask again, raise the profile's timeout, or take a smaller --model."
      : "Ask again, or raise the profile's timeout.",
  );
}

/** Throws `unanswerable` where the model, or a filter before it, would not answer. */
export function throwIfRefused(server: ModelServer, reply: Reply): void {
  const words = reply.refusal.trim().slice(0, 300);
  if (words !== '' || reply.finishReason === 'content_filter') {
    throw new SqlqError(
      'unanswerable',
      `${server.model} refused to answer${words === '' ? '' : `: ${words}`}`,
      {
        hint: 'Put the question in other words.',
      },
    );
  }
}

/** Throws `failed` where a reply is cut: it would be cut again in every mode. */
export function throwIfCut(server: ModelServer, reply: Reply): void {
  if (reply.finishReason === 'length') {
    throw failed(
      `The reply of ${server.model} was cut after ${reply.usage?.completionTokens || server.maxTokens} tokens`,
      'Raise --max-tokens; a model that thinks needs some thousands.',
    );
  }
}
