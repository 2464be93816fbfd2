import type { Store } from '../../knowledge/store.ts';
import { keepVectors, piecesWithoutVector } from '../../knowledge/vectors.ts';
import { dayOf } from '../../model/endpoints/clock.ts';
import type { SentRequest } from '../../model/model.ts';
import type { ServedProvider } from '../../model/provider.ts';
import type { ModelServer } from '../../model/server.ts';
import { modelStateOf } from './model-state.ts';
import type { Setup } from './setup.ts';

/** A model for embeddings of a profile's server. */
export interface Embedder {
  readonly model: string;
  readonly host: string;
  /** Rejects with a SqlqError. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
}

/** Where the embeddings of documents come from; null where the settings name no model for them. */
export function embedderOf(
  setup: Setup,
  provider: ServedProvider | null,
  server: ModelServer | null,
  now: () => Date,
): Embedder | null {
  const { embeddingModel: model } = setup.settings.values;
  const embed = provider?.embed ?? null;
  if (model === null || embed === null || server === null) {
    return null;
  }
  const asked = { ...server, model };
  const { host } = new URL(server.baseUrl);
  const onSent = (sent: SentRequest): void => void setup.report.data.sent.push(sent);
  return {
    model,
    host,
    async embed(texts, signal) {
      const { vectors, promptTokens } = await embed(asked, texts, onSent, signal);
      const state = await modelStateOf(setup);
      state.settle('', {
        day: dayOf(now()),
        profile: server.provider,
        host,
        model,
        requests: 1,
        promptTokens: promptTokens ?? 0,
        completionTokens: 0,
        cachedTokens: 0,
        // Nobody pays for what runs on their own machines.
        dollars: server.isLocal ? 0 : null,
      });
      return vectors;
    },
  };
}

/** So many pieces go in one request. */
const atOnce = 64;

/** Gives the pieces of a database that have no vector of the model one; how many that were. Rejects with a SqlqError. */
export async function embedPieces(
  store: Store,
  place: string,
  embedder: Embedder,
  onStep: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const pieces = piecesWithoutVector(store, place, embedder.model);
  for (let start = 0; start < pieces.length; start += atOnce) {
    onStep(start, pieces.length);
    const some = pieces.slice(start, start + atOnce);
    const vectors = await embedder.embed(
      some.map(({ text }) => text),
      signal,
    );
    keepVectors(
      store,
      embedder.model,
      some.flatMap(({ id }, index) => {
        const vector = vectors[index];
        return vector === undefined ? [] : [{ id, vector }];
      }),
    );
  }
  return pieces.length;
}

/** A setup in which no question is sent to be embedded. */
export function withoutEmbeddings(setup: Setup): Setup {
  const { settings } = setup;
  return { ...setup, settings: { ...settings, values: { ...settings.values, embeddingModel: null } } };
}
