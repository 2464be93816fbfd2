import type { AskContext, RunContext } from '../ask/context.ts';
import type { ResultColumn, Row } from '../database/database.ts';
import type { DatabaseClient } from '../database/process/client.ts';
import type { ValueIndex } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import type { Turn } from './turn.ts';

/** What a session may change while it lasts. */
export interface Change {
  readonly db?: string;
  readonly profile?: string;
  readonly model?: string;
}

/** What a session may change, by the names that there are. */
export type Choice = 'databases' | 'profiles' | 'models';

/** A database and a model to ask, as settings and flags have them. */
export interface Workspace {
  /** The database's short name, for the prompt. */
  readonly name: string;
  /** The database without user and password. */
  readonly place: string;
  readonly database: DatabaseClient;
  /** Everything that a question needs; the model is chosen at the first. */
  askContext(signal: AbortSignal): Promise<AskContext>;
  /** Everything that SQL by hand needs. */
  runContext(signal: AbortSignal): RunContext;
  readSchema(signal: AbortSignal): Promise<Schema>;
  readValues(schema: Schema, signal: AbortSignal): Promise<ValueIndex>;
  /** A database in memory that holds these rows as the table `last`, in a process of its own. */
  openRows(columns: readonly ResultColumn[], rows: readonly Row[]): DatabaseClient;
  /** The names of what may be changed to. */
  choices(kind: Choice): Promise<readonly string[]>;
  /** The profile and model that answer, and why these. */
  describeModel(signal: AbortSignal): Promise<string>;
  /** Keeps what the user says of an answer, with the SQL that is right; says what was done. */
  giveFeedback(turn: Turn, verdict: 'good' | 'bad', correction: string | null): Promise<string>;
  /** Keeps an answer as a file of the project; says where. */
  save(turn: Turn, name: string, replace: boolean, signal: AbortSignal): Promise<string>;
  /** Another workspace; a new database is opened, and this one's closed, only once all that was named is found. */
  change(change: Change, signal: AbortSignal): Promise<Workspace>;
  close(): Promise<void>;
}
