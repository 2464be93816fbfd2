import { Socket } from 'node:net';
import type { Connection } from 'mysql2';
import { SqlqError } from '../../errors.ts';

/** A column as the server describes it. Source: MySQL's `Protocol::ColumnDefinition41`. */
export interface WireColumn {
  readonly name: string;
  /** The protocol's number of the type, `enum_field_types`. */
  readonly type: number;
  /** The protocol's number of the collation; 63 for bytes. */
  readonly collation: number;
  readonly flags: number;
  /** The most bytes that a value has. */
  readonly length: number;
  /** MariaDB's name of a type that the protocol sends as another, such as `json` or `uuid`; else ''. */
  readonly extendedType: string;
}

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

/** What the server said of a statement, in the shape that `statementFailure` reads. */
class ServerError extends Error {
  readonly errno: number;

  constructor(message: string, errno: number) {
    super(message);
    this.errno = errno;
  }
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
  const answer = readAnswer(socket, decoderOf);
  const text = Buffer.from(sql);
  if (text.length >= 0xffffff) throw new SqlqError('failed', 'The statement is longer than 16 MB');
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
  if (!(socket instanceof Socket)) throw new SqlqError('failed', 'The connection to the server was lost');
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
    if (state === 'done') return;
    state = 'done';
    failure = error;
    socket.off('data', onData);
    socket.off('close', onClose);
    for (const handler of handlers) socket.on('data', handler as (chunk: Buffer) => void);
    socket.resume();
    if (error === null) columnsKnown(columns);
    else columnsFailed(error);
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
    if (count !== 0) return;
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
        } else decoder?.row(bytes, start, end);
        break;
      case 'header':
        onHeader(bytes, start);
        break;
      case 'columns':
        columns.push(readColumn(bytes, start, end));
        if (columns.length === expected) state = 'columns end';
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
    if (state === 'done') return;
    if (state === 'rows') wake();
    else socket.resume();
  };
  const onClose = (): void =>
    finish(new SqlqError('failed', 'The connection to the server was lost in the middle of the answer'));
  socket.on('data', onData);
  socket.once('close', onClose);

  async function* batches(): AsyncGenerator<T, Completion> {
    for (;;) {
      const batch = decoder?.take() ?? null;
      if (batch !== null) yield batch;
      else if (failure !== null) throw failure;
      else if (state === 'done') return completion;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
          socket.resume();
        });
    }
  }
  return { columns: known, batches };
}

const moreResultsExist = 8;

function moreResults(status: number): SqlqError | null {
  return status & moreResultsExist ? new SqlqError('failed', 'The statement has more than one result') : null;
}

/** A value or row that is larger would fill the memory before anything could be done with it. */
const mostPacketBytes = 256 << 20;
const largestPart = 0xffffff;

/** Cuts the stream of bytes into packets; one of 16 MB or more comes in parts. */
function splitPackets(
  onPacket: (bytes: Buffer, start: number, end: number) => void,
): (chunk: Buffer) => void {
  // The beginning of a packet whose end has not arrived.
  let begun: Buffer[] = [];
  let begunBytes = 0;
  let parts: Buffer[] = [];
  let partBytes = 0;

  const onPart = (bytes: Buffer, start: number, end: number): void => {
    if (end - start < largestPart && parts.length === 0) {
      onPacket(bytes, start, end);
      return;
    }
    partBytes += end - start;
    if (partBytes > mostPacketBytes)
      throw new SqlqError('limit', `A row of the result is larger than ${mostPacketBytes >> 20} MB`, {
        hint: 'Ask for fewer or shorter columns.',
      });
    parts.push(Buffer.from(bytes.subarray(start, end)));
    if (end - start === largestPart) return;
    const whole = Buffer.concat(parts);
    parts = [];
    partBytes = 0;
    onPacket(whole, 0, whole.length);
  };

  /** Takes from the chunk what the packet that has begun still needs, and says where that ends. */
  const complete = (chunk: Buffer): number => {
    const missing = (bytes: number): number => Math.max(0, bytes - begunBytes);
    const [first = chunk] = begun;
    const header = first.length >= 4 ? first : Buffer.concat([first, chunk.subarray(0, missing(4))]);
    if (header.length < 4) {
      keep(chunk);
      return chunk.length;
    }
    const size = 4 + header.readUIntLE(0, 3);
    const taken = missing(size);
    if (taken > chunk.length) {
      keep(chunk);
      return chunk.length;
    }
    const whole = Buffer.concat([...begun, chunk.subarray(0, taken)]);
    begun = [];
    begunBytes = 0;
    onPart(whole, 4, whole.length);
    return taken;
  };

  const keep = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    const [first] = begun;
    // The first piece holds the whole header, so that it can be read there.
    if (first !== undefined && first.length < 4) begun = [Buffer.concat([first, bytes])];
    else begun.push(bytes);
    begunBytes += bytes.length;
  };

  return (chunk) => {
    let at = begunBytes > 0 ? complete(chunk) : 0;
    while (chunk.length - at >= 4) {
      const end = at + 4 + chunk.readUIntLE(at, 3);
      if (end > chunk.length) break;
      const start = at + 4;
      at = end;
      onPart(chunk, start, end);
    }
    // A copy, so that a few bytes do not hold the whole chunk.
    keep(chunk.length - at < 4096 ? Buffer.from(chunk.subarray(at)) : chunk.subarray(at));
  };
}

/** A length-encoded integer and where it ends; -1 for NULL. */
export function readLength(bytes: Buffer, at: number): readonly [value: number, next: number] {
  const first = bytes.readUInt8(at);
  if (first < 0xfb) return [first, at + 1];
  if (first === 0xfc) return [bytes.readUInt16LE(at + 1), at + 3];
  if (first === 0xfd) return [bytes.readUIntLE(at + 1, 3), at + 4];
  if (first === 0xfe) return [Number(bytes.readBigUInt64LE(at + 1)), at + 9];
  return [-1, at + 1];
}

function readError(bytes: Buffer, start: number, end: number): ServerError {
  const number = bytes.readUInt16LE(start + 1);
  const hasState = bytes[start + 3] === 0x23;
  return new ServerError(bytes.toString('utf8', start + (hasState ? 9 : 3), end), number);
}

function readColumn(bytes: Buffer, start: number, end: number): WireColumn {
  const texts: string[] = [];
  let at = start;
  for (let index = 0; index < 6; index += 1) {
    const [length, next] = readLength(bytes, at);
    texts.push(bytes.toString('utf8', next, next + length));
    at = next + length;
  }
  // The fixed fields are the last 13 bytes; MariaDB's extended metadata stand before them where they were agreed.
  const fixed = end - 13;
  return {
    name: texts[4] ?? '',
    collation: bytes.readUInt16LE(fixed + 1),
    length: bytes.readUInt32LE(fixed + 3),
    type: bytes.readUInt8(fixed + 7),
    flags: bytes.readUInt16LE(fixed + 8),
    extendedType: at < fixed ? readExtended(bytes, at, fixed) : '',
  };
}

function readExtended(bytes: Buffer, start: number, end: number): string {
  let [, at] = readLength(bytes, start);
  let name = '';
  while (at + 2 <= end) {
    const [length, next] = readLength(bytes, at + 1);
    name = bytes.toString('latin1', next, next + length);
    at = next + length;
  }
  return name;
}
