import type { BuiltInProvider, DetectedServer, SearchPlace, ServedProvider } from './provider.ts';

/** A profile that needs no settings. */
export interface BuiltInProfile {
  readonly baseUrl: string;
  /** The model that is asked unless one is named; null where the server's own list decides. */
  readonly model: string | null;
  /** The variable whose key belongs to this address, and to no other. */
  readonly keyVariable: string | null;
}

/** A protocol, known by its row until it is used. */
export interface ServedRow {
  readonly kind: 'served';
  readonly profiles: Readonly<Record<string, BuiltInProfile>>;
  load(): Promise<ServedProvider>;
}

/** What answers without a server. */
export interface BuiltInRow {
  readonly kind: 'built-in';
  load(): Promise<BuiltInProvider>;
}

/** All that questions can be answered by: a folder and a row each, under the name that a profile's `provider` says. */
export const providers = {
  'openai-compatible': {
    kind: 'served',
    profiles: {
      openai: { baseUrl: 'https://api.openai.com/v1', model: 'gpt-5-mini', keyVariable: 'OPENAI_API_KEY' },
      'docker-model-runner': {
        baseUrl: 'http://localhost:12434/engines/v1',
        model: null,
        keyVariable: null,
      },
      ollama: { baseUrl: 'http://localhost:11434/v1', model: null, keyVariable: null },
    },
    load: async () => (await import('./openai/provider.ts')).openai,
  },
  offline: {
    kind: 'built-in',
    load: async () => (await import('../offline/provider.ts')).offline,
  },
} as const satisfies Readonly<Record<string, ServedRow | BuiltInRow>>;

/** What a profile's `provider` may say. */
export const providerNames: readonly string[] = Object.keys(providers);

/** Whether a provider reads every word of a question itself, or a model answers for it. */
export function isBuiltIn(provider: string): boolean {
  return Object.entries(providers).some(([name, { kind }]) => name === provider && kind === 'built-in');
}

const servedRows: readonly (readonly [name: string, row: ServedRow])[] = Object.entries<
  ServedRow | BuiltInRow
>(providers).flatMap(([name, row]) => (row.kind === 'served' ? [[name, row] as const] : []));

/** The profiles that every installation has, by name. */
export const builtInProfiles: Readonly<Record<string, BuiltInProfile>> = Object.fromEntries(
  servedRows.flatMap(([, { profiles }]) => Object.entries(profiles)),
);

/** The protocol of a profile: what its settings say, else what the built-in profile of its name speaks, else OpenAI's. */
export function servedProviderOf(profile: string, named: string | undefined): ServedRow {
  const [, row] =
    servedRows.find(([name]) => name === named) ??
    servedRows.find(([, { profiles }]) => Object.hasOwn(profiles, profile)) ??
    [];
  return row ?? providers['openai-compatible'];
}

/** A server that answers on this machine, of the first protocol that finds one; all look at once. */
export async function detectServer(place: SearchPlace, signal: AbortSignal): Promise<DetectedServer | null> {
  const found = await Promise.all(
    servedRows.map(async ([, row]) => (await row.load()).detect(place, signal)),
  );
  return found.find((server) => server !== null) ?? null;
}
