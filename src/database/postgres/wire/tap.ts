import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SqlqError } from '../../../errors.ts';

/** Type bytes of the two messages that carry data, see "Message Formats" in PostgreSQL's manual. */
export const dataRow = 0x44;
export const copyData = 0x64;

const headerBytes = 5;
/** A row that is larger than this would fill the memory before anything could be done with it. */
const messageLimit = 256 << 20;

/** Room for the beginning of a message; a longer one gets more while it lasts. */
const keptBytes = 1 << 16;

/** What takes the data out of a connection's byte stream. */
export interface DataSink {
  /** One DataRow or CopyData; its content is `bytes` from `start` to `end`, valid until this returns. */
  message(type: number, bytes: Buffer, start: number, end: number): void;
  /** All that has arrived has been handed over. */
  flush(): void;
  failed(error: SqlqError): void;
}

/**
 * A socket that reads into one buffer again and again: a million rows would otherwise leave a gigabyte of buffers to
 * the garbage collector. What it emits is valid until the listener returns, so that only a tap may listen.
 */
export function reusingSocket(): Socket {
  const socket: Socket = new Socket({
    onread: {
      buffer: Buffer.allocUnsafeSlow(1 << 16),
      callback(length, bytes) {
        socket.emit('data', Buffer.from(bytes.buffer, bytes.byteOffset, length));
        return true;
      },
    },
  });
  return socket;
}

/** What came is not PostgreSQL's protocol. */
export class ProtocolError extends Error {}

/** A place between a connection and its driver where data can be taken out. */
export interface Tap {
  /** Sends data to a sink from now on, or to the driver again (null). To be called while the connection is quiet. */
  divert(sink: DataSink | null): void;
}

/**
 * Installs a tap, before the first byte has come. While it diverts, messages with data go to the sink without being
 * decoded one event at a time; all else goes on to the driver untouched, in whole messages: the driver would keep a
 * view of a piece, whose bytes are gone by the time the rest comes.
 */
export function installTap(stream: Duplex): Tap {
  const driver = stream.listeners('data');
  let sink: DataSink | null = null;
  /** The beginning of a message whose rest has not arrived. */
  let held: Buffer = Buffer.allocUnsafeSlow(keptBytes);
  let heldBytes = 0;
  let wantedBytes = 0;

  const hold = (bytes: Buffer): void => {
    const needed = heldBytes + bytes.length;
    if (needed > held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, held.length * 2));
      held.copy(larger, 0, 0, heldBytes);
      held = larger;
    }
    bytes.copy(held, heldBytes);
    heldBytes = needed;
  };

  const forward = (bytes: Buffer): void => {
    for (const listener of driver) {
      Reflect.apply(listener, stream, [bytes]);
    }
  };

  /** Ends a connection on which nothing can be understood any more. */
  const giveUp = (type: number | undefined, length: number): void => {
    if (sink !== null && type === dataRow) {
      sink.failed(
        new SqlqError('limit', `A row of the result is larger than ${messageLimit >> 20} MB.`, {
          hint: 'Ask for fewer or shorter columns.',
        }),
      );
      stream.destroy();
    } else {
      stream.destroy(new ProtocolError(`a message of type ${type} and ${length} bytes came`));
    }
  };

  const split = (bytes: Buffer): void => {
    const to = sink;
    let offset = 0;
    let forwardFrom = 0;
    let next = headerBytes;
    while (bytes.length - offset >= headerBytes) {
      const type = bytes[offset];
      next = bytes.readUInt32BE(offset + 1) + 1;
      if (next < headerBytes || next > messageLimit) {
        giveUp(type, next);
        return;
      }
      const end = offset + next;
      if (end > bytes.length) {
        break;
      }
      if (to !== null && (type === dataRow || type === copyData)) {
        if (forwardFrom < offset) {
          to.flush();
          forward(bytes.subarray(forwardFrom, offset));
        }
        to.message(type, bytes, offset + headerBytes, end);
        forwardFrom = end;
      }
      offset = end;
      next = headerBytes;
    }
    to?.flush();
    if (offset < bytes.length) {
      hold(bytes.subarray(offset));
      wantedBytes = next;
    }
    // Last, because the driver may begin the next statement when it hears that this one has ended.
    if (forwardFrom < offset) {
      forward(bytes.subarray(forwardFrom, offset));
    }
  };

  stream.removeAllListeners('data');
  stream.on('data', (arrived: Buffer) => {
    let rest = arrived;
    // What is held is completed and handed on alone, so that the rest need not be copied.
    while (heldBytes > 0) {
      const taken = rest.subarray(0, wantedBytes - heldBytes);
      rest = rest.subarray(taken.length);
      hold(taken);
      if (heldBytes < wantedBytes) {
        return;
      }
      const bytes = held.subarray(0, heldBytes);
      heldBytes = 0;
      // A header alone holds itself again, now knowing how long its message is.
      split(bytes);
      if (stream.destroyed) {
        return;
      }
      if (heldBytes === 0 && held.length > keptBytes) {
        held = Buffer.allocUnsafeSlow(keptBytes);
      }
    }
    if (rest.length > 0) {
      split(rest);
    }
  });
  return {
    divert(to) {
      sink = to;
    },
  };
}
