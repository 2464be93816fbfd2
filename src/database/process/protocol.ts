import { type ErrorCode, messageOf, SqlqError, WriteError } from '../../errors.ts';
import type { RenderRequest } from '../../render/format.ts';
import type { Change, Parameter, Plan, ResultColumn, Row, ServerWarning, Verdict } from '../database.ts';

/** Where the child puts the rows. */
export type Destination =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file'; readonly path: string }
  /** Into the pipe to the parent that is for rows alone. */
  | { readonly kind: 'stream' }
  /** Back to the parent, at most so many. */
  | { readonly kind: 'rows' };

/** A statement as it was written, with `:name` for each of its values; the child has it judged before anything else. */
export interface WrittenStatement {
  readonly sql: string;
  /** None where it is left out. */
  readonly parameters?: readonly Parameter[];
  /** Whoever wrote it may hear nothing of the rows, not even by whether it can be planned. */
  readonly isUnseen?: boolean;
}

/** What guard and database say of a statement that has not run. */
export interface Examination {
  readonly verdict: Verdict;
  /** Null where it may not run, or can't be planned. */
  readonly plan: Plan | null;
  /** Why the database can't plan a statement that was admitted. */
  readonly problem: WireError | null;
}

export interface RunRequest {
  readonly statement: WrittenStatement;
  readonly render: RenderRequest;
  readonly destination: Destination;
  /** Rows to stop after; null for all. */
  readonly limit: number | null;
  /** Rows of about so many bytes are handed back at most, where the destination is `rows`; all where it is left out. */
  readonly mostBytes?: number;
  /** A time limit of its own; null for the connection's. */
  readonly milliseconds: number | null;
  /** The first rows to hand back besides, at most so many; fewer where they are large. */
  readonly keep: number;
  /** Whether the parent wants to clear the terminal before the first byte. */
  readonly announce: boolean;
}

/** What became of a run. */
export interface RunSummary {
  readonly columns: readonly ResultColumn[];
  readonly rows: number;
  /** There are more rows than the limit. */
  readonly truncated: boolean;
  /** The reader of stdout went away before the end. */
  readonly closed: boolean;
  /** The rows themselves, where the destination is `rows`, or the first ones, where they were to be kept. */
  readonly data: readonly Row[];
  /** What the server warned of while it made the rows. */
  readonly warnings?: readonly ServerWarning[];
  /** What the reader has to know of how the rows are shown, in whole sentences. */
  readonly notes?: readonly string[];
}

/** What a change did, and whether it can still be taken back. */
export interface WriteSummary {
  readonly changes: readonly Change[];
  readonly committed: boolean;
  /** What else may have changed, in whole sentences. */
  readonly notes: readonly string[];
}

/** When the child has to die. */
export interface Watch {
  /** The process without which it has no reason to live; null where its end is noticed otherwise. */
  readonly parent: number | null;
  /** Bytes of resident memory. */
  readonly memoryLimit: number;
}

/** One operation that the parent asks for. */
export interface Request<Name, Input> {
  readonly id: number;
  readonly name: Name;
  readonly input: Input;
}

/** The parent's word that the terminal is clear. */
export interface GoAhead {
  readonly goAhead: true;
}

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  /** It is a WriteError. */
  readonly isOfWriting: boolean;
  readonly engineCode: string | null;
}

/** An error as a message between the processes can hold it. */
export function wireError(error: unknown): WireError {
  const isOfWriting = error instanceof WriteError;
  if (error instanceof SqlqError) {
    const { code, message, hint, engineCode } = error;
    return { code, message, hint, engineCode, isOfWriting };
  }
  return { code: 'failed', message: messageOf(error), hint: null, engineCode: null, isOfWriting };
}

/** The error that a message held. */
export function errorOf({ code, message, hint, engineCode, isOfWriting }: WireError): SqlqError {
  const ErrorOfKind = isOfWriting ? WriteError : SqlqError;
  return new ErrorOfKind(code, message, {
    ...(hint === null ? {} : { hint }),
    ...(engineCode === null ? {} : { engineCode }),
  });
}

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: WireError }
  | { readonly progress: { readonly rows: number; readonly milliseconds: number } }
  | { readonly aboutToPrint: true }
  /** The rows of the next probe of a look; null where it gave none. */
  | { readonly found: readonly Row[] | null }
  /** A run has written so many bytes into the pipe for rows, and writes no more; comes before what became of it. */
  | { readonly streamed: number };

/** The line on stderr by which the watchdog says why it ended the process. */
export const memoryNotice = 'sqlq: memory limit passed\n';
