import type { Session } from '../session.ts';

/**
 * Tells the server a shorter time limit than the session's for what comes next, until `lengthen`; says whether it did. It
 * does not where the server knows no limit, or the session's is as short.
 */
export async function shorten(session: Session, milliseconds: number | null): Promise<boolean> {
  const { timeLimitMs } = session.inForce;
  if (milliseconds === null || timeLimitMs === null || milliseconds >= timeLimitMs) {
    return false;
  }
  await setLimit(session, Math.max(1, Math.ceil(milliseconds)));
  return true;
}

/** Puts the session's own time limit back. */
export async function lengthen(session: Session): Promise<void> {
  const { timeLimitMs } = session.inForce;
  if (timeLimitMs !== null) {
    await setLimit(session, timeLimitMs);
  }
}

async function setLimit({ rows, dialect }: Session, milliseconds: number): Promise<void> {
  await rows(
    dialect.product === 'MariaDB'
      ? `SET SESSION max_statement_time = ${milliseconds / 1000}`
      : `SET SESSION max_execution_time = ${milliseconds}`,
  );
}
