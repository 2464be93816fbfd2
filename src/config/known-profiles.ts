import { type BuiltInProfile, builtInProfiles } from '../model/providers.ts';
import { type Environment, variable } from './environment.ts';

/** A profile that needs no settings, as the variables of other tools change it. */
export interface KnownProfile extends BuiltInProfile {
  /** Sent along to its own address. */
  readonly headers: Readonly<Record<string, string>>;
  /** The variable that gives its address; null where that is the usual one. */
  readonly addressVariable: string | null;
}

/**
 * The profiles that need no settings, with what OPENAI_BASE_URL, OPENAI_MODEL, OPENAI_ORG_ID, OPENAI_PROJECT_ID,
 * OLLAMA_HOST and AZURE_OPENAI_* say, as OpenAI's, Ollama's and Azure's own clients read them. A key belongs to the
 * address that stands beside it: that of a gateway goes to the gateway, and not to OpenAI.
 */
export function knownProfiles(environment: Environment): Readonly<Record<string, KnownProfile>> {
  const usual = Object.fromEntries(
    Object.entries(builtInProfiles).map(([name, profile]) => [
      name,
      { ...profile, headers: {}, addressVariable: null },
    ]),
  );
  return {
    ...usual,
    ...openai(environment, usual['openai']),
    ...ollama(environment, usual['ollama']),
    ...azure(environment),
  };
}

/** The addresses of profiles that a variable has moved, by the profile's name. */
export function movedAddresses(environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(knownProfiles(environment)).flatMap(([name, { baseUrl, addressVariable }]) =>
      addressVariable === null ? [] : [[name, baseUrl]],
    ),
  );
}

type Changed = Readonly<Record<string, KnownProfile>>;

function openai(environment: Environment, usual: KnownProfile | undefined): Changed {
  if (usual === undefined) {
    return {};
  }
  const address = firstOf(environment, ['OPENAI_BASE_URL', 'OPENAI_API_BASE']);
  const headers = {
    'OpenAI-Organization': firstOf(environment, ['OPENAI_ORG_ID', 'OPENAI_ORGANIZATION'])?.text,
    'OpenAI-Project': variable(environment, 'OPENAI_PROJECT_ID'),
  };
  return {
    openai: {
      ...usual,
      baseUrl: address?.text ?? usual.baseUrl,
      model: variable(environment, 'OPENAI_MODEL') ?? usual.model,
      headers: Object.fromEntries(
        Object.entries(headers).flatMap(([name, text]) => (text == null ? [] : [[name, text]])),
      ),
      addressVariable: address?.name ?? null,
    },
  };
}

function ollama(environment: Environment, usual: KnownProfile | undefined): Changed {
  const text = variable(environment, 'OLLAMA_HOST');
  if (usual === undefined || text === null) {
    return {};
  }
  const hasScheme = /^https?:\/\//iu.test(text);
  const host = text.startsWith(':') ? `127.0.0.1${text}` : text;
  const url = URL.parse(hasScheme ? host : `http://${host}`);
  if (url === null) {
    // Whoever asks it is told.
    return { ollama: { ...usual, baseUrl: text, addressVariable: 'OLLAMA_HOST' } };
  }
  if (!hasScheme && url.port === '') {
    url.port = '11434';
  }
  // Where a server listens on all addresses, it is this machine's own that one asks.
  if (/^(?:0\.0\.0\.0|\[::\])$/u.test(url.hostname)) {
    url.hostname = '127.0.0.1';
  }
  const path = url.pathname.replace(/\/+$/u, '');
  const baseUrl = `${url.origin}${path.endsWith('/v1') ? path : `${path}/v1`}`;
  return { ollama: { ...usual, baseUrl, addressVariable: 'OLLAMA_HOST' } };
}

/** There is such a profile only where the variables name the resource. */
function azure(environment: Environment): Changed {
  const address = firstOf(environment, ['AZURE_OPENAI_ENDPOINT', 'AZURE_OPENAI_BASE_URL']);
  if (address === null) {
    return {};
  }
  const key = variable(environment, 'AZURE_OPENAI_API_KEY');
  const url = URL.parse(address.text);
  const path = url?.pathname.replace(/\/+$/u, '') ?? '';
  const deployment = firstOf(environment, [
    'AZURE_OPENAI_DEPLOYMENT',
    'AZURE_OPENAI_DEPLOYMENT_NAME',
    'AZURE_OPENAI_MODEL',
  ]);
  return {
    azure: {
      baseUrl:
        url === null ? address.text : `${url.origin}${path.includes('/openai') ? path : `${path}/openai/v1`}`,
      model: deployment?.text ?? null,
      keyVariable: 'AZURE_OPENAI_API_KEY',
      // Its gateways ask for the key by this name.
      headers: key === null ? {} : { 'api-key': key },
      addressVariable: address.name,
    },
  };
}

function firstOf(environment: Environment, names: readonly string[]): { name: string; text: string } | null {
  for (const name of names) {
    const text = variable(environment, name)?.trim() ?? '';
    if (text !== '') {
      return { name, text };
    }
  }
  return null;
}
