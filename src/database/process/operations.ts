import { SqlqError } from '../../errors.ts';
import type { Admission } from '../admitted-statement.ts';
import type { ColumnReference, Database, OpenOptions, PendingWrite, SchemaFilter } from '../database.ts';
import { requireAdmitted, requireChange } from '../refusals.ts';
import type { Target } from '../target.ts';
import type { LookRequest } from './look.ts';
import {
  type Examination,
  type RunRequest,
  type RunSummary,
  type Watch,
  type WriteSummary,
  type WrittenStatement,
  wireError,
} from './protocol.ts';

/** What an operation finds in the process that it runs in. */
export interface Child {
  /** Ends what is still running where the parent is gone. */
  readonly signal: AbortSignal;
  /** The open database; throws an Error before `open`. */
  database(): Database;
  /** Loads the driver of what will probably be opened. */
  prepare(place: string): Promise<void>;
  open(target: Target, options: OpenOptions, watch: Watch): Promise<Database>;
  close(): Promise<void>;
  /** Ends the statement of another connection. */
  cancelSession(target: Target, session: string): Promise<void>;
  /** What the server still does for a connection that is gone; null where it does nothing. */
  leftRunning(target: Target, session: string): Promise<string | null>;
  run(request: RunRequest): Promise<RunSummary>;
  look(request: LookRequest): Promise<number>;
  /** A change that waits for the user's word. */
  readonly pending: { write: PendingWrite | null };
}

/**
 * Everything that the parent may ask of the child. The messages between them, the child's dispatch and the methods of
 * `DatabaseClient` are made of this table: an operation is a row here.
 */
export const operations = {
  prepare: (child: Child, place: string) => child.prepare(place),
  open: async (
    child: Child,
    { target, options, watch }: { target: Target; options: OpenOptions; watch: Watch },
  ): Promise<{ readonly session: string | null; readonly warnings: readonly string[] }> => {
    const { session, warnings = [] } = await child.open(target, options, watch);
    return { session, warnings };
  },
  facts: (child: Child) => child.database().facts(child.signal),
  fingerprint: (child: Child) => child.database().fingerprint(child.signal),
  dataFingerprint: (child: Child) => child.database().dataFingerprint(child.signal),
  introspect: (child: Child, filter: SchemaFilter) => child.database().introspect(filter, child.signal),
  unusedHidePatterns: (child: Child) => child.database().unusedHidePatterns(child.signal),
  examine: async (child: Child, written: WrittenStatement): Promise<Examination> => {
    const { verdict, statement } = await admissionOf(child, written);
    if (statement === null) {
      return { verdict, plan: null, problem: null };
    }
    try {
      return {
        verdict,
        plan: await child.database().plan(statement, child.signal, written.isUnseen),
        problem: null,
      };
    } catch (error) {
      if (error instanceof SqlqError && (error.code === 'failed' || error.code === 'refused')) {
        return { verdict, plan: null, problem: wireError(error) };
      }
      throw error;
    }
  },
  plan: async (child: Child, written: WrittenStatement) =>
    child.database().plan(requireAdmitted(await admissionOf(child, written)), child.signal, written.isUnseen),
  run: (child: Child, request: RunRequest) => child.run(request),
  look: (child: Child, request: LookRequest) => child.look(request),
  distinctValues: (
    child: Child,
    { columns, cap }: { readonly columns: readonly ColumnReference[]; readonly cap: number },
  ) => child.database().distinctValues(columns, cap, child.signal),
  beginWrite: async (child: Child, written: WrittenStatement): Promise<WriteSummary> => {
    const statement = requireChange(await admissionOf(child, written));
    const write = await child.database().beginWrite(statement, child.signal);
    child.pending.write = write;
    const { changes, committed, notes = [] } = write;
    return { changes, committed, notes };
  },
  commit: (child: Child) => takePending(child).commit(),
  rollback: (child: Child) => takePending(child).rollback(),
  close: (child: Child) => child.close(),
  cancelSession: (child: Child, { target, session }: { readonly target: Target; readonly session: string }) =>
    child.cancelSession(target, session),
  leftRunning: (child: Child, { target, session }: { readonly target: Target; readonly session: string }) =>
    child.leftRunning(target, session),
} as const;

type Table = typeof operations;

export type Operation = keyof Table;

/** What an operation is given; null where that is nothing. */
export type Input<Name extends Operation> =
  Parameters<Table[Name]> extends [Child, infer Given] ? Given : null;

export type Output<Name extends Operation> = Awaited<ReturnType<Table[Name]>>;

/** Does one of the operations. */
export function perform<Name extends Operation>(
  child: Child,
  name: Name,
  input: Input<Name>,
): Promise<Output<Name>> {
  const table: { readonly [Each in Operation]: (child: Child, input: Input<Each>) => Promise<Output<Each>> } =
    operations;
  return table[name](child, input);
}

/** Operations that need an open database and are told nothing while they last: each is a method of the client. */
export type PlainOperation = Exclude<
  Operation,
  'prepare' | 'open' | 'run' | 'look' | 'close' | 'cancelSession' | 'leftRunning'
>;

/** The client's methods: an operation with its input, where it has one, and what ends it. */
export type Methods = {
  readonly [Name in PlainOperation]: Input<Name> extends null
    ? (signal: AbortSignal) => Promise<Output<Name>>
    : (input: Input<Name>, signal: AbortSignal) => Promise<Output<Name>>;
};

/** Does one operation for the client. */
export type Call = <Name extends PlainOperation>(
  name: Name,
  input: Input<Name>,
  signal: AbortSignal,
) => Promise<Output<Name>>;

const lifecycle: ReadonlySet<string> = new Set([
  'prepare',
  'open',
  'run',
  'look',
  'close',
  'cancelSession',
  'leftRunning',
]);

/** Makes the client's methods of the table. */
export function methodsOf(call: Call): Methods {
  const methods = Object.keys(operations)
    .filter((name): name is PlainOperation => !lifecycle.has(name))
    .map((name) => {
      // The signal is the last of one or two arguments.
      const method = (first: unknown, second?: AbortSignal) =>
        second === undefined
          ? call(name, null as Input<typeof name>, first as AbortSignal)
          : call(name, first as Input<typeof name>, second);
      return [name, method];
    });
  return Object.fromEntries(methods) as Methods;
}

function admissionOf(child: Child, { sql, parameters = [] }: WrittenStatement): Promise<Admission> {
  return child.database().admit(sql, parameters, child.signal);
}

function takePending({ pending }: Child): PendingWrite {
  const { write } = pending;
  if (write === null) {
    throw new Error('no write is pending');
  }
  pending.write = null;
  return write;
}
