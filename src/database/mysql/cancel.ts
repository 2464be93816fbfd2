import { SqlqError } from '../../errors.ts';
import type { ServerTarget } from '../target.ts';
import { errorNumber } from './failure.ts';
import { collect, connect } from './session.ts';

/** ER_NO_SUCH_THREAD */
const noSuchThread = 1094;

/**
 * Ends a connection and what it runs, from a second one. KILL QUERY would leave a statement of many parts, or a
 * transaction, to a client that is gone. Where the connection has ended by itself, all is well.
 */
export async function killSession(target: ServerTarget, session: string): Promise<void> {
  if (!/^\d+$/.test(session)) throw new SqlqError('failed', `${session} is not the number of a connection`);
  const connection = await connect(target, AbortSignal.timeout(5_000));
  try {
    await collect(connection, `KILL CONNECTION ${session}`);
  } catch (error) {
    if (errorNumber(error) !== noSuchThread) throw error;
  } finally {
    connection.destroy();
  }
}
