import { SqlqError } from '../errors.ts';
import { isPrivate } from '../model/address.ts';
import type { DetectedServer } from '../model/openai/detect.ts';
import type { ModelServer } from '../model/server.ts';
import { type Environment, variable } from './environment.ts';
import type { Effective } from './load.ts';
import type { Origin } from './named.ts';
import type { SendKind } from './send.ts';
import type { ProfileSettings } from './settings.ts';

/** What answers questions: the engine that is built in, or a model behind a server. */
export type Selected =
  | { readonly kind: 'offline'; readonly name: 'offline'; readonly why: string }
  | {
      readonly kind: 'served';
      readonly name: string;
      readonly server: Omit<ModelServer, 'rungMemory'>;
      /** What may go to this provider, where its profile says; null leaves it to the setting. */
      readonly send: readonly SendKind[] | null;
      readonly why: string;
    };

interface BuiltInProfile {
  readonly baseUrl: string;
  readonly model: string | null;
  readonly keyVariable: string | null;
}

/** The providers that need no settings. */
export const builtInProfiles: Readonly<Record<string, BuiltInProfile>> = {
  openai: { baseUrl: 'https://api.openai.com/v1', model: 'gpt-5-mini', keyVariable: 'OPENAI_API_KEY' },
  'docker-model-runner': { baseUrl: 'http://localhost:12434/engines/v1', model: null, keyVariable: null },
  ollama: { baseUrl: 'http://localhost:11434/v1', model: null, keyVariable: null },
};

/** Finds a model server that answers on this machine, and one of its models. */
export type Detect = (signal: AbortSignal, profile?: string) => Promise<DetectedServer | null>;

const longestReply = 2048;
const replyDeadline = 120_000;

/**
 * Chooses what answers, first to last: flags, variables, the project's file, the user's file, then what is there: a
 * key in OPENAI_API_KEY, Compose's LLM_URL, a server on this machine, else the offline engine. Throws a SqlqError
 * `usage` for a profile that there is not or that lacks something.
 */
export async function selectProfile(
  effective: Effective,
  environment: Environment,
  detect: Detect,
  signal: AbortSignal,
): Promise<Selected> {
  const { values, sources } = effective;
  if (values.baseUrl !== null) return fromBaseUrl(effective, environment, values.baseUrl);
  if (values.profile !== null) {
    return named(
      values.profile,
      `profile ${values.profile}, from ${sources.profile}`,
      effective,
      environment,
      detect,
      signal,
    );
  }
  if (variable(environment, 'OPENAI_API_KEY') !== null) {
    return named('openai', 'OPENAI_API_KEY is set', effective, environment, detect, signal);
  }
  const composed = variable(environment, 'LLM_URL');
  if (composed !== null) {
    const model = values.model ?? variable(environment, 'LLM_MODEL');
    return served(
      'docker-model-runner',
      { baseUrl: composed, model: model ?? undefined },
      null,
      'LLM_URL is set',
      effective,
      environment,
    );
  }
  const detected = await detect(signal);
  if (detected !== null) {
    return served(
      detected.profile,
      { baseUrl: detected.baseUrl, model: values.model ?? detected.model },
      null,
      detected.why,
      effective,
      environment,
    );
  }
  return {
    kind: 'offline',
    name: 'offline',
    why: 'no key is set and no model server answers on this machine',
  };
}

async function named(
  name: string,
  why: string,
  effective: Effective,
  environment: Environment,
  detect: Detect,
  signal: AbortSignal,
): Promise<Selected> {
  const entry = effective.profiles.get(name);
  if (entry?.settings.provider === 'offline' || (name === 'offline' && entry === undefined)) {
    return { kind: 'offline', name: 'offline', why };
  }
  const builtIn = builtInProfiles[name];
  if (entry === undefined && builtIn === undefined) {
    const known = [...new Set(['offline', ...Object.keys(builtInProfiles), ...effective.profiles.keys()])];
    throw new SqlqError('usage', `There is no profile "${name}".`, {
      hint: `There are: ${known.join(', ')}.`,
    });
  }
  const settings = entry?.settings ?? {};
  const model = effective.values.model ?? settings.model ?? builtIn?.model ?? null;
  if (model === null && builtIn !== undefined && settings.baseUrl === undefined) {
    const detected = await detect(signal, name);
    if (detected !== null) {
      return served(
        name,
        { ...settings, baseUrl: detected.baseUrl, model: detected.model },
        entry?.origin ?? null,
        why,
        effective,
        environment,
      );
    }
  }
  return served(
    name,
    { ...settings, model: model ?? undefined },
    entry?.origin ?? null,
    why,
    effective,
    environment,
  );
}

function fromBaseUrl(effective: Effective, environment: Environment, baseUrl: string): Selected {
  const { values, sources } = effective;
  const name = values.profile ?? 'custom';
  const settings = values.profile === null ? {} : (effective.profiles.get(values.profile)?.settings ?? {});
  // The key of a profile belongs to that profile's address; another address gets only the key that is meant for it.
  const { apiKey: _, headers: __, ...harmless } = settings;
  return served(
    name,
    { ...harmless, baseUrl, model: values.model ?? settings.model },
    null,
    `${baseUrl}, from ${sources.baseUrl}`,
    effective,
    environment,
  );
}

function served(
  name: string,
  given: { readonly [Key in keyof ProfileSettings]?: ProfileSettings[Key] | undefined },
  origin: Origin,
  why: string,
  effective: Effective,
  environment: Environment,
): Selected {
  const { values } = effective;
  const builtIn = builtInProfiles[name];
  const baseUrl = expand(given.baseUrl, origin, environment, `profiles.${name}.baseUrl`) ?? builtIn?.baseUrl;
  if (baseUrl === undefined) {
    throw new SqlqError('usage', `The profile "${name}" has no baseUrl.`, {
      hint: `Add profiles.${name}.baseUrl to .sqlqrc, or give --base-url.`,
    });
  }
  const url = URL.parse(baseUrl);
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    throw new SqlqError('usage', 'The base URL is not an http or https URL.', {
      hint: 'It looks like http://localhost:11434/v1.',
    });
  }
  const model = given.model ?? values.model ?? builtIn?.model ?? null;
  if (model === null) {
    throw new SqlqError('usage', `No model is named for ${name}.`, {
      hint: `Give --model, or see what there is: sqlq models --profile ${name}`,
    });
  }
  const key = keyFor(name, given, baseUrl, origin, environment);
  const headers = Object.fromEntries(
    Object.entries(given.headers ?? {}).map(([header, value]) => [
      header,
      expand(value, origin, environment, `profiles.${name}.headers.${header}`) ?? '',
    ]),
  );
  return {
    kind: 'served',
    name,
    why,
    send: given.send ?? null,
    server: {
      provider: name,
      baseUrl,
      model,
      apiKey: key,
      apiKeyVariable: builtIn?.keyVariable ?? 'SQLQ_API_KEY',
      headers,
      sampling: {
        temperature: values.temperature ?? given.temperature ?? null,
        topP: given.topP ?? null,
        seed: given.seed ?? null,
        stop: given.stop ?? null,
        presencePenalty: given.presencePenalty ?? null,
        frequencyPenalty: given.frequencyPenalty ?? null,
        reasoningEffort: given.reasoningEffort ?? null,
      },
      maxTokens: values.maxTokens ?? given.maxTokens ?? longestReply,
      contextSize: given.contextSize ?? null,
      timeoutMilliseconds: given.timeout ?? replyDeadline,
      rung: given.structured ?? 'auto',
      retries: given.retries ?? 2,
      isLocal: isPrivate(url),
    },
  };
}

/**
 * The key that goes to an address. A key from a variable goes where the user sends it: to the provider that the
 * variable is named after, or to the address that a flag, a variable or the user's own file names. A file that was
 * found in a folder can hold a key of its own, and gets no other.
 */
function keyFor(
  name: string,
  given: { readonly apiKey?: string | undefined; readonly baseUrl?: string | undefined },
  baseUrl: string,
  origin: Origin,
  environment: Environment,
): string | null {
  if (given.apiKey !== undefined) return expand(given.apiKey, origin, environment, `profiles.${name}.apiKey`);
  const builtIn = builtInProfiles[name];
  if (builtIn?.keyVariable && sameOrigin(builtIn.baseUrl, baseUrl))
    return variable(environment, builtIn.keyVariable);
  const isStrangers = origin !== null && !origin.trusted && given.baseUrl !== undefined;
  return isStrangers ? null : variable(environment, 'SQLQ_API_KEY');
}

function sameOrigin(one: string, other: string): boolean {
  return URL.parse(one)?.origin === URL.parse(other)?.origin;
}

/** A text with `${VARIABLE}` resolved; a file that was found in a folder may not send variables anywhere. */
function expand(
  text: string | undefined,
  origin: Origin,
  environment: Environment,
  key: string,
): string | null {
  if (text === undefined) return null;
  return text.replace(/\$\{([^}]*)\}/gu, (_, name: string) => {
    if (origin !== null && !origin.trusted) {
      throw new SqlqError(
        'usage',
        `${origin.path}: ${key} uses the variable ${name}, and this file is not trusted with it.`,
        {
          hint: 'Put the profile into your own settings, or list the folder there under trustedFolders.',
        },
      );
    }
    const value = variable(environment, name);
    if (value !== null) return value;
    throw new SqlqError(
      'usage',
      `${origin?.path ?? 'The settings'}: ${key} uses the variable ${name}, which is not set.`,
      {
        hint: `Set ${name}, or take it out of the file.`,
      },
    );
  });
}
