import type { DetectedServer, SearchPlace } from '../provider.ts';
import { modelListSchema } from './reply/wire.ts';

/** An address where a local model server may answer. */
export interface LocalServer {
  /** The built-in profile that it is of. */
  readonly profile: string;
  /** As people know it. */
  readonly product: string;
  readonly baseUrl: string;
  /** How long to wait for it; a short while where nobody has named it. */
  readonly timeoutMs?: number;
}

/** Where model servers listen on a user's machine. */
export const localCandidates: readonly LocalServer[] = [
  {
    profile: 'docker-model-runner',
    product: 'Docker Model Runner',
    baseUrl: 'http://localhost:12434/engines/v1',
  },
  { profile: 'ollama', product: 'Ollama', baseUrl: 'http://localhost:11434/v1' },
];

/** Where they are seen from inside a container: Docker Desktop's name, then Docker Engine's bridge. */
export const containerCandidates: readonly LocalServer[] = [
  {
    profile: 'docker-model-runner',
    product: 'Docker Model Runner',
    baseUrl: 'http://model-runner.docker.internal/engines/v1',
  },
  {
    profile: 'docker-model-runner',
    product: 'Docker Model Runner',
    baseUrl: 'http://172.17.0.1:12434/engines/v1',
  },
];

/** So long may nothing be there; a server on this machine lists its models in a few milliseconds. */
const usualTimeoutMs = 300;
/** An address that a variable names may be another machine's. */
const namedTimeoutMs = 2_000;

/** Looks where such servers usually are, from a container at the machine around it too. */
export function detect(
  { inContainer, profile, baseUrls }: SearchPlace,
  signal: AbortSignal,
): Promise<DetectedServer | null> {
  const usual = inContainer ? [...localCandidates, ...containerCandidates] : localCandidates;
  const all = usual.map((candidate): LocalServer => {
    const baseUrl = baseUrls[candidate.profile];
    return baseUrl === undefined ? candidate : { ...candidate, baseUrl, timeoutMs: namedTimeoutMs };
  });
  return detectServer(
    profile === null ? all : all.filter((candidate) => candidate.profile === profile),
    signal,
  );
}

/** The first candidate that answers in time with a model; all are asked at once. Null where none does. */
export async function detectServer(
  candidates: readonly LocalServer[],
  signal: AbortSignal,
): Promise<DetectedServer | null> {
  const lists = await Promise.all(
    candidates.map((candidate) => {
      const limit = AbortSignal.timeout(candidate.timeoutMs ?? usualTimeoutMs);
      return listAt(candidate, AbortSignal.any([signal, limit]));
    }),
  );
  signal.throwIfAborted();
  for (const [index, candidate] of candidates.entries()) {
    const model = choose(lists[index] ?? []);
    if (model !== null) {
      const { profile, product, baseUrl } = candidate;
      return { profile, baseUrl, model, why: `${product} answers at ${new URL(baseUrl).host}` };
    }
  }
  return null;
}

async function listAt(candidate: LocalServer, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const response = await fetch(`${candidate.baseUrl}/models`, { signal, redirect: 'manual' });
    const list = modelListSchema.parse(await response.json());
    return list.map((model) => model.id);
  } catch {
    // Nothing there, or something else: either way no model server.
    return [];
  }
}

/** A model made for code or SQL, else the first that can chat. */
function choose(models: readonly string[]): string | null {
  const chat = models.filter(
    (name) => !/embed|rerank|bge|minilm|whisper|tts|clip|stable-diffusion/i.test(name),
  );
  return chat.find((name) => /sql|cod(er|e)|starcoder/i.test(name)) ?? chat[0] ?? null;
}
