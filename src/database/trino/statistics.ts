import type { Session } from './session.ts';

/** Of how many tables the rows are asked for, how many at once, and how long all that may take in milliseconds. */
const mostTables = 60;
const atOnce = 6;
const timeoutMs = 2_000;

/**
 * The connectors' own counts of rows, by the quoted names of the tables, as far as they have some and tell them soon: each
 * table is a question of its own, and some connectors look at files for it.
 */
export async function rowEstimates(
  { rows }: Session,
  tables: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const estimates = new Map<string, number>();
  if (tables.length > mostTables) {
    return estimates;
  }
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const waiting = [...tables];
  const work = async (): Promise<void> => {
    for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) {
      const found = await rows(`SHOW STATS FOR ${table}`, limited).catch(() => []);
      // The line of the table itself has no column.
      const count = found.find(([column]) => column === null)?.[4];
      if (typeof count === 'number') {
        estimates.set(table, Math.round(count));
      }
      if (limited.aborted) {
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  signal.throwIfAborted();
  return estimates;
}
