import type { Effective } from './load.ts';
import type { SendKind } from './send.ts';
import { builtInProfiles } from './served.ts';

/** The provider and model that the settings name, as far as they do. */
export interface NamedModel {
  /** Null where nobody names one, and what answers on this machine would be asked. */
  readonly provider: string | null;
  readonly offline: boolean;
  readonly model: string | null;
  /** What the profile lets a model be sent; null where it does not say. */
  readonly send: readonly SendKind[] | null;
}

/** Reads the provider's name off the settings alone: no server is looked for, and no key is needed. */
export function namedModel({ values, sources, profiles }: Effective): NamedModel {
  const isFlag = (source: string): boolean => source.startsWith('--');
  const byAddress = values.baseUrl !== null && (!isFlag(sources.profile) || isFlag(sources.baseUrl));
  const provider = values.profile ?? (byAddress ? 'custom' : null);
  if (provider === null) return { provider, offline: false, model: values.model, send: null };
  const own = profiles.get(provider)?.settings;
  const offline =
    !byAddress && (own?.provider === 'offline' || (provider === 'offline' && own === undefined));
  const model = values.model ?? own?.model ?? (byAddress ? null : (builtInProfiles[provider]?.model ?? null));
  return { provider, offline, model, send: own?.send ?? null };
}
