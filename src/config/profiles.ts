import { dirname } from 'node:path';
import { SqlqError } from '../errors.ts';
import type { DetectedServer } from '../model/provider.ts';
import { servedProviderOf } from '../model/providers.ts';
import { nearest } from '../schema/nearest.ts';
import { type Environment, variable } from './environment.ts';
import { type KnownProfile, knownProfiles } from './known-profiles.ts';
import type { Effective } from './load.ts';
import { type Profile, type ServedProfile, servedProfile } from './served.ts';
import type { ProfileSettings } from './settings/schema.ts';

/** What answers questions: the engine that is built in, or a model behind a server. */
export type Selected =
  | { readonly kind: 'offline'; readonly name: 'offline'; readonly why: string }
  | ServedProfile;

/** Finds a model server that answers on this machine, and one of its models. */
export type Detect = (signal: AbortSignal, profile?: string) => Promise<DetectedServer | null>;

/**
 * Chooses what answers, first to last: flags, variables, the project's file, the user's file, then what is there: a
 * key in OPENAI_API_KEY or an address in OPENAI_BASE_URL, Azure's variables, Compose's LLM_URL, a server on this machine, else the offline engine. Throws a SqlqError
 * `usage` for a profile that there is not or that lacks something.
 */
export async function selectProfile(
  effective: Effective,
  environment: Environment,
  detect: Detect,
  signal: AbortSignal,
): Promise<Selected> {
  const { values, sources } = effective;
  const known = knownProfiles(environment);
  const serve = (profile: Profile, model: string | null, why: string): Selected => {
    const served = servedProfile(profile, model, why, effective, environment);
    requireKnown(served.sharing.fallback, effective, known);
    return { ...served, send: leastOf(served, effective) };
  };
  const isAsked = (name: string): Promise<Selected> => {
    const why = `profile ${name}, from ${sources.profile}`;
    return named(
      { name, why, model: modelFor(effective, sources.profile) },
      effective,
      known,
      serve,
      detect,
      signal,
    );
  };
  // A profile of the command line is nearer than an address of the environment.
  const profileIsNearer = rankOf(sources.profile, effective) < rankOf(sources.baseUrl, effective);
  if (values.baseUrl !== null && !profileIsNearer) {
    const profile = atBaseUrl(effective, values.baseUrl);
    const model = modelFor(effective, sources.baseUrl) ?? profile.settings.model ?? null;
    return serve(profile, model, placeOf(effective));
  }
  if (values.profile !== null) {
    return isAsked(values.profile);
  }
  const given = ['OPENAI_API_KEY', known['openai']?.addressVariable ?? ''].find(
    (name) => variable(environment, name) !== null,
  );
  if (given !== undefined) {
    const why = `${given} is set`;
    const entry = effective.profiles.get('openai');
    // Nobody has asked for the address that a found file gives this name.
    const { baseUrl, endpoints } = entry?.settings ?? {};
    const isElsewhere = (baseUrl ?? endpoints) !== undefined && entry?.origin?.trusted === false;
    if (!isElsewhere) {
      return { ...(await isAsked('openai')), why };
    }
    const profile = { name: 'openai', settings: {}, origin: null };
    return serve(profile, values.model ?? known['openai']?.model ?? null, why);
  }
  if (known['azure'] !== undefined && variable(environment, 'AZURE_OPENAI_API_KEY') !== null) {
    return { ...(await isAsked('azure')), why: `${known['azure'].addressVariable} is set` };
  }
  const composed = variable(environment, 'LLM_URL');
  if (composed !== null) {
    const profile = { name: 'docker-model-runner', settings: { baseUrl: composed }, origin: null };
    return serve(profile, values.model ?? variable(environment, 'LLM_MODEL'), 'LLM_URL is set');
  }
  const found = await detect(signal);
  if (found !== null) {
    const profile = { name: found.profile, settings: { baseUrl: found.baseUrl }, origin: null };
    return serve(profile, values.model ?? found.model, found.why);
  }
  return {
    kind: 'offline',
    name: 'offline',
    why: 'no key is set and no model server answers on this machine',
  };
}

/** A profile that stands in for another one. Throws a SqlqError `usage` where it lacks something. */
export function selectFallback(
  name: string,
  effective: Effective,
  environment: Environment,
  detect: Detect,
  signal: AbortSignal,
): Promise<Selected> {
  const serve: Serve = (profile, model, why) => servedProfile(profile, model, why, effective, environment);
  // The model that a flag names is of the profile that it stands in for.
  const wanted = { name, why: 'a fallback', model: null };
  return named(wanted, effective, knownProfiles(environment), serve, detect, signal);
}

type Serve = (profile: Profile, model: string | null, why: string) => Selected;

async function named(
  { name, why, model: given }: { name: string; why: string; model: string | null },
  effective: Effective,
  known: Readonly<Record<string, KnownProfile>>,
  serve: Serve,
  detect: Detect,
  signal: AbortSignal,
): Promise<Selected> {
  const entry = effective.profiles.get(name);
  const builtIn = Object.hasOwn(known, name) ? known[name] : undefined;
  if (entry?.settings.provider === 'offline' || (name === 'offline' && entry === undefined)) {
    return { kind: 'offline', name: 'offline', why };
  }
  if (entry === undefined && builtIn === undefined) {
    throw unknownProfile(name, effective, known);
  }
  const settings = given === null ? (entry?.settings ?? {}) : withoutModels(entry?.settings ?? {});
  const origin = entry?.origin ?? null;
  const model = given ?? settings.model ?? builtIn?.model ?? null;
  const isPlaced = (settings.baseUrl ?? settings.endpoints) !== undefined;
  if (model === null && builtIn !== undefined && !isPlaced) {
    const found = await detect(signal, name);
    if (found === null) {
      throw await noModelThere(name, builtIn.baseUrl);
    }
    return serve({ name, settings: { ...settings, baseUrl: found.baseUrl }, origin }, found.model, why);
  }
  return serve({ name, settings, origin }, model, why);
}

/** A model that is named nearer than the profile is asked of each of its servers. */
function withoutModels({ endpoints, ...rest }: ProfileSettings): ProfileSettings {
  return {
    ...rest,
    ...(endpoints !== undefined && {
      endpoints: endpoints.map((one) => (typeof one === 'string' ? one : { ...one, model: undefined })),
    }),
  };
}

/** A question is written once, for whoever answers: with what each of a profile and its fallbacks may be sent. */
function leastOf({ send, sharing }: ServedProfile, { profiles, values }: Effective): ServedProfile['send'] {
  const others = sharing.fallback.flatMap((name) => {
    const own = profiles.get(name)?.settings.send;
    return own === undefined ? [] : [own];
  });
  return others.length === 0
    ? send
    : (send ?? values.send).filter((kind) => others.every((own) => own.includes(kind)));
}

function requireKnown(
  names: readonly string[],
  effective: Effective,
  known: Readonly<Record<string, KnownProfile>>,
): void {
  const unknown = names.find(
    (name) => name !== 'offline' && !Object.hasOwn(known, name) && !effective.profiles.has(name),
  );
  if (unknown !== undefined) {
    throw unknownProfile(unknown, effective, known);
  }
}

async function noModelThere(name: string, baseUrl: string): Promise<SqlqError> {
  const provider = await servedProviderOf(name, undefined).load();
  const { start, pull } = provider.hints({ provider: name, baseUrl, model: '' });
  return new SqlqError('failed', `No model answers for ${name} at ${new URL(baseUrl).host}.`, {
    hint: `${start ?? ''} Get a model: \`${pull('MODEL') ?? ''}\`. Or take another --profile.`,
  });
}

function unknownProfile(
  name: string,
  { profiles }: Effective,
  known: Readonly<Record<string, KnownProfile>>,
): SqlqError {
  const names = [...new Set(['offline', ...Object.keys(known), ...profiles.keys()])];
  const near = nearest(name, names);
  return new SqlqError('usage', `There is no profile "${name}".`, {
    hint: `${near === null ? '' : `Did you mean ${near}? `}There are: ${names.join(', ')}.`,
  });
}

/** The address that a flag or a variable gives. A profile's key belongs to that profile's own address. */
function atBaseUrl({ values, profiles }: Effective, baseUrl: string): Profile {
  const name = values.profile ?? 'custom';
  const {
    apiKey: _,
    headers: __,
    endpoints: ___,
    fallback: ____,
    ...harmless
  } = profiles.get(name)?.settings ?? {};
  return { name, settings: { ...harmless, baseUrl }, origin: null };
}

function placeOf({ values, sources }: Effective): string {
  return `${URL.parse(values.baseUrl ?? '')?.host ?? 'an address'}, from ${sources.baseUrl}`;
}

/** The model that was named as near as the profile or address, or nearer; a file's is of no other provider. */
function modelFor(effective: Effective, source: string): string | null {
  const { values, sources } = effective;
  return rankOf(sources.model, effective) <= rankOf(source, effective) ? values.model : null;
}

/** How near a source of a setting is to the user: flags first. */
function rankOf(source: string, { folders }: Effective): number {
  if (source.startsWith('--')) {
    return 0;
  }
  if (source.startsWith('SQLQ_')) {
    return 1;
  }
  if (source === 'built in') {
    return 4;
  }
  return dirname(source) === folders.config ? 3 : 2;
}
