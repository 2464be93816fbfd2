import type { Schema } from '../schema/schema.ts';
import type { Answer } from './answer.ts';
import type { Looking, Message } from './message.ts';

/** A stored value that a question may mean, found in the database's own data. */
export interface ValueIndex {
  /** Every distinct value of a column as text; null where it has too many, or may not be read. */
  valuesOf(schema: string, table: string, column: string): readonly string[] | null;
}

/** An SQL text that was tried before in this run, and what was wrong with it or what the user wants instead. */
export interface Attempt {
  readonly sql: string;
  readonly problem: string;
  /** How the model came to it; absent where it did not say. */
  readonly reasoning?: string;
  readonly source: 'guard' | 'database' | 'user';
  /** It, or what is said of it, comes from an engine that looks values up in the database. */
  readonly holdsStoredValues?: boolean;
}

/** An earlier question of the same database, and SQL that the user says answers it. */
export interface Example {
  readonly question: string;
  readonly sql: string;
  /** The day on which the user said so, `2026-03-01`: what "last month" meant in it. */
  readonly day: string;
}

/** What somebody who knows the database says that a word means, as text or as an SQL expression. */
export interface Note {
  /** `revenue`, or a table or `table.column`. */
  readonly term: string;
  readonly meaning: string;
  /** The document that says so, and where in it; left out for what somebody noted for sqlq. */
  readonly source?: string;
}

/** The answer before this question, on which the question may build. */
export interface Previous {
  readonly question: string;
  readonly sql: string;
  /** Names of the columns that it returned. */
  readonly columns: readonly string[];
  /** Some of its rows as JSON, one a line; null where rows may not be sent. */
  readonly rows: string | null;
  /** Its SQL comes from an engine that looks values up in the database, and may hold what nobody has typed. */
  readonly holdsStoredValues?: boolean;
}

export interface ModelRequest {
  readonly question: string;
  /** When it was first asked, by `performance.now()`: the deadline of a server counts from there. Now where left out. */
  readonly askedAt?: number;
  /** What "today" and "last year" mean; the time of this machine where it is left out. */
  readonly now?: Date;
  /** The answer before, in a session; the model decides whether the question builds on it. */
  readonly previous?: Previous | null;
  /** Examples that are most like the question. */
  readonly examples?: readonly Example[];
  /** Notes on words of the question, and on the tables that it may be about. */
  readonly notes?: readonly Note[];
  /** Assumptions of earlier answers to this question that the user says do not hold. */
  readonly rejected?: readonly string[];
  /** The whole schema; what a served model is told stands in `messages`. */
  readonly schema: Schema;
  /** The prompt, schema first and question last, so that a provider's prompt cache hits. */
  readonly messages: readonly Message[];
  /** The same for a model that was taught to write SQL and nothing else; `messages` serve where it is left out. */
  readonly sqlMessages?: readonly Message[];
  /** What to ask first where the model has met the same refusal twice: for SQL alone, as if nothing had been asked before. */
  readonly freshSqlMessages?: readonly Message[];
  /** `messages` without what changes with the rows of tables; left out where that is nothing. */
  readonly lastingMessages?: readonly Message[];
  /** Tables are left out of `messages`, and the model may ask for some. */
  readonly mayNeedTables?: boolean;
  /** Tools to look with first, where the server takes any; the reply may then be calls of them. */
  readonly looking?: Looking | null;
  readonly attempts: readonly Attempt[];
  /** Reads the index of stored values, from disk or from the database. Only engines on this machine may call it. */
  readonly values: () => Promise<ValueIndex>;
  /** Called with the number of tokens so far while a reply arrives. */
  readonly onProgress: (tokens: number) => void;
  /** Called with each request as it leaves, so that it can be told of even where no reply comes. */
  readonly onSent?: (request: SentRequest) => void;
  /** Called before something else is asked instead of the profile that was chosen, with what it is. */
  readonly onStandIn?: (standIn: AnsweredBy) => void;
  /** Called with the tokens of each reply of a server, so that those of a question without an answer count too. */
  readonly onUsage?: (usage: Usage) => void;
  /** How many replies that are no answer are enough; three where left out. */
  readonly mostReplies?: number;
  /** The longest reply, in tokens, that whoever asks can pay for; as long as the server's settings say where left out. */
  readonly mostTokens?: number;
  /** The question that this is a part of: the same object in every request for it. */
  readonly part?: object;
}

/** One request as it left the machine. */
export interface SentRequest {
  readonly host: string;
  readonly text: string;
}

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number | null;
  readonly reasoningTokens: number | null;
}

export interface ModelReply {
  readonly answer: Answer;
  /** How the provider got an answer in shape, in its own word, for the report; null where it needs no such means. */
  readonly structuredOutput: string | null;
  readonly usage: Usage | null;
  readonly sent: readonly SentRequest[];
  /** Things that the user should know, such as a prompt that the server cut. */
  readonly warnings: readonly string[];
  /** How many replies it took, but for calls of tools; one where left out. */
  readonly replies?: number;
  /** What it has cost; null or left out where nobody knows. */
  readonly dollars?: number | null;
  /** How much of each budget is used, a line each. */
  readonly budgets?: readonly string[];
  /** Who answered, where several could have. */
  readonly answeredBy?: AnsweredBy;
  /** Its SQL may hold stored values of the database that the user has not typed, and no server may be told. */
  readonly holdsStoredValues?: boolean;
}

/** Who answered, of several that could have. */
export interface AnsweredBy {
  /** The profile's name. */
  readonly provider: string;
  readonly model: string;
  /** The server's host; null for the engine on this machine. */
  readonly host: string | null;
  /** Why it was asked instead of the profile that was chosen; null where it is of that profile. */
  readonly instead: string | null;
}

/** Whatever turns a question into SQL. Rejects with a SqlqError that says what to do. */
export interface Model {
  /** The provider profile's name. */
  readonly provider: string;
  readonly name: string;
  answer(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}
