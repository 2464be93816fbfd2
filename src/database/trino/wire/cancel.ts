import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, SqlqError } from '../../../errors.ts';
import type { ServerTarget } from '../../target.ts';
import { writeText } from '../names.ts';
import { serverOf } from '../session.ts';
import { collect, type Server } from './statement.ts';

/** How long the server may take to end a statement before it is said that it does not, and how often it is asked. */
const endTimeoutMs = 2_000;
const pauseMs = 100;

/** Ends all that the server runs for a session. */
export async function endSession(target: ServerTarget, session: string): Promise<void> {
  await asked(target, async (server, signal) => {
    for (const id of await running(server, session, signal)) {
      await collect(
        server,
        `CALL system.runtime.kill_query(query_id => ${writeText(id)}, message => 'ended by sqlq')`,
        {
          signal,
        },
      ).catch((error: unknown) => {
        // It may have ended meanwhile.
        if (!(error instanceof SqlqError) || error.engineCode === 'PERMISSION_DENIED') {
          throw new SqlqError(
            'failed',
            `The statement may go on at the server, as the query ${id}: sqlq may not end it. ${messageOf(error)}`,
            { cause: error },
          );
        }
      });
    }
  });
}

/** What the server still runs for a session that was ended, or why nobody can know; null where nothing. */
export async function leftRunning(target: ServerTarget, session: string): Promise<string | null> {
  const deadline = performance.now() + endTimeoutMs;
  try {
    return await asked(target, async (server, signal) => {
      for (;;) {
        const [id] = await running(server, session, signal);
        if (id === undefined) {
          return null;
        }
        if (performance.now() > deadline) {
          return `The server was told to end the statement and still works on it, as the query ${id}.`;
        }
        await sleep(pauseMs);
      }
    });
  } catch (error) {
    return `The statement may go on at the server: sqlq could not ask. ${messageOf(error)}`;
  }
}

async function asked<T>(
  target: ServerTarget,
  work: (server: Server, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { http, server } = serverOf(target, 'sqlq');
  try {
    return await work(server, AbortSignal.timeout(endTimeoutMs * 2));
  } finally {
    http.close();
  }
}

async function running(server: Server, session: string, signal: AbortSignal): Promise<readonly string[]> {
  const { rows } = await collect(
    server,
    `SELECT query_id FROM system.runtime.queries WHERE source = ${writeText(session)} AND state NOT IN ('FINISHED', 'FAILED')`,
    { signal },
  );
  return rows.map(([id]) => String(id));
}
