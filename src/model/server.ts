import type { TextStore } from '../schema/cache.ts';

/** Sampling parameters of a profile; null leaves the choice to sqlq (temperature 0) or to the server (the rest). */
export interface Sampling {
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly seed: number | null;
  readonly stop: readonly string[] | null;
  readonly presencePenalty: number | null;
  readonly frequencyPenalty: number | null;
  /** `none`, `minimal`, `low`, `medium`, `high`, or whatever else the server knows. */
  readonly reasoningEffort: string | null;
}

/** The way a server is made to answer in the wanted shape; `sql` asks for SQL alone, in the few words that models know for it. */
export type StructuredOutputMode = 'json_schema' | 'json_object' | 'tool' | 'text' | 'sql';

/** A proxy between this machine and a server. */
export interface ModelProxy {
  /** Its address, with the name and password that it may ask for. */
  readonly url: string;
  /** The variable that names it. */
  readonly variable: string;
}

/** A server of models, and how to ask it. */
export interface ModelServer {
  /** The profile's name. `openai`, `docker-model-runner` and `ollama` have quirks and hints of their own. */
  readonly provider: string;
  /** With its `/v1` or the like; the protocol's own paths are appended. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: string | null;
  /** The variable that the key is read from, for the text that asks for one. */
  readonly apiKeyVariable: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly sampling: Sampling;
  /** The cap on a reply's tokens. */
  readonly maxTokens: number;
  /** The model's window in tokens, prompt and reply together; null where nobody knows. */
  readonly contextSize: number | null;
  /** The deadline of a question: all that is asked of the server for it, repairs and waits included. */
  readonly timeoutMilliseconds: number;
  /** `auto` tries from the strictest mode down; a mode is the only one tried. */
  readonly structuredOutput: StructuredOutputMode | 'auto';
  /** How often a request is sent again that a server was too busy for; of a local server only after a wait that it names. */
  readonly retries: number;
  /** What requests go through; null for none. */
  readonly proxy: ModelProxy | null;
  /** On this machine or its private network. */
  readonly isLocal: boolean;
  /** Where the provider keeps what it learns of the server, from run to run. */
  readonly memory: TextStore | null;
}
