import { createOutputFile } from '../../files/output-file.ts';
import type { RenderRequest } from '../../render/format.ts';
import type { Parameter } from '../database.ts';
import type { Connection, ConnectionEvents } from './connection.ts';
import { passRows, type RowReader } from './pass-rows.ts';
import type { RunRequest, RunSummary } from './protocol.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface RunOptions {
  readonly render: RenderRequest;
  /** `rows` hands them back in the summary. */
  readonly destination:
    | { readonly kind: 'stdout' | 'rows' }
    | { readonly kind: 'file'; readonly path: string }
    /** Into it as fast as it takes them, and leaves it open for more; one that breaks after its first byte is destroyed. */
    | { readonly kind: 'stream'; readonly into: RowReader };
  readonly limit: number | null;
  /** How long the server may work on it, where that is less than the connection's limit. */
  readonly milliseconds?: number;
  /** What the statement's placeholders stand for. */
  readonly parameters?: readonly Parameter[];
  /** Rows to hand back in the summary besides, the first ones. */
  readonly keep?: number;
  /** About how many bytes of rows are handed back at most, where the destination is `rows`; the rest counts as beyond the limit. */
  readonly mostBytes?: number;
  readonly signal: AbortSignal;
  readonly onProgress?: ConnectionEvents['onProgress'];
  /** Called before the first byte goes to stdout, so that the terminal can be cleared. */
  readonly beforePrint?: () => void;
}

/** Asks the child something until the signal ends it, or the time limit that it gets to hand. */
type Within = <Value>(
  signal: AbortSignal,
  ask: (connection: Connection, limit: Stopwatch) => Promise<Value>,
) => Promise<Value>;

/** How long runs of a connection may take, and those of them that stream. */
interface Limits {
  readonly timeoutMilliseconds: number;
  readonly streams?: { readonly mostMilliseconds: number };
}

/** Runs a statement and brings its rows where they should go. */
export async function deliver(
  sql: string,
  options: RunOptions,
  { timeoutMilliseconds, streams }: Limits,
  within: Within,
): Promise<RunSummary> {
  const { signal, destination } = options;
  const events: ConnectionEvents = {
    onProgress: options.onProgress ?? (() => {}),
    beforePrint: options.beforePrint ?? (() => {}),
  };
  // The server has been told the limit of those that stream.
  const { milliseconds = timeoutMilliseconds } = options;
  const limited = streams === undefined ? options : { ...options, milliseconds };
  const runWith = (changes: Pick<RunRequest, 'destination' | 'announce'>): Promise<RunSummary> =>
    within(signal, (connection) => connection.request('run', requestOf(sql, limited, changes), events));
  if (destination.kind === 'stream') {
    const request = requestOf(sql, options, { destination: { kind: 'stream' }, announce: false });
    const { mostMilliseconds = timeoutMilliseconds } = streams ?? {};
    return passRows(destination.into, mostMilliseconds, signal, (until, pass) =>
      within(until, ({ rows, request: ask }, limit) =>
        pass(rows, limit, (onStreamed) => ask('run', request, { ...events, onStreamed })),
      ),
    );
  }
  if (destination.kind !== 'file') {
    return runWith({
      destination: { kind: destination.kind },
      announce: options.beforePrint !== undefined,
    });
  }
  const file = await createOutputFile(destination.path);
  try {
    const summary = await runWith({ destination: { kind: 'file', path: file.path }, announce: false });
    await file.keep();
    return summary;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

function requestOf(
  sql: string,
  { parameters = [], render, limit, milliseconds, keep = 0, mostBytes }: RunOptions,
  changes: Pick<RunRequest, 'destination' | 'announce'>,
): RunRequest {
  return {
    statement: { sql, parameters },
    render,
    limit,
    milliseconds: milliseconds ?? null,
    keep,
    ...(mostBytes === undefined ? {} : { mostBytes }),
    ...changes,
  };
}
