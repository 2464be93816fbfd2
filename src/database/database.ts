import type { ResultColumn, Row } from '../result.ts';
import type { Dialect, Schema } from '../schema/schema.ts';
import type { Admission, AdmittedStatement, Parameter } from './admitted-statement.ts';
import type { Target } from './target.ts';

export type { ResultColumn, Row, Value } from '../result.ts';
export type { Parameter, Verdict } from './admitted-statement.ts';

/** What SQL the user allows: nothing but reading, rows changed, or tables changed too. */
export type Access = 'read' | 'write' | 'ddl';

export interface OpenOptions {
  readonly access: Access;
  /** The deadline of one statement; the engine is told it too, where it has such a setting. */
  readonly timeoutMilliseconds: number;
  /** Patterns of columns that nobody may read, as `pattern.ts` reads them. */
  readonly hide: readonly string[];
  /** PostgreSQL: functions that the user answers for, as `name` or `schema.name`; none where it is left out. */
  readonly trustedFunctions?: readonly string[];
  /** Opens a server too that does not hold a session to reading: the guard alone stands there then. */
  readonly trustGuard?: boolean;
  /** Patterns of schemas that statements may reach besides the current one, where an engine's schemas are databases. */
  readonly schemas?: readonly string[];
  /** Bytes of memory that the process may take, for an engine that works within it. */
  readonly memoryLimit?: number;
}

/** Which tables `introspect` reads, by patterns as `pattern.ts` reads them; empty means all. */
export interface SchemaFilter {
  readonly schemas: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** What the engine says of a statement that it prepared and explained, and did not run. */
export interface Plan {
  readonly columns: readonly ResultColumn[];
  /** Tables and views that it reads, as `table` or `schema.table` outside the search path. */
  readonly tables: readonly string[];
  /** The planner's estimate of rows returned; null where the engine has none. */
  readonly rows: number | null;
  /** The planner's estimate of rows read from tables; null where the engine has none. */
  readonly rowsScanned: number | null;
  /** The planner's cost in its own unit; null where the engine has none. */
  readonly cost: number | null;
  /** The plan in the engine's own words, a step a line. */
  readonly text: string;
  /**
   * What a statement that the engine commits by itself does for good, in whole sentences; it has to be asked for before
   * it runs. Left out where a change can be rolled back.
   */
  readonly commitsItself?: string;
  /** Where the engine would read the statement otherwise than it looks, in whole sentences without data. */
  readonly warnings?: readonly string[];
}

export interface QueryOptions {
  /** A shorter time limit than the connection's, which the server is told where it has such a setting. */
  readonly milliseconds?: number | null;
  /** How lists, structures and maps come, of an engine that has them and a text of its own for them; JSON where it is left out. */
  readonly nested?: 'json' | 'text';
  /** Ends the query: the adapter stops it at the server as well, then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** What a server says of how it made the rows, such as a text that it read as the number 0. */
export interface ServerWarning {
  /** The engine's own code; '' where it has none. */
  readonly code: string;
  /** In the engine's own words: it may quote data. */
  readonly message: string;
  /** How many there were of this code. */
  readonly count: number;
}

/** Rows as they stream from the server, in batches of the driver's own size; a batch is never empty. */
export interface Result {
  readonly columns: readonly ResultColumn[];
  /** Leaving the loop early ends the query at the server. */
  readonly batches: AsyncIterable<readonly Row[]>;
  /** What the server warned of; known once the batches have been read to their end. */
  warnings?(): readonly ServerWarning[];
}

/** A result whose engine or adapter writes the CSV lines itself (RFC 4180, LF, NULL empty, no header). */
export interface CsvResult {
  readonly columns: readonly ResultColumn[];
  /** Each valid until the next is asked for. */
  readonly chunks: AsyncIterable<{ readonly bytes: string | Uint8Array; readonly rows: number }>;
  /** As of `Result`. */
  warnings?(): readonly ServerWarning[];
}

/** A table that a statement changed, as `table` or `schema.table` outside the search path, and how many of its rows. */
export interface Change {
  readonly table: string;
  /** Null where the engine does not count them, as for DDL. */
  readonly rows: number | null;
}

/** A statement that has run and waits for the user's word. Exactly one of `commit` and `rollback` is called, once. */
export interface PendingWrite {
  /** What changed, as far as the engine tells; tables that triggers and cascades changed are named where it does. */
  readonly changes: readonly Change[];
  /** The engine has committed by itself, as MySQL does with DDL: `rollback` can't undo it. */
  readonly committed: boolean;
  /** What else may have changed that the engine neither names nor counts, in whole sentences. */
  readonly notes?: readonly string[];
  commit(): Promise<void>;
  /** Says in whole sentences what the engine could not take back; none where all is as it was. */
  rollback(): Promise<readonly string[]>;
}

/** A read-only transaction that several statements run in, each judged there: all see the same state of the data. */
export interface Snapshot extends Pick<Database, 'admit' | 'query'> {
  /** Ends it; whatever failed in it, the connection is as it was. */
  end(): Promise<void>;
  /** Whether it has ended by itself, as where the connection was given up in the middle of a result. */
  isOver?(): boolean;
}

/** Who is connected to what, for `sqlq doctor` and for warnings. */
export interface ConnectionFacts {
  readonly dialect: Dialect;
  readonly database: string;
  readonly role: string | null;
  readonly superuser: boolean;
  /** Powers of the role that the guard alone stands against, in plain words. */
  readonly warnings: readonly string[];
  /** What stands between, and what an administrator holds statements to, in whole sentences. */
  readonly notes?: readonly string[];
  /** `TLSv1.3`, `none`, or null where there is no network. */
  readonly encryption: string | null;
  /** SQL that makes a least-privilege role for this database; null for SQLite. */
  readonly leastPrivilege: string | null;
}

/** A column to take distinct values from. */
export interface ColumnReference {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/**
 * One open connection of one engine; lives in the process that runs queries. One call at a time.
 * Every method rejects with a SqlqError that has the engine's own words.
 */
export interface Database {
  readonly dialect: Dialect;
  /** What `cancelSession` needs to end this connection's statement from outside; null for SQLite. */
  readonly session: string | null;
  /** What the user has to know of this connection before its answers, in whole sentences. */
  readonly warnings?: readonly string[];
  facts(signal: AbortSignal): Promise<ConnectionFacts>;
  /** A short text that changes when the schema does; one cheap query. */
  fingerprint(signal: AbortSignal): Promise<string>;
  introspect(filter: SchemaFilter, signal: AbortSignal): Promise<Schema>;
  /** Those of `OpenOptions.hide` that fit no column: they hide nothing. */
  unusedHidePatterns(signal: AbortSignal): Promise<readonly string[]>;
  /** A short text that changes when rows may have; cheap, no scan. Null where the engine can't tell. */
  dataFingerprint(signal: AbortSignal): Promise<string | null>;
  /**
   * Judges a statement with `:name` for each of the parameters; never runs it, never prepares text that the guard has
   * not admitted.
   */
  admit(sql: string, parameters: readonly Parameter[], signal: AbortSignal): Promise<Admission>;
  /** Ends what is still open for a statement that was admitted and did not run after all. */
  settle?(): Promise<void>;
  /**
   * Prepares and explains (EXPLAIN of a write runs nothing); throws a SqlqError `failed` with the engine's words. An engine that
   * computes with rows while it explains leaves that out for `isUnseen`.
   */
  plan(statement: AdmittedStatement, signal: AbortSignal, isUnseen?: boolean): Promise<Plan>;
  /** Runs a statement that only reads. */
  query(statement: AdmittedStatement, options: QueryOptions): Promise<Result>;
  /** Begins what several statements run in one after the other, each for so long at most. Nothing else is asked until it ends. */
  openSnapshot?(milliseconds: number, signal: AbortSignal): Promise<Snapshot>;
  /** As `query`; null where this statement can't be had as CSV from the engine. */
  queryCsv?(statement: AdmittedStatement, options: QueryOptions): Promise<CsvResult | null>;
  /**
   * Runs a statement that changes something in a transaction, and holds that open. Throws a SqlqError `failed` with the
   * engine's words where it fails; nothing is changed then. `close` rolls back what is still open.
   */
  beginWrite(statement: AdmittedStatement, signal: AbortSignal): Promise<PendingWrite>;
  /** Up to `cap` distinct values of each column, as text, nulls left out; null for a column that has more or took too long. */
  distinctValues(
    columns: readonly ColumnReference[],
    cap: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly string[] | null)[]>;
  close(): Promise<void>;
}

/** What a folder of an engine exports from `connect.ts`. */
export interface Adapter {
  open(target: Target, options: OpenOptions, signal: AbortSignal): Promise<Database>;
  /** Ends whatever statement that session runs, from a second connection. */
  cancelSession(target: Target, session: string): Promise<void>;
  /**
   * Asked once the statement was ended and its connection is gone: what the server still does for it, or why nobody
   * can know, in whole sentences; null where it does nothing any more.
   */
  leftRunning?(target: Target, session: string): Promise<string | null>;
}
