import { SqlqError } from '../../errors.ts';
import type { ModelServer } from '../server.ts';
import type { FailureKind } from './classify.ts';
import type { Failure } from './failure.ts';
import { quirksOf } from './quirks.ts';
import { mendContext } from './window.ts';

/** The one text that a failure gives, with its mend. `models` are those that the server has, where it said so. */
export function explain(
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
      return explainKey(failure, server);
    case 'quota':
      return failed(
        `${at} has no quota left for this key${words}`,
        'Check the plan and billing there, or take another --profile.',
      );
    case 'context':
      return explainContext(failure, server, promptTokens);
    case 'rate limit':
      return failed(`${at} limits the rate of requests${status}${words}`, waitHint(failure.waitMilliseconds));
    case 'address':
      return explainAddress(server, status + words);
    case 'model':
      return failed(`${at} has no model ${server.model}${words}`, modelHint(server, models));
    case 'content':
      return new SqlqError('unanswerable', `${at} refused the question${words}`, {
        hint: 'Put it in other words.',
      });
    case 'loading':
      return failed(
        `${at} has not loaded the model ${server.model}${status}${words}`,
        "Ask again in a moment; if it stays so, the server's own log says why it does not load.",
      );
    case 'server':
      return failed(
        `${at} failed${status}${words}`,
        "Ask again; if it stays so, the server's own log says why.",
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

function explainKey(failure: Failure, server: ModelServer): SqlqError {
  const at = placeOf(server);
  const words = failure.status === 403 && failure.message !== '' ? `: ${failure.message}` : '';
  if (server.apiKey === null) {
    return new SqlqError('usage', `${at} asks for an API key${words}`, { hint: keyHint(server) });
  }
  const variable = server.apiKeyVariable ?? "the profile's apiKey";
  return failed(
    `${at} refused the API key (${failure.status ?? 'no status'})${words}`,
    `Check ${variable}: is the key whole, live, and of this server?`,
  );
}

/** How to give a key. */
export function keyHint(server: ModelServer): string {
  return server.apiKeyVariable === null
    ? 'Give the profile an apiKey, best the name of a variable.'
    : `Set ${server.apiKeyVariable}, or take another --profile.`;
}

function explainContext(failure: Failure, server: ModelServer, estimate: number): SqlqError {
  const [said, limit] = numbersOf(failure.message);
  const prompt = failure.promptTokens ?? said;
  const size = failure.contextSize ?? limit ?? server.contextSize;
  const tokens = prompt === null ? `about ${estimate}` : String(prompt);
  const window = size === null ? 'is too long for its window' : `does not fit its window of ${size}`;
  return failed(
    `The prompt of ${tokens} tokens ${window} (${server.model} at ${hostOf(server)})`,
    mendContext(server, prompt ?? estimate),
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
export function explainAddress(server: ModelServer, words: string): SqlqError {
  const { origin, pathname } = new URL(server.baseUrl);
  const path = pathname.replace(/\/+$/, '');
  return failed(
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

/** `ollama at localhost:11434` */
export function placeOf(server: ModelServer): string {
  return `${server.provider} at ${hostOf(server)}`;
}

export function hostOf(server: Pick<ModelServer, 'baseUrl'>): string {
  return new URL(server.baseUrl).host;
}

/** A failure of the server, worded. */
export function failed(message: string, hint: string, cause?: unknown): SqlqError {
  return new SqlqError('failed', message, cause === undefined ? { hint } : { hint, cause });
}
