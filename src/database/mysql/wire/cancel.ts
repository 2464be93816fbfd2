import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, SqlqError } from '../../../errors.ts';
import type { ServerTarget } from '../../target.ts';
import { errorNumber } from '../errors.ts';
import { collect, connect } from './connection.ts';

/** ER_NO_SUCH_THREAD */
const noSuchThread = 1094;

/** How long the second connection may take. */
const connectTimeoutMs = 5_000;

/** How long the server may take to end a statement before it is said that it does not, and how often it is asked. */
const endTimeoutMs = 2_000;
const pauseMs = 50;

/**
 * Ends a connection and what it runs, from a second one. KILL QUERY would leave a statement of many parts, or a
 * transaction, to a client that is gone. Where the connection has ended by itself, all is well.
 */
export async function killSession(target: ServerTarget, session: string): Promise<void> {
  const number = numberOf(session);
  const { connection } = await connect(target, AbortSignal.timeout(connectTimeoutMs)).catch(
    (error: unknown) => {
      // An account may have one connection alone, and the server may have all that it takes.
      throw new SqlqError(
        'failed',
        `The statement may go on at the server, as connection ${number}: sqlq could not connect to end it. ${messageOf(error)}`,
        { cause: error },
      );
    },
  );
  try {
    await collect(connection, `KILL CONNECTION ${number}`);
  } catch (error) {
    if (errorNumber(error) !== noSuchThread) {
      throw error;
    }
  } finally {
    connection.destroy();
  }
}

/**
 * What the server still does for a session that was ended and whose connection is gone, or why nobody can know; null where
 * nothing. It looks for KILL between rows, and not within one call of a function.
 */
export async function leftRunning(target: ServerTarget, session: string): Promise<string | null> {
  const number = numberOf(session);
  const deadline = performance.now() + endTimeoutMs;
  const connected = await connect(target, AbortSignal.timeout(endTimeoutMs)).catch((error: unknown) =>
    messageOf(error),
  );
  if (typeof connected === 'string') {
    return `The statement may go on at the server, as connection ${number}: sqlq could not connect to end it, nor to ask. ${connected}`;
  }
  const { connection } = connected;
  const isThere = async (): Promise<boolean> => {
    const found = await collect(
      connection,
      `SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ${number}`,
    );
    return found.length > 0;
  };
  try {
    while (await isThere()) {
      if (performance.now() > deadline) {
        return `The server was told to end the statement and still works on it: one of its calls takes long. It goes on as connection ${number}; KILL CONNECTION ${number} asks again.`;
      }
      await sleep(pauseMs);
    }
    return null;
  } finally {
    connection.destroy();
  }
}

function numberOf(session: string): string {
  if (!/^\d+$/.test(session)) {
    throw new SqlqError('failed', `${session} is not the number of a connection`);
  }
  return session;
}
