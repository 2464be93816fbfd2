import { once } from 'node:events';
import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ServerTarget } from '../../target.ts';
import { tlsOptions } from './tls.ts';

/** What a server, or a pooler in its stead, told at the login: whoever knows it may cancel that connection's statement. */
export interface BackendKey {
  readonly processId: number;
  readonly secret: number;
}

/** See "Message Formats" in PostgreSQL's manual. */
const cancelRequestCode = 80877102;
const sslRequestCode = 80877103;

/**
 * Cancels what a connection runs, as the protocol has it: a pooler hands the request on to the server's connection that
 * runs it now, and no connection slot is needed. Resolves when the server, or the pooler, has taken it; whether a
 * statement was ended it does not tell.
 */
export async function requestCancel(
  target: ServerTarget,
  key: BackendKey,
  signal: AbortSignal,
): Promise<void> {
  const socket = await open(target, signal);
  try {
    socket.write(message(cancelRequestCode, key.processId, key.secret));
    // The other side closes the connection when it has sent the signal; a pooler forgets about it where we close ours.
    socket.resume();
    await once(socket, 'close', { signal });
  } finally {
    socket.destroy();
  }
}

async function open(target: ServerTarget, signal: AbortSignal): Promise<Socket> {
  const { host, port, socket: folder } = target;
  const ssl = tlsOptions(target);
  const plain = folder === null ? connectSocket({ host, port }) : connectSocket(`${folder}/.s.PGSQL.${port}`);
  try {
    await once(plain, 'connect', { signal });
    if (ssl === false) {
      return plain;
    }
    plain.write(message(sslRequestCode));
    const [answer]: unknown[] = await once(plain, 'data', { signal });
    if (!(answer instanceof Buffer) || answer.toString() !== 'S') {
      throw new Error('the server offers no encryption');
    }
    const secure = connectTls({
      ...ssl,
      socket: plain,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    await once(secure, 'secureConnect', { signal });
    return secure;
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

/** A message of the kind that comes before the start-up: its length, a code and numbers. */
function message(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * numbers.length);
  bytes.writeInt32BE(bytes.length);
  for (const [index, number] of numbers.entries()) {
    bytes.writeInt32BE(number | 0, 4 + 4 * index);
  }
  return bytes;
}
