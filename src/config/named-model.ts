import { dirname } from 'node:path';
import { builtInProfiles } from '../model/providers.ts';
import type { Effective } from './load.ts';

/** The provider and model that the settings name, as far as they do. */
export interface NamedModel {
  /** Null where nobody names one, and what answers on this machine would be asked. */
  readonly provider: string | null;
  readonly offline: boolean;
  readonly model: string | null;
}

/**
 * Reads the provider's name off the settings alone: no server is looked for, and no key is needed. Settings count whose
 * source does.
 */
export function namedModel(
  { values, sources, profiles }: Effective,
  counts: (source: string) => boolean = () => true,
): NamedModel {
  const given = {
    profile: counts(sources.profile) ? values.profile : null,
    baseUrl: counts(sources.baseUrl) ? values.baseUrl : null,
    model: counts(sources.model) ? values.model : null,
  };
  const isFlag = (source: string): boolean => source.startsWith('--');
  const byAddress = given.baseUrl !== null && (!isFlag(sources.profile) || isFlag(sources.baseUrl));
  const provider = given.profile ?? (byAddress ? 'custom' : null);
  if (provider === null) {
    return { provider, offline: false, model: given.model };
  }
  const own = profiles.get(provider)?.settings;
  const offline =
    !byAddress && (own?.provider === 'offline' || (provider === 'offline' && own === undefined));
  const listed = own?.endpoints?.flatMap((one) => (typeof one === 'string' ? [] : (one.model ?? []))) ?? [];
  const model =
    given.model ?? own?.model ?? listed[0] ?? (byAddress ? null : (builtInProfiles[provider]?.model ?? null));
  return { provider, offline, model };
}

/** Whether a setting is the same for everybody who has the project: of the command line or its files, not of one's own. */
export function isShared(source: string, { folders }: Pick<Effective, 'folders'>): boolean {
  if (source.startsWith('--')) {
    return true;
  }
  return source !== 'built in' && !source.startsWith('SQLQ_') && dirname(source) !== folders.config;
}
