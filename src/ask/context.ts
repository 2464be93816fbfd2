import type { Access } from '../database/database.ts';
import type { DatabaseClient, RowReader } from '../database/process/client.ts';
import type { ErrorCode } from '../errors.ts';
import type { FileGuard } from '../files/file-guard.ts';
import type { DocumentSearch, Excerpt } from '../knowledge/excerpt.ts';
import type { Attempt, Example, Model, Note, Previous, ValueIndex } from '../model/model.ts';
import type { Format } from '../render/format.ts';
import type { TextStore } from '../schema/cache.ts';
import type { DescribeOptions } from '../schema/describe.ts';
import type { Profiles } from '../schema/profile/column-profile.ts';
import type { Schema, Table } from '../schema/schema.ts';
import type { Pager } from '../terminal/pager.ts';
import type { Prompts } from '../terminal/prompt.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { AnswerCache } from './cache/answer-cache.ts';
import type { LookTurn } from './prompt/prompt.ts';
import type { PlacedWord, StoredWord } from './prompt/stored-words.ts';
import type { Report } from './report.ts';

/** How rows are written, and where. */
export interface Delivery {
  readonly format: Format;
  /** Path of a file to write; null for stdout. */
  readonly output: string | null;
  /** Who gets the rows instead, as they are written. */
  readonly into?: RowReader;
  /** JSON: columns once and rows as lists, in an object that whoever asked writes on and closes. */
  readonly asLists?: boolean;
  /** Hears how many rows have come so far. */
  readonly onRows?: (rows: number) => void;
  /** Rows to stop after; null for all. */
  readonly limit: number | null;
  readonly csvSafe: boolean;
  /** Rows to hand back besides writing them; none where it is left out. */
  readonly keep?: number;
  /** Hands every row back and writes none. */
  readonly collect?: boolean;
  /** About how many bytes of rows are handed back at most; the rest counts as beyond the limit. */
  readonly mostBytes?: number;
}

/** How a run treats SQL, whoever wrote it: the limits, what the user allows, and where rows go. */
export interface RunContext {
  readonly database: DatabaseClient;
  /** The database without user and password. */
  readonly place: string;
  readonly terminal: Terminal;
  readonly prompts: Prompts;
  readonly files: FileGuard;
  /** Shows what the window is too small for; null where nobody pages. */
  readonly pager: Pager | null;
  readonly report: Report;
  readonly access: Access;
  /** Run without asking. */
  readonly yes: boolean;
  /** Print the SQL and run nothing. */
  readonly dryRun: boolean;
  readonly maxRowsScanned: number | null;
  readonly maxCost: number | null;
  readonly delivery: Delivery;
  /** How doubts are looked for before SQL runs; null where they are not. */
  readonly doubts: DoubtSearch | null;
  readonly signal: AbortSignal;
}

/** How doubts are looked for. */
export interface DoubtSearch {
  readonly readSchema: () => Promise<Schema>;
  readonly now: () => Date;
  /** How long all looks together may take. */
  readonly timeoutMs: number;
  /** A doubt ends the run before it starts. */
  readonly strict: boolean;
}

/** What helps with a question: examples, notes and documents, and SQL that it was answered with wrongly. */
export interface Recalled {
  readonly examples: readonly Example[];
  readonly notes: readonly Note[];
  /** Of documents what the question needs, the best first. */
  readonly documents: readonly Excerpt[];
  readonly attempts: readonly Attempt[];
}

/** A question as the model is to be asked it. */
export interface AskedQuestion {
  readonly schema: Schema;
  readonly question: string;
  readonly recalled: Recalled;
  /** Stored values that words of the question mean, where they may be sent. */
  readonly values?: readonly StoredWord[];
  /** Those by which tables are chosen. */
  readonly stored?: readonly PlacedWord[];
  /** What the model has called for, oldest first. */
  readonly looks?: readonly LookTurn[];
  /** SQL that was tried before, oldest first. */
  readonly attempts: readonly Attempt[];
  /** Called as each request leaves. */
  readonly onSent?: () => void;
}

/** What is kept of a question that has SQL, however it ended. */
export interface Outcome {
  readonly question: string;
  readonly sql: string;
  readonly assumptions: readonly string[];
  readonly provider: string;
  readonly model: string;
  /** `answered`, `dry-run`, or the code of the error that ended it. */
  readonly outcome: 'answered' | 'dry-run' | ErrorCode;
  readonly rows: number | null;
  /** The answer that it may build on. */
  readonly previous: Previous | null;
}

/** The model that is asked, and what it may be told. */
export interface Generation {
  readonly model: Model;
  readonly describe: DescribeOptions;
  /** Characters of schema text that fit the model's window. */
  readonly schemaBudget: number;
  /** How many tools the model may call before it answers; null: none but where tables are left out of what it is told. */
  readonly lookSteps: number | null;
  /** How often SQL that is refused goes back to the model. */
  readonly repairs: number;
  /** Whether a database's error text may go to the model with the data that it quotes. */
  readonly sendRows: boolean;
  /** Whether stored values that a question means may go to the model as the data spells them. */
  readonly sendValues: boolean;
  /** The model runs here and looks values up in the database, so that its SQL holds what no server may be told. */
  readonly readsValues: boolean;
  /** Reads the question once more to doubt what the model made of it; null where the model is what would read it. */
  readonly secondModel: (() => Promise<Model>) | null;
  /** How questions were read by it before. */
  readonly readings: TextStore;
  /** A secret of this installation, which makes the marks around database text unguessable. */
  readonly salt: string;
  /** Answers to the same request before; null where every question is asked anew. */
  readonly answers: AnswerCache | null;
}

/** Where what is known of the database comes from, and where what became of a question goes. */
export interface Knowledge {
  readonly readSchema: () => Promise<Schema>;
  /** The stored values of the database, for engines that stay on this machine. */
  readonly readValues: (schema: Schema) => Promise<ValueIndex>;
  /** The same as far as it was read before and lies in the cache, where tables may be chosen by it; null where they may not. */
  readonly knownValues: ((schema: Schema) => Promise<ValueIndex | null>) | null;
  /** What is so of the rows of some tables, as far as it may leave; null where nothing of it may. */
  readonly readProfiles: ((schema: Schema, tables: readonly Table[]) => Promise<Profiles>) | null;
  /** What is known from before that helps with a question. */
  readonly recall: (question: string, schema: Schema) => Promise<Recalled>;
  /** Finds what the documents on the database say of some words; null where none may be told. */
  readonly searchDocuments: DocumentSearch | null;
  /** Keeps what became of the question, and says under which number; never rejects. Null where nothing is kept. */
  readonly remember: ((outcome: Outcome) => Promise<number | null>) | null;
}

/** When a question is asked, and what went before it. */
export interface Turn {
  /** What "today" and "last year" mean in it. */
  readonly now: Date;
  /** The answer before, in a session. */
  readonly previous: Previous | null;
  /** Assumptions that the user has rejected. */
  readonly rejected: readonly string[];
  /** SQL that this question was answered with before, and what the user wants instead. */
  readonly attempts: readonly Attempt[];
}

/** What one question needs: what any SQL needs to run, and the ways to come to SQL. */
export interface AskContext extends RunContext {
  readonly generation: Generation;
  readonly knowledge: Knowledge;
  readonly turn: Turn;
  /** Hands a text to the user's editor, and back as they left it. */
  readonly edit: (sql: string) => Promise<string>;
}
