import { openUntil } from '../../model/endpoints/breaker.ts';
import type { Endpoint } from '../../model/endpoints/endpoint.ts';
import type { ModelState } from '../../model/endpoints/state.ts';
import { sharedModelState } from './shared-model-state.ts';
import type { SharedState } from './state.ts';

/** Who may be tried again and is not, since nobody asks, is not known to fail for longer than this. */
const staleMilliseconds = 60_000;

/** A server of models, and whether it is known to fail. */
export interface KnownServer {
  readonly host: string;
  readonly model: string;
  readonly open: boolean;
}

/** What all instances know of the servers of models that questions go to. */
export interface SharedModels {
  /** The state of this instance, made one that the others know too. */
  share(own: ModelState): Promise<ModelState>;
  /** These are servers that questions go to. */
  met(endpoints: readonly Pick<Endpoint, 'key' | 'host' | 'model'>[]): void;
  /** Those that were met. */
  servers(): readonly KnownServer[];
  /** Whether a question could go to any of them; null while none was met. */
  reachable(): boolean | null;
  close(): void;
}

/** `state` is null where there are no other instances, and the workers of this one have a file in common. */
export function createSharedModels(state: SharedState | null): SharedModels {
  const met = new Map<string, { readonly host: string; readonly model: string }>();
  const closing: (() => void)[] = [];
  let shared: Promise<ModelState> | null = null;
  let known: ModelState | null = null;

  async function share(own: ModelState): Promise<ModelState> {
    if (state === null) {
      return own;
    }
    const { state: made, close } = await sharedModelState(own, state);
    closing.push(close);
    return made;
  }

  function servers(): readonly KnownServer[] {
    const keys = [...met.keys()];
    const open = known?.update(keys, (records) => ({
      records,
      value: records.map((record) => (openUntil(record) ?? 0) + staleMilliseconds > Date.now()),
    }));
    return [...met.values()].map(({ host, model }, index) => ({ host, model, open: open?.[index] ?? false }));
  }

  return {
    async share(own) {
      // Whatever a profile or a database sets up for itself, it is one file of one user.
      shared ??= share(own);
      known = await shared;
      return shared;
    },
    met(endpoints) {
      for (const { key, host, model } of endpoints) {
        met.set(key, { host, model: model.name });
      }
    },
    servers,
    reachable: () => (met.size === 0 ? null : servers().some(({ open }) => !open)),
    close() {
      for (const close of closing) {
        close();
      }
    },
  };
}
