import { SqlqError } from '../errors.ts';
import { isPrivate } from '../model/address.ts';
import type { Limits } from '../model/endpoints/limits.ts';
import type { Price } from '../model/endpoints/price.ts';
import type { Strategy } from '../model/endpoints/strategies.ts';
import { type ServedRow, servedProviderOf } from '../model/providers.ts';
import type { ModelServer } from '../model/server.ts';
import { type Environment, variable } from './environment.ts';
import { expand, variablesOf, wholeVariable } from './expand.ts';
import { knownProfiles } from './known-profiles.ts';
import type { Effective } from './load.ts';
import type { Origin } from './named.ts';
import { proxyFor } from './proxy.ts';
import { secretsInUrl } from './redact.ts';
import type { EndpointSettings } from './settings/endpoints.ts';
import type { ProfileSettings } from './settings/schema.ts';
import type { SendKind } from './settings/send.ts';

/** One of the servers of a profile. */
export interface ServedEndpoint {
  readonly server: Omit<ModelServer, 'memory'>;
  /** Its share of the questions. */
  readonly weight: number;
  readonly limits: Limits;
}

/** A model behind a server, or behind several. */
export interface ServedProfile {
  readonly kind: 'served';
  readonly name: string;
  readonly provider: ServedRow;
  /** The first of its servers. */
  readonly server: Omit<ModelServer, 'memory'>;
  /** All of them. */
  readonly endpoints: readonly ServedEndpoint[];
  /** How they share the questions, and what is asked where none of them answers. */
  readonly sharing: Sharing;
  /** What models cost, by name. */
  readonly prices: Readonly<Record<string, Price>>;
  /** What may go to this provider, where its profile says; null leaves it to the setting. */
  readonly send: readonly SendKind[] | null;
  /** Why it was chosen, as part of a sentence. */
  readonly why: string;
}

/** What a profile says of its endpoints together. */
export interface Sharing {
  readonly strategy: Strategy;
  readonly hedge: boolean;
  readonly probeAfterMilliseconds: number;
  /** Names of profiles. */
  readonly fallback: readonly string[];
}

/** The variable of a key for any other server, given along with its address. */
const generalKey = 'SQLQ_API_KEY';

const longestReply = 2048;
const replyDeadline = 120_000;

/** What a profile says, and who says it. */
export interface Profile {
  readonly name: string;
  readonly settings: { readonly [Key in keyof ProfileSettings]?: ProfileSettings[Key] | undefined };
  readonly origin: Origin;
}

/** The servers of a profile, everything resolved. Throws a SqlqError `usage` where something lacks or is not trusted. */
export function servedProfile(
  profile: Profile,
  model: string | null,
  why: string,
  effective: Effective,
  environment: Environment,
): ServedProfile {
  const { name, settings } = profile;
  const endpoints = endpointsOf(profile).map(({ profile: own, isListed, endpoint }): ServedEndpoint => {
    const { weight = 1, requestsAtOnce, requestsPerMinute, tokensPerMinute } = endpoint;
    return {
      server: serverOf(own, endpoint.model ?? model, isListed, effective, environment),
      weight,
      limits: {
        requestsAtOnce: requestsAtOnce ?? null,
        requestsPerMinute: requestsPerMinute ?? null,
        tokensPerMinute: tokensPerMinute ?? null,
      },
    };
  });
  const [first] = endpoints;
  const names = new Set(endpoints.map(({ server }) => `${server.baseUrl} ${server.model}`));
  if (first === undefined || names.size < endpoints.length) {
    throw new SqlqError('usage', `The endpoints of "${name}" name one server twice.`, {
      hint: 'Name it once, with a weight of 2.',
    });
  }
  return {
    kind: 'served',
    name,
    why,
    provider: servedProviderOf(name, settings.provider),
    send: settings.send ?? null,
    server: first.server,
    endpoints,
    sharing: {
      strategy: settings.strategy ?? 'round-robin',
      hedge: settings.hedge ?? false,
      probeAfterMilliseconds: settings.probeAfter ?? 10_000,
      fallback: settings.fallback ?? [],
    },
    prices: settings.prices ?? {},
  };
}

/** A profile of one server each, for what it lists, else itself. */
function endpointsOf(
  profile: Profile,
): readonly { profile: Profile; isListed: boolean; endpoint: Partial<EndpointSettings> }[] {
  const { name, settings } = profile;
  const { endpoints, baseUrl, apiKey, headers, ...rest } = settings;
  if (endpoints === undefined) {
    return [{ profile, isListed: false, endpoint: {} }];
  }
  const besides = Object.entries({ baseUrl, apiKey, headers }).find(([, value]) => value !== undefined);
  if (besides !== undefined) {
    throw new SqlqError('usage', `The profile "${name}" has endpoints, and ${besides[0]} besides.`, {
      hint: `Give each endpoint its own: endpoints: [{url: …, apiKey: …}]. A key goes to its own server alone.`,
    });
  }
  return endpoints.map((listed) => {
    const endpoint: EndpointSettings = typeof listed === 'string' ? { url: listed } : listed;
    const { url, apiKey, headers, contextSize = rest.contextSize } = endpoint;
    const own = { ...rest, baseUrl: url, apiKey, headers, contextSize };
    return { profile: { ...profile, settings: own }, isListed: true, endpoint };
  });
}

/** One server of a profile. `isListed`: it stands among endpoints, and no key is its own but what stands beside it. */
function serverOf(
  profile: Profile,
  model: string | null,
  isListed: boolean,
  { values }: Effective,
  environment: Environment,
): Omit<ModelServer, 'memory'> {
  const { name, settings } = profile;
  const builtIn = knownProfiles(environment)[name];
  const baseUrl =
    settings.baseUrl === undefined
      ? builtIn?.baseUrl
      : fill(profile, isListed ? 'endpoints' : 'baseUrl', settings.baseUrl, null, environment);
  if (baseUrl === undefined) {
    throw new SqlqError('usage', `The profile "${name}" has no baseUrl.`, {
      hint: `Add profiles.${name}.baseUrl to .sqlqrc, or give --base-url.`,
    });
  }
  const url = URL.parse(baseUrl);
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    throw new SqlqError('usage', `The base URL of ${name} is not an http or https URL.`, {
      hint: 'It looks like http://localhost:11434/v1.',
    });
  }
  if (model === null) {
    throw new SqlqError('usage', `No model is named for ${name}.`, {
      hint: `Give --model. To see what there is: sqlq models ${builtIn === undefined && !isListed ? `--base-url ${url.origin}${url.pathname}` : `--profile ${name}`}`,
    });
  }
  const headers = Object.entries(settings.headers ?? {}).map(([header, text]) => [
    header,
    fill(profile, `headers.${header}`, text, url, environment),
  ]);
  // The headers of a known profile are for its own address.
  const known =
    builtIn !== undefined && URL.parse(builtIn.baseUrl)?.origin === url.origin ? builtIn.headers : {};
  return {
    provider: name,
    baseUrl,
    model,
    ...keyOf(profile, url, isListed, environment),
    headers: { ...known, ...Object.fromEntries(headers) },
    sampling: {
      temperature: values.temperature ?? settings.temperature ?? null,
      topP: settings.topP ?? null,
      seed: settings.seed ?? null,
      stop: settings.stop ?? null,
      presencePenalty: settings.presencePenalty ?? null,
      frequencyPenalty: settings.frequencyPenalty ?? null,
      reasoningEffort: settings.reasoningEffort ?? null,
    },
    maxTokens: values.maxTokens ?? settings.maxTokens ?? longestReply,
    contextSize: settings.contextSize ?? null,
    timeoutMilliseconds: settings.timeout ?? replyDeadline,
    structuredOutput: settings.structured ?? 'auto',
    retries: settings.retries ?? 2,
    proxy: proxyFor(url, environment),
    isLocal: isPrivate(url),
  };
}

/** All of a server's settings that no text may show. */
export function secretsOfServer({
  apiKey,
  headers,
  baseUrl,
  proxy,
}: ServedProfile['server']): readonly string[] {
  const proxied = proxy === null ? null : new URL(proxy.url);
  const all = [
    apiKey ?? '',
    ...Object.values(headers),
    ...secretsInUrl(new URL(baseUrl)),
    decodeURIComponent(proxied?.password ?? ''),
  ];
  return all.filter((secret) => secret !== '');
}

/**
 * The key that goes to an address, and the variable that it comes from. OPENAI_API_KEY goes to OpenAI alone, or to the
 * gateway that OPENAI_BASE_URL names; SQLQ_API_KEY
 * to the address that a flag, a variable or the user's own file names. A file that was merely found can hold a key of its
 * own, and gets no other for an address of its choice.
 */
function keyOf(
  profile: Profile,
  url: URL,
  isListed: boolean,
  environment: Environment,
): Pick<ModelServer, 'apiKey' | 'apiKeyVariable'> {
  const { name, settings, origin } = profile;
  if (settings.apiKey !== undefined) {
    return {
      apiKey: fill(profile, 'apiKey', settings.apiKey, url, environment),
      apiKeyVariable: wholeVariable(settings.apiKey),
    };
  }
  const own = keyVariableOf(url, environment);
  if (own !== null && own === knownProfiles(environment)[name]?.keyVariable) {
    return { apiKey: variable(environment, own), apiKeyVariable: own };
  }
  const isUntrusted = origin !== null && !origin.trusted && settings.baseUrl !== undefined;
  // One key for several servers would be one that each of them can use at the others.
  return isUntrusted || isListed
    ? { apiKey: null, apiKeyVariable: null }
    : { apiKey: variable(environment, generalKey), apiKeyVariable: generalKey };
}

/** The variable whose key belongs to an address. */
function keyVariableOf(url: URL, environment: Environment): string | null {
  const provider = Object.values(knownProfiles(environment)).find(
    (candidate) => URL.parse(candidate.baseUrl)?.origin === url.origin,
  );
  return provider?.keyVariable ?? null;
}

/**
 * A text of a profile with its variables filled in. A file that was merely found may use none but OPENAI_API_KEY, where
 * it goes to OpenAI: on this machine too, a server may be that of the file's author. In an address (`url` null) never.
 */
function fill(
  { name: profile, origin }: Profile,
  key: string,
  text: string,
  url: URL | null,
  environment: Environment,
): string {
  const where = `${origin?.path ?? 'The settings'}: profiles.${profile}.${key}`;
  const [used] = variablesOf(text).filter((name) => url === null || keyVariableOf(url, environment) !== name);
  if (used !== undefined && origin !== null && !origin.trusted) {
    throw new SqlqError(
      'usage',
      `${where} uses the variable ${used}, and this file is not trusted with it.`,
      {
        hint: 'Put the profile into your own settings, or list the folder there under trustedFolders.',
      },
    );
  }
  return expand(text, environment, where);
}
