import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, SqlqError } from '../../../errors.ts';
import type { ServerTarget } from '../../target.ts';
import { errorNumber } from '../errors.ts';
import { collect, connect } from './connection.ts';

/** ER_NO_SUCH_THREAD */
const noSuchThread = 1094;

/** How often, and after how many milliseconds, the server is asked whether it has ended the connection. */
const looks = 20;
const pause = 50;

/**
 * Ends a connection and what it runs, from a second one. KILL QUERY would leave a statement of many parts, or a
 * transaction, to a client that is gone. Where the connection has ended by itself, all is well. Throws a SqlqError where
 * the server goes on: it looks for KILL between rows, and not within one call of a function.
 */
export async function killSession(target: ServerTarget, session: string): Promise<void> {
  if (!/^\d+$/.test(session)) {
    throw new SqlqError('failed', `${session} is not the number of a connection`);
  }
  const connection = await connect(target, AbortSignal.timeout(5_000)).catch((error: unknown) => {
    // An account may have one connection alone, and the server may have all that it takes.
    throw new SqlqError(
      'failed',
      `The statement may go on at the server, as connection ${session}: sqlq could not connect to end it. ${messageOf(error)}`,
      { cause: error },
    );
  });
  try {
    await collect(connection, `KILL CONNECTION ${session}`);
    for (let look = 0; look < looks; look += 1) {
      const left = await collect(
        connection,
        `SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ${session}`,
      );
      if (left.length === 0) {
        return;
      }
      await sleep(pause);
    }
    throw new SqlqError(
      'failed',
      `The server has not ended the statement yet: one of its calls takes long. It goes on as connection ${session}.`,
    );
  } catch (error) {
    if (errorNumber(error) !== noSuchThread) {
      throw error;
    }
  } finally {
    connection.destroy();
  }
}
