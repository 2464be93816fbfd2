import type { ModelServer, StructuredOutputMode } from '../server.ts';

/** What a kind of server does differently, and the commands that help with its common failures. */
export interface Quirks {
  /** Whether a server is of this kind; the first row that says so counts. */
  readonly matches: (provider: string, url: URL, model: string) => boolean;
  /** Ways to get an answer in shape, from the strictest down. */
  readonly modes: readonly StructuredOutputMode[];
  readonly tokenLimit: 'max_tokens' | 'max_completion_tokens';
  /** Sent where the profile sets none; null sends nothing, for models that refuse the parameter. */
  readonly temperature: number | null;
  /** Sent where the profile sets none. */
  readonly reasoningEffort: string | null;
  /** Nobody is answered there without a key. */
  readonly needsKey: boolean;
  /** It answers from the end of a prompt that is too long instead of refusing it. */
  readonly cutsSilently: boolean;
  /** The window that it has unless somebody set another; null where that is the model's own. */
  readonly usualContext: number | null;
  /** How to start it, get a model, and widen the window to some tokens. */
  readonly start: string | null;
  readonly pull: (model: string) => string | null;
  readonly widen: (model: string, tokens: number) => string | null;
}

const modes: readonly StructuredOutputMode[] = ['json_schema', 'json_object', 'tool', 'text'];

const usual: Omit<Quirks, 'matches'> = {
  modes,
  tokenLimit: 'max_tokens',
  temperature: 0,
  reasoningEffort: null,
  needsKey: false,
  cutsSilently: false,
  usualContext: null,
  start: null,
  pull: () => null,
  widen: () => null,
};

const openaiHost = /^api\.openai\.com$|\.openai\.azure\.com$|\.services\.ai\.azure\.com$/;

const table: readonly Quirks[] = [
  {
    // Reasoning models of OpenAI and Azure take no temperature.
    ...usual,
    matches: (_provider, url, model) =>
      openaiHost.test(url.hostname) && /^(o\d|gpt-[5-9](?!.*chat))/.test(model),
    tokenLimit: 'max_completion_tokens',
    needsKey: true,
    temperature: null,
  },
  {
    ...usual,
    matches: (_provider, url) => openaiHost.test(url.hostname),
    tokenLimit: 'max_completion_tokens',
    needsKey: true,
  },
  {
    // A Compose file that names the model sets its window there too.
    ...usual,
    matches: (provider, url) =>
      provider === 'docker-model-runner' ||
      url.port === '12434' ||
      url.hostname === 'model-runner.docker.internal',
    usualContext: 4096,
    start:
      'Start Docker Model Runner: `docker desktop enable model-runner --tcp 12434`, or with Docker Engine `docker model install-runner`.',
    pull: (model) => `docker model pull ${model}`,
    widen: (model, tokens) => `docker model configure --context-size ${tokens} ${model}`,
  },
  {
    // Its temperature defaults to 1, it reads max_tokens alone, and models that think do so unless told not to.
    ...usual,
    matches: (provider, url) => provider === 'ollama' || url.port === '11434',
    reasoningEffort: 'none',
    cutsSilently: true,
    usualContext: 4096,
    start: 'Start Ollama: `ollama serve`.',
    pull: (model) => `ollama pull ${model}`,
    widen: (_model, tokens) => `OLLAMA_CONTEXT_LENGTH=${tokens} ollama serve`,
  },
  {
    // Refuses json_object.
    ...usual,
    matches: (provider, url) => provider === 'lm-studio' || url.port === '1234',
    modes: ['json_schema', 'tool', 'text'],
    start: 'Start its server: `lms server start`.',
    pull: (model) => `lms load ${model}`,
    widen: (model, tokens) => `lms load ${model} --context-length ${tokens}`,
  },
  {
    // Ignores response_format, obeys a forced tool.
    ...usual,
    matches: (_provider, url) => url.hostname === 'api.anthropic.com',
    modes: ['tool', 'text'],
    needsKey: true,
  },
  {
    ...usual,
    matches: (_provider, url) => /^(generativelanguage\.googleapis\.com|openrouter\.ai)$/.test(url.hostname),
    needsKey: true,
  },
  {
    ...usual,
    matches: (provider) => provider === 'llama.cpp',
    widen: (_model, tokens) => `llama-server --ctx-size ${tokens} …`,
  },
  {
    ...usual,
    matches: (provider) => provider === 'vllm',
    widen: (model, tokens) => `vllm serve ${model} --max-model-len ${tokens}`,
  },
  { ...usual, matches: () => true },
];

/** Models that are named for it were taught to answer tables and a question with SQL alone: sqlcoder, duckdb-nsql, XiYanSQL. */
const writesSqlAlone = /sql/iu;

/** The row of a server. What no row foresees is learned from the server's own refusals, see `refusedParameters`. */
export function quirksOf(server: Pick<ModelServer, 'provider' | 'baseUrl' | 'model'>): Quirks {
  const url = new URL(server.baseUrl);
  const found = table.find((row) => row.matches(server.provider, url, server.model)) ?? {
    ...usual,
    matches: () => true,
  };
  return writesSqlAlone.test(server.model) ? { ...found, modes: ['sql', ...found.modes] } : found;
}
