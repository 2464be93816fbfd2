import type { Model, ModelRequest, Usage } from '../model.ts';
import { asciiPerToken, estimateTokens } from '../tokens.ts';
import { dayOf } from './clock.ts';
import { dollarsOf, type Price } from './price.ts';
import type { ModelState } from './state.ts';

/** Whose use is written down. */
export interface Metered {
  readonly model: Model;
  readonly host: string;
  /** Null where nobody knows it. */
  readonly price: Price | null;
  /** Opens the book; it is called when a request has left, and opens while the model thinks. */
  readonly state: () => Promise<ModelState>;
  readonly now: () => Date;
}

/** A model whose use is written down, for `sqlq usage`; what can't be written changes no answer. */
export function createMeteredModel({ model, host, price, state, now }: Metered): Model {
  return {
    provider: model.provider,
    name: model.name,
    async answer(request, signal) {
      const told: Usage[] = [];
      let book: Promise<ModelState> | null = null;
      let progress = 0;
      const counted: ModelRequest = {
        ...request,
        onProgress: (tokens) => {
          progress = tokens;
          request.onProgress(tokens);
        },
        onSent: (sent) => {
          book ??= state();
          request.onSent?.(sent);
        },
        onUsage: (usage) => {
          told.push(usage);
          request.onUsage?.(usage);
        },
      };
      try {
        const reply = await model.answer(counted, signal);
        if (told.length === 0) {
          const written = Math.ceil(JSON.stringify(reply.answer).length / asciiPerToken);
          told.push(reply.usage ?? estimated(request, Math.max(progress, written)));
        }
        return price === null
          ? reply
          : { ...reply, dollars: told.reduce((sum, usage) => sum + dollarsOf(price, usage), 0) };
      } catch (error) {
        // What came before it failed has been paid for.
        if (told.length === 0 && progress > 0) {
          told.push(estimated(request, progress));
        }
        throw error;
      } finally {
        if (book !== null && told.length > 0) {
          write(await book, told);
        }
      }
    },
  };

  function write(state: ModelState, told: readonly Usage[]): void {
    const sum = (of: (usage: Usage) => number | null): number =>
      told.reduce((total, usage) => total + (of(usage) ?? 0), 0);
    state.settle('', {
      day: dayOf(now()),
      profile: model.provider,
      host,
      model: model.name,
      requests: told.length,
      promptTokens: sum(({ promptTokens }) => promptTokens),
      completionTokens: sum(({ completionTokens }) => completionTokens),
      cachedTokens: sum(({ cachedTokens }) => cachedTokens),
      dollars: price === null ? null : told.reduce((total, usage) => total + dollarsOf(price, usage), 0),
    });
  }
}

/** What a question took, of a server that does not say: `completionTokens` are the pieces that came. */
function estimated({ messages }: ModelRequest, completionTokens: number): Usage {
  return {
    promptTokens: estimateTokens(messages),
    completionTokens,
    cachedTokens: null,
    reasoningTokens: null,
  };
}
