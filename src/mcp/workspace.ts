import type { AskContext, Recalled, RunContext } from '../ask/context.ts';
import type { Report } from '../ask/report.ts';
import type { Access } from '../database/database.ts';
import type { DatabaseClient } from '../database/process/client.ts';
import type { DocumentSearch } from '../knowledge/excerpt.ts';
import type { SavedQuestion } from '../memory/saved.ts';
import type { Note, ValueIndex } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import type { Prompts } from '../terminal/prompt.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What of a database the caller, who is a model, may be told besides names, types, enum labels and keys. */
export interface Telling {
  readonly comments: boolean;
  readonly defaults: boolean;
  /** Single stored values. */
  readonly values: boolean;
  readonly rows: boolean;
}

/** What one call works with. */
export interface CallParts {
  readonly terminal: Terminal;
  readonly prompts: Prompts;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** An answer that the caller calls good or bad. */
export interface JudgedAnswer {
  readonly question: string;
  readonly sql: string;
  readonly assumptions: readonly string[];
  readonly rows: number | null;
  /** Whether its SQL may hold values that were found in the rows, where that is known. */
  readonly holdsStoredValues?: boolean;
}

/** One open database, as settings and flags have it. */
export interface ServedDatabase {
  readonly name: string;
  /** The database without user and password. */
  readonly place: string;
  /** Several calls may use it at once. It only reads. */
  readonly client: DatabaseClient;
  readonly telling: Telling;
  readonly notes: readonly Note[];
  readSchema(signal: AbortSignal): Promise<Schema>;
  readValues(schema: Schema, signal: AbortSignal): Promise<ValueIndex>;
  /** What SQL needs to run, its rows collected. */
  runContext(parts: CallParts): RunContext;
  /** The same on a connection that may change the database; it is opened at the first change. */
  changeContext(parts: CallParts): Promise<RunContext>;
  /** What a question needs, of a profile or of the usual one. */
  askContext(parts: CallParts, profile?: string): Promise<AskContext>;
  /** What is known from before that helps with a question. */
  recall(question: string, schema: Schema): Promise<Recalled>;
  /** Finds what documents say; null where none may be told. */
  readonly searchDocuments: DocumentSearch | null;
  /** Whether a saved question is for a database of this engine. */
  fits(saved: SavedQuestion): boolean;
  /** Keeps what the caller says of an answer; says what was done. */
  keepFeedback(answer: JudgedAnswer, verdict: 'good' | 'bad', correction: string | null): Promise<string>;
}

/** What a session of calls works with. */
export interface Workspace {
  readonly version: string;
  /** The names of the databases that may be named, the usual one first. */
  readonly databases: readonly string[];
  readonly access: Access;
  /** The folder that results may be written to, without links; null where none was named. */
  readonly folder: string | null;
  /** Rejects with the SqlqError for which it can't be opened; the next call tries again. */
  open(name: string, signal: AbortSignal): Promise<ServedDatabase>;
  /** The saved questions of the project, by name. */
  savedQuestions(): Promise<readonly { readonly name: string; readonly saved: SavedQuestion }[]>;
  /** Takes known secrets out of a text of sqlq's own. */
  redact(text: string): string;
  /** Says on stderr, for whoever started the session. */
  warn(text: string): void;
  /** Stands around the work of each call, which it may refuse. */
  readonly around: Around;
  /** Hears of each call that has ended, and of all that it was told. */
  readonly ledger: Ledger;
  /** A terminal that nobody sees. */
  silentTerminal(): Terminal;
  close(): Promise<void>;
}

/** Does the work of a call, or rejects with the SqlqError for which it is not done. */
export type Around = <Value extends { readonly rows?: number }>(
  call: {
    readonly tool: string;
    readonly database: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  },
  work: () => Promise<Value>,
) => Promise<Value>;

/** Where it is kept what was told. */
export interface Ledger {
  told(entry: {
    readonly tool: string;
    readonly database: string | null;
    readonly arguments: unknown;
    readonly result: unknown;
    readonly exitCode: number;
    readonly milliseconds: number;
    readonly rows: number;
  }): void;
}
