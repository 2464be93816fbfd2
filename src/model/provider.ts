import type { SqlqError } from '../errors.ts';
import type { Schema } from '../schema/schema.ts';
import type { Model, ModelRequest, SentRequest } from './model.ts';
import type { ModelServer } from './server.ts';

/** A provider that runs in this process: it needs no server, and nothing leaves this machine. */
export interface BuiltInProvider {
  readonly kind: 'built-in';
  create(): Model;
  /** The same to doubt another's answer by: it reads English alone, and answers where it is surer. */
  loadSecond(): Promise<Model>;
  /** Whether a question goes on from the one before ("only in 2024"), by its words alone. */
  buildsOn(question: string): boolean;
  /** What a query says, in plain lines; null where this provider has no words for it. */
  inWords(schema: Schema, sql: string): readonly string[] | null;
}

/** A protocol that servers of models speak. Errors of its functions are SqlqErrors that say what to do. */
export interface ServedProvider {
  readonly kind: 'served';
  /** A model behind a server. Throws a SqlqError `usage` for settings that no request may leave with. */
  create(server: ModelServer): Model;
  /** The models that a server has, in its own order. */
  listModels(server: ModelServer, signal: AbortSignal): Promise<readonly ListedModel[]>;
  /** Tries a server step by step with a question of a few tokens. Rejects with the signal's reason alone. */
  probe(server: ModelServer, signal: AbortSignal): Promise<ServerProbe>;
  /** The model's window in tokens, remembered for a while; null where the server does not tell it. */
  contextSize(server: ModelServer, signal: AbortSignal): Promise<number | null>;
  /** How many characters of schema text a server is told; no more than `tokens` where that is given. */
  schemaBudget(server: ModelServer, tokens: number | null): number;
  /** A server of this protocol that answers where such servers usually are; null where none does. */
  detect(place: SearchPlace, signal: AbortSignal): Promise<DetectedServer | null>;
  /**
   * Turns texts into vectors by `server.model`, one for each in their order; `onSent` hears of the request as it leaves.
   * Null for a protocol that has none.
   */
  readonly embed:
    | ((
        server: ModelServer,
        texts: readonly string[],
        onSent: (sent: SentRequest) => void,
        signal: AbortSignal,
      ) => Promise<{ readonly vectors: readonly Float32Array[]; readonly promptTokens: number | null }>)
    | null;
  /** The commands that help where a server does not answer. */
  hints(server: Pick<ModelServer, 'provider' | 'baseUrl' | 'model'>): ServerHints;
  /** The first request of a question, byte for byte as it would leave. */
  preview(
    server: ModelServer,
    request: Pick<ModelRequest, 'messages' | 'sqlMessages' | 'mayNeedTables' | 'looking'>,
  ): Promise<SentRequest>;
}

/** A model that a server has. */
export interface ListedModel {
  readonly name: string;
  /** Its window in tokens, where the list tells it. */
  readonly contextSize: number | null;
}

/** What a server turned out to be able to do, as far as the probe came. */
export interface ServerProbe {
  /** The models that it lists; null where it is not reached or lists none to us. */
  readonly models: readonly string[] | null;
  /** Whether the profile's model is among them; null where there is no list. */
  readonly hasModel: boolean | null;
  readonly contextSize: number | null;
  /** How a tiny question was answered in shape, in the provider's own word; null where it was not. */
  readonly structuredOutput: string | null;
  readonly warnings: readonly string[];
  /** What failed, with its hint; null where all is well. */
  readonly problem: SqlqError | null;
}

/** Where to look for a server. */
export interface SearchPlace {
  /** Whether this program runs in a container, from where the machine around it has other names. */
  readonly inContainer: boolean;
  /** The built-in profile whose server is wanted; null for any. */
  readonly profile: string | null;
  /** Addresses of built-in profiles that are not the usual ones, by the profile's name. */
  readonly baseUrls: Readonly<Record<string, string>>;
}

/** A server that answered, and has a model. */
export interface DetectedServer {
  /** The built-in profile that it is of. */
  readonly profile: string;
  readonly baseUrl: string;
  readonly model: string;
  /** Why it was chosen, as part of a sentence. */
  readonly why: string;
}

/** Commands to type, null where there is none. */
export interface ServerHints {
  readonly start: string | null;
  /** Gets a model of some name. */
  readonly pull: (model: string) => string | null;
}
