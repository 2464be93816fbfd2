import { SqlqError, WriteError } from '../../errors.ts';
import { csvHeader } from '../../render/csv.ts';
import { createRenderer, definitionOf, type Format } from '../../render/format.ts';
import type { Chunk } from '../../render/renderer.ts';
import { tooManyRows } from '../../render/row-limit.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Database, Row } from '../database.ts';
import { requireRead } from '../refusals.ts';
import type { Destination, RunRequest, RunSummary } from './protocol.ts';
import { openSink, type Sink } from './sink.ts';
import { unreadableCells, unreadableFields, unreadableNote } from './unreadable.ts';

/** What a run tells while it lasts. */
export interface RunEvents {
  readonly onRows: (rows: number) => void;
  /** Resolves when the terminal is clear. */
  readonly beforePrint: () => Promise<void>;
  /** So many bytes went into the pipe for rows, and no more will. */
  readonly onStreamed: (bytes: number) => void;
  readonly rowsPipe: () => NodeJS.WritableStream;
}

/** Where what was written can't be taken back. */
const outward: ReadonlySet<Destination['kind']> = new Set(['stdout', 'stream']);

/** Runs one statement and writes its rows where they should go; an error says where what was printed is not all. */
export async function runStatement(
  database: Database,
  request: RunRequest,
  events: RunEvents,
  signal: AbortSignal,
): Promise<RunSummary> {
  let printed = false;
  const onRows = (rows: number): void => {
    printed ||= rows > 0 && outward.has(request.destination.kind);
    events.onRows(rows);
  };
  try {
    return await writeRows(database, request, { ...events, onRows }, signal);
  } catch (error) {
    const isSaid = error instanceof WriteError;
    throw printed && error instanceof SqlqError && !isSaid ? incomplete(error) : error;
  }
}

function incomplete(error: SqlqError): SqlqError {
  const hint = ['What was printed is not complete.', error.hint ?? ''].join(' ').trim();
  return new WriteError(error.code, error.message, { hint, cause: error.cause });
}

/** Runs a statement that only reads, and puts its rows where they should go. */
async function writeRows(
  database: Database,
  request: RunRequest,
  events: RunEvents,
  signal: AbortSignal,
): Promise<RunSummary> {
  const { destination } = request;
  const { sql, parameters = [] } = request.statement;
  const statement = requireRead(await database.admit(sql, parameters, signal));
  if (destination.kind === 'rows') {
    return collect(database, statement, request, events, signal);
  }
  const sink = announced(await openSink(destination, events.rowsPipe), request, events);
  try {
    return await writeTo(sink, database, statement, request, events, signal);
  } catch (error) {
    await sink.abandon();
    throw error;
  } finally {
    if (destination.kind === 'stream') {
      events.onStreamed(sink.written());
    }
  }
}

/** Writes rows a batch at a time. */
async function writeTo(
  sink: Sink,
  database: Database,
  statement: AdmittedStatement,
  request: RunRequest,
  events: RunEvents,
  signal: AbortSignal,
): Promise<RunSummary> {
  const { parameters = [] } = request.statement;
  const engineWrites =
    request.render.format === 'csv' &&
    !request.render.csvSafe &&
    // The engine writes what a terminal would obey.
    request.render.width === null &&
    request.limit === null &&
    parameters.length === 0 &&
    request.keep === 0;
  if (engineWrites) {
    const summary = await copyCsv(database, statement, request, events, signal, sink);
    if (summary !== null) {
      return summary;
    }
  }
  const result = await database.query(statement, {
    signal,
    milliseconds: request.milliseconds,
    nested: definitionOf(request.render.format).isJson === true ? 'json' : 'text',
  });
  const renderer = await createRenderer(request.render);
  let open = await write(sink, await renderer.begin(result.columns));
  const state = { rows: 0, truncated: false };
  const kept = keeper(request.keep);
  let unreadable = 0;
  if (open) {
    const batches = limited(result.batches, request.limit, state);
    for await (const batch of request.limit === null
      ? withinCapacity(batches, request.render.format)
      : batches) {
      events.onRows(state.rows);
      kept.take(batch);
      unreadable += unreadableCells(batch);
      open = await write(sink, await renderer.rows(batch));
      if (!open) {
        break;
      }
    }
  }
  if (open) {
    open = await write(sink, await renderer.end(state.truncated));
  }
  open = await sink.end();
  return {
    columns: result.columns,
    ...state,
    closed: !open,
    data: kept.rows,
    warnings: result.warnings?.() ?? [],
    notes: [...(renderer.notes?.() ?? []), ...unreadableNote(unreadable)],
  };
}

/** Kept rows cross a channel and stay in memory: no more bytes of them than this, by a rough count. */
const mostKeptBytes = 32 << 20;

/** Keeps the first rows of a result, as they came. */
function keeper(most: number): { readonly rows: Row[]; take(batch: readonly Row[]): void } {
  const rows: Row[] = [];
  let bytes = 0;
  return {
    rows,
    take(batch) {
      for (const row of batch) {
        if (rows.length >= most || bytes > mostKeptBytes) {
          return;
        }
        rows.push(row);
        bytes += sizeOf(row);
      }
    },
  };
}

/** About how many bytes a row takes in memory. */
function sizeOf(row: Row): number {
  let bytes = 0;
  for (const value of row) {
    bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length + 16 : 16;
  }
  return bytes;
}

async function copyCsv(
  database: Database,
  statement: AdmittedStatement,
  request: RunRequest,
  events: RunEvents,
  signal: AbortSignal,
  sink: Sink,
): Promise<RunSummary | null> {
  const result = (await database.queryCsv?.(statement, { signal })) ?? null;
  if (result === null) {
    return null;
  }
  let open = await write(sink, csvHeader(result.columns, request.render));
  let rows = 0;
  let unreadable = 0;
  if (open) {
    for await (const chunk of result.chunks) {
      rows += chunk.rows;
      unreadable += unreadableFields(chunk.bytes);
      events.onRows(rows);
      open = await sink.write(chunk.bytes);
      if (!open) {
        break;
      }
    }
  }
  open = await sink.end();
  return {
    columns: result.columns,
    rows,
    truncated: false,
    closed: !open,
    data: [],
    warnings: result.warnings?.() ?? [],
    notes: unreadableNote(unreadable),
  };
}

async function collect(
  database: Database,
  statement: AdmittedStatement,
  request: RunRequest,
  events: RunEvents,
  signal: AbortSignal,
): Promise<RunSummary> {
  const result = await database.query(statement, { signal, milliseconds: request.milliseconds });
  const state = { rows: 0, truncated: false };
  const data: Row[] = [];
  const { mostBytes = Number.POSITIVE_INFINITY } = request;
  let bytes = 0;
  for await (const batch of limited(result.batches, request.limit, state)) {
    for (const row of batch) {
      bytes += sizeOf(row);
      if (bytes > mostBytes && data.length > 0) {
        state.truncated = true;
        break;
      }
      data.push(row);
    }
    events.onRows(state.rows);
    if (bytes > mostBytes) {
      break;
    }
  }
  state.rows = data.length;
  return { columns: result.columns, ...state, closed: false, data, warnings: result.warnings?.() ?? [] };
}

/** The batches up to a limit, counted; one row more is read to know whether there are more. */
async function* limited(
  batches: AsyncIterable<readonly Row[]>,
  limit: number | null,
  state: { rows: number; truncated: boolean },
): AsyncGenerator<readonly Row[]> {
  for await (const batch of batches) {
    const left = limit === null ? batch.length : limit - state.rows;
    const kept = batch.length > left ? batch.slice(0, left) : batch;
    state.rows += kept.length;
    state.truncated = kept.length < batch.length;
    if (kept.length > 0) {
      yield kept;
    }
    if (state.truncated) {
      return;
    }
  }
}

/** The batches of a result whose format can hold only so many rows. Throws a SqlqError `limit` at the first too many. */
async function* withinCapacity(
  batches: AsyncIterable<readonly Row[]>,
  format: Format,
): AsyncGenerator<readonly Row[]> {
  const { mostRows } = definitionOf(format);
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.length;
    if (mostRows !== null && rows > mostRows) {
      throw tooManyRows(format);
    }
    yield batch;
  }
}

function write(sink: Sink, chunk: Chunk): Promise<boolean> | boolean {
  return chunk.length === 0 ? true : sink.write(chunk);
}

/** A sink that announces its first byte, where the parent wants that. */
function announced(sink: Sink, request: RunRequest, events: RunEvents): Sink {
  if (!request.announce) {
    return sink;
  }
  let announcement: Promise<void> | null = null;
  return {
    async write(text) {
      announcement ??= events.beforePrint();
      await announcement;
      return sink.write(text);
    },
    end: () => sink.end(),
    abandon: () => sink.abandon(),
    written: () => sink.written(),
  };
}
