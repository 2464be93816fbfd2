import { Socket } from 'node:net';
import type { Connection } from 'mysql2';
import { SqlqError } from '../../../errors.ts';
import { splitPackets } from './packets.ts';
import { readColumn, readError, readLength, type WireColumn } from './protocol.ts';

/** Takes rows as they arrive and hands out what it made of them. */
export interface RowDecoder<T> {
  /** One row: length-encoded texts between `start` and `end`, valid during the call only. */
  row(bytes: Buffer, start: number, end: number): void;
  /** What was made of the rows since the last call; null where there were none. */
  take(): T | null;
}

/** The end of a statement. */
export interface Completion {
  readonly affectedRows: number;
  readonly warnings: number;
}

/** A statement that the server has begun to answer. */
export interface Execution<T> {
  readonly columns: readonly WireColumn[];
  /** Leaving it early leaves the connection in the middle of the answer: destroy it then. */
  readonly batches: AsyncGenerator<T, Completion>;
}

/**
 * Runs one statement by the text protocol on the driver's own socket and decodes rows from the bytes of the network:
 * half of the time of a big result went into the driver's strings, and its parser can't be told to make none.
 * The driver logs in, encrypts and prepares; while a statement runs here it has no command of its own under way.
 * Source: MySQL's "Text Resultset" and "COM_QUERY", which MariaDB shares.
 */
export async function execute<T>(
  connection: Connection,
  sql: string,
  decoderOf: (columns: readonly WireColumn[]) => RowDecoder<T>,
): Promise<Execution<T>> {
  const socket = socketOf(connection);
  const text = Buffer.from(sql);
  if (text.length >= 0xffffff) {
    throw new SqlqError('failed', 'The statement is longer than 16 MB');
  }
  const answer = readAnswer(socket, decoderOf);
  const packet = Buffer.alloc(5);
  packet.writeUIntLE(text.length + 1, 0, 3);
  packet[4] = 3;
  socket.write(Buffer.concat([packet, text]));
  // Up to the first batch, so that errors and columns are known.
  const columns = await answer.columns;
  return { columns, batches: answer.batches() };
}

function socketOf(connection: Connection): Socket {
  const socket = 'stream' in connection ? connection.stream : null;
  if (!(socket instanceof Socket) || socket.destroyed) {
    throw new SqlqError('failed', 'The connection to the server was lost');
  }
  return socket;
}

/** Takes the socket over from the driver until the answer is whole. */
function readAnswer<T>(socket: Socket, decoderOf: (columns: readonly WireColumn[]) => RowDecoder<T>) {
  const handlers = socket.listeners('data');
  socket.removeAllListeners('data');
  const columns: WireColumn[] = [];
  let state: 'header' | 'columns' | 'columns end' | 'rows' | 'done' = 'header';
  let expected = 0;
  let decoder: RowDecoder<T> | null = null;
  let completion: Completion = { affectedRows: 0, warnings: 0 };
  let failure: unknown = null;
  let wake = (): void => {};
  let columnsKnown: (columns: readonly WireColumn[]) => void;
  let columnsFailed: (error: unknown) => void;
  const known = new Promise<readonly WireColumn[]>((resolve, reject) => {
    columnsKnown = resolve;
    columnsFailed = reject;
  });

  const finish = (error: unknown): void => {
    if (state === 'done') {
      return;
    }
    state = 'done';
    failure = error;
    socket.off('data', onData);
    socket.off('close', onClose);
    for (const handler of handlers) {
      socket.on('data', handler as (chunk: Buffer) => void);
    }
    socket.resume();
    if (error === null) {
      columnsKnown(columns);
    } else {
      columnsFailed(error);
    }
    wake();
  };

  const onHeader = (bytes: Buffer, start: number): void => {
    if (bytes[start] === 0xfb) {
      socket.destroy();
      finish(new SqlqError('failed', 'The server asked for a local file'));
      return;
    }
    const [count, next] = readLength(bytes, start);
    expected = count;
    state = 'columns';
    if (count !== 0) {
      return;
    }
    const [affectedRows, afterRows] = readLength(bytes, next);
    const [, afterId] = readLength(bytes, afterRows);
    completion = { affectedRows, warnings: bytes.readUInt16LE(afterId + 2) };
    finish(moreResults(bytes.readUInt16LE(afterId)));
  };

  const onPacket = (bytes: Buffer, start: number, end: number): void => {
    const first = bytes[start];
    if (first === 0xff) {
      finish(readError(bytes, start, end));
      return;
    }
    const isEnd = first === 0xfe && end - start < 9;
    switch (state) {
      case 'rows':
        if (isEnd) {
          completion = { affectedRows: 0, warnings: bytes.readUInt16LE(start + 1) };
          finish(moreResults(bytes.readUInt16LE(start + 3)));
        } else {
          decoder?.row(bytes, start, end);
        }
        break;
      case 'header':
        onHeader(bytes, start);
        break;
      case 'columns':
        columns.push(readColumn(bytes, start, end));
        if (columns.length === expected) {
          state = 'columns end';
        }
        break;
      case 'columns end':
        state = 'rows';
        decoder = decoderOf(columns);
        columnsKnown(columns);
        break;
    }
  };

  const split = splitPackets(onPacket);
  const onData = (chunk: Buffer): void => {
    socket.pause();
    try {
      split(chunk);
    } catch (error) {
      socket.destroy();
      finish(error);
    }
    if (state === 'done') {
      return;
    }
    if (state === 'rows') {
      wake();
    } else {
      socket.resume();
    }
  };
  const onClose = (): void =>
    finish(new SqlqError('failed', 'The connection to the server was lost in the middle of the answer'));
  socket.on('data', onData);
  socket.once('close', onClose);

  async function* batches(): AsyncGenerator<T, Completion> {
    for (;;) {
      const batch = decoder?.take() ?? null;
      if (batch !== null) {
        yield batch;
      } else if (failure !== null) {
        throw failure;
      } else if (state === 'done') {
        return completion;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
          socket.resume();
        });
      }
    }
  }
  return { columns: known, batches };
}

const moreResultsExist = 8;

function moreResults(status: number): SqlqError | null {
  return status & moreResultsExist ? new SqlqError('failed', 'The statement has more than one result') : null;
}
