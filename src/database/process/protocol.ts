import type { ErrorCode } from '../../errors.ts';
import type { RenderRequest } from '../../render/format.ts';
import type { Schema } from '../../schema/schema.ts';
import type {
  Change,
  ColumnReference,
  ConnectionFacts,
  OpenOptions,
  Parameter,
  Plan,
  ResultColumn,
  Row,
  SchemaFilter,
  ServerWarning,
  Verdict,
} from '../database.ts';
import type { Target } from '../target.ts';

/** Where the child puts the rows. */
export type Destination =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file'; readonly path: string }
  /** Back to the parent, at most so many. */
  | { readonly kind: 'rows' };

/** A statement as it was written, with `:name` for each of its values; the child has it judged before anything else. */
export interface WrittenStatement {
  readonly sql: string;
  readonly parameters: readonly Parameter[];
}

export interface RunRequest {
  readonly statement: WrittenStatement;
  readonly render: RenderRequest;
  readonly destination: Destination;
  /** Rows to stop after; null for all. */
  readonly limit: number | null;
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

/** What the parent may ask of the child: the input and the output of each. */
export interface Operations {
  open: {
    input: { target: Target; options: OpenOptions; watch: Watch };
    output: { session: string | null };
  };
  facts: { input: null; output: ConnectionFacts };
  fingerprint: { input: null; output: string };
  dataFingerprint: { input: null; output: string | null };
  introspect: { input: SchemaFilter; output: Schema };
  admit: { input: WrittenStatement; output: Verdict };
  plan: { input: WrittenStatement; output: Plan };
  run: { input: RunRequest; output: RunSummary };
  distinctValues: {
    input: { columns: readonly ColumnReference[]; cap: number };
    output: readonly (readonly string[] | null)[];
  };
  beginWrite: { input: WrittenStatement; output: WriteSummary };
  commit: { input: null; output: null };
  rollback: { input: null; output: null };
  close: { input: null; output: null };
  /** Ends another connection's statement; needs no `open`. */
  cancelSession: { input: { target: Target; session: string }; output: null };
}

export type Operation = keyof Operations;

export type Request = {
  [Name in Operation]: {
    readonly id: number;
    readonly name: Name;
    readonly input: Operations[Name]['input'];
  };
}[Operation];

/** The parent's word that the terminal is clear. */
export interface GoAhead {
  readonly goAhead: true;
}

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
}

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: WireError }
  | { readonly progress: { readonly rows: number; readonly milliseconds: number } }
  | { readonly aboutToPrint: true };

/** The line on stderr by which the watchdog says why it ended the process. */
export const memoryNotice = 'sqlq: memory limit passed\n';
