import { SqlqError } from '../../errors.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { QueryOptions, Result, Row, ServerWarning } from '../database.ts';
import { type Session, timeLimit } from './session.ts';
import { readerOf, resultColumn } from './values.ts';
import type { Reply, ReplyColumn } from './wire/reply.ts';
import { type Running, start } from './wire/statement.ts';

const batchRows = 1000;

/** Runs a statement in a transaction that only reads; a page of the server is all that is held of its rows. */
export async function query(
  { server, transactions, timeLimitMs }: Session,
  statement: AdmittedStatement,
  { signal, milliseconds = null }: QueryOptions,
): Promise<Result> {
  const transaction = await transactions.begin(signal);
  const isShorter = milliseconds !== null && timeLimitMs !== null && milliseconds < timeLimitMs;
  const headers = {
    ...transaction.headers,
    ...(isShorter ? { 'X-Trino-Session': timeLimit(milliseconds) } : {}),
  };
  let running: Running | null = null;
  /** Ends what is still open, at the server too. */
  const abandon = async (): Promise<void> => {
    await running?.cancel();
    transaction.abandon();
  };
  try {
    running = await start(server, statement.text, { signal, headers });
    const first = await firstPages(running);
    const warnings: ServerWarning[] = [];
    return {
      columns: first.columns.map(resultColumn),
      batches: batches(running, first, signal, warnings, { end: () => transaction.end(), abandon }),
      warnings: () => warnings,
    };
  } catch (error) {
    await abandon();
    signal.throwIfAborted();
    throw error;
  }
}

/** The pages up to the one that tells the columns. */
interface FirstPages {
  readonly columns: readonly ReplyColumn[];
  readonly pages: readonly Reply[];
}

async function firstPages(running: Running): Promise<FirstPages> {
  const pages: Reply[] = [];
  for (;;) {
    const page = await running.next();
    if (page === null) {
      return { columns: [], pages };
    }
    pages.push(page);
    if (page.updateType != null) {
      throw new SqlqError(
        'refused',
        `The server takes the statement for ${page.updateType}, which is no query`,
      );
    }
    if (page.columns != null) {
      return { columns: page.columns, pages };
    }
  }
}

async function* batches(
  running: Running,
  { columns, pages }: FirstPages,
  signal: AbortSignal,
  warnings: ServerWarning[],
  { end, abandon }: { readonly end: () => void; readonly abandon: () => Promise<void> },
): AsyncGenerator<readonly Row[]> {
  const readers = columns.map(({ typeSignature }) => readerOf(typeSignature));
  const valuesOf = (raw: readonly unknown[]): Row => readers.map((read, index) => read(raw[index] ?? null));
  let isOver = false;
  try {
    for await (const page of following(running, pages)) {
      signal.throwIfAborted();
      note(page, warnings);
      const data = page.data ?? [];
      for (let at = 0; at < data.length; at += batchRows) {
        yield data.slice(at, at + batchRows).map(valuesOf);
        signal.throwIfAborted();
      }
    }
    isOver = true;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    if (isOver) {
      end();
    } else {
      await abandon();
    }
  }
}

async function* following(running: Running, pages: readonly Reply[]): AsyncGenerator<Reply> {
  yield* pages;
  for (let page = await running.next(); page !== null; page = await running.next()) {
    yield page;
  }
}

/** Each page tells all warnings up to there. */
function note({ warnings: told }: Reply, warnings: ServerWarning[]): void {
  if (told != null && told.length > warnings.length) {
    const found = told.map(({ message, warningCode }) => ({ code: warningCode.name, message, count: 1 }));
    warnings.splice(0, warnings.length, ...found);
  }
}
