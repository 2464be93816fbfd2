import { SqlqError } from '../../errors.ts';
import type { Database, Row, Snapshot } from '../database.ts';
import { requireRead } from '../refusals.ts';

/** A query of our own that looks at the data, and how many of its rows are wanted. */
export interface Probe {
  readonly sql: string;
  readonly limit: number;
}

/** Queries that are to see the same state of the data, in the order of what they are worth. */
export interface LookRequest {
  readonly probes: readonly Probe[];
  /** How long each may take, as the server is told. */
  readonly milliseconds: number;
}

/** The snapshot that looks are in; it stays open for the next, until something else is asked for. */
export interface OpenLook {
  snapshot: Snapshot | null;
}

/**
 * So long new probes are begun; what is known by then may ask for others that are worth more than the rest. Where each
 * takes long they so run in the order of their worth, and where they are quick nobody waits for a message.
 */
const roundMilliseconds = 10;

/**
 * Runs probes one after the other, each judged like any statement; `found` gets the rows of each, null where the guard
 * refuses it or the database can't run it. Gives back how many were begun.
 */
export async function look(
  database: Database,
  open: OpenLook,
  { probes, milliseconds }: LookRequest,
  found: (rows: readonly Row[] | null) => void,
  signal: AbortSignal,
): Promise<number> {
  const start = performance.now();
  open.snapshot ??= await openSnapshot(database, milliseconds, signal);
  const { snapshot } = open;
  let begun = 0;
  for (const probe of probes) {
    if (begun > 0 && performance.now() - start > roundMilliseconds) {
      break;
    }
    begun += 1;
    found(await rowsOf(snapshot, probe, milliseconds, signal));
    if (snapshot.isOver?.() === true) {
      open.snapshot = null;
      break;
    }
  }
  return begun;
}

/** Ends what `look` has left open. */
export async function endLook(open: OpenLook): Promise<void> {
  const { snapshot } = open;
  open.snapshot = null;
  // Where its connection is gone, so is it.
  await snapshot?.end().catch(() => {});
}

/** Where an engine has no snapshots to share, each probe sees what is there when it runs. */
async function openSnapshot(
  database: Database,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Snapshot> {
  return (await database.openSnapshot?.(milliseconds, signal)) ?? { ...database, end: async () => {} };
}

async function rowsOf(
  snapshot: Snapshot,
  { sql, limit }: Probe,
  milliseconds: number,
  signal: AbortSignal,
): Promise<readonly Row[] | null> {
  try {
    const statement = requireRead(await snapshot.admit(sql, [], signal));
    const rows: Row[] = [];
    const { batches } = await snapshot.query(statement, { signal, milliseconds });
    for await (const batch of batches) {
      rows.push(...batch.slice(0, limit - rows.length));
      if (rows.length >= limit) {
        break;
      }
    }
    return rows;
  } catch (error) {
    if (error instanceof SqlqError && !signal.aborted) {
      return null;
    }
    throw error;
  }
}
