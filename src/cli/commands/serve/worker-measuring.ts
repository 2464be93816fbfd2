import type { Worker } from 'node:cluster';
import type { Measured } from '../../../serve/observe/metrics.ts';
import type { ToWorker } from './worker-messages.ts';

/** A worker that does not tell for so long is left out. */
const patience = 2000;

/** Asks all workers what they have measured, for one of them. */
export interface Measuring {
  /** Asks these, and tells `asker` under its own number. */
  ask(asker: Worker, id: number, workers: readonly Worker[]): void;
  /** What one of them has told. */
  told(id: number, measured: readonly Measured[]): void;
}

export function createMeasuring(tell: (worker: Worker, message: ToWorker) => void): Measuring {
  const rounds = new Map<number, (measured: readonly Measured[]) => void>();
  let last = 0;
  return {
    ask(asker, id, workers) {
      last += 1;
      const round = last;
      const all: (readonly Measured[])[] = [];
      const finish = (): void => {
        clearTimeout(timer);
        rounds.delete(round);
        tell(asker, { kind: 'measured-all', id, all });
      };
      const timer = setTimeout(finish, patience);
      rounds.set(round, (measured) => {
        all.push(measured);
        if (all.length === workers.length) {
          finish();
        }
      });
      for (const worker of workers) {
        tell(worker, { kind: 'measure', id: round });
      }
    },
    told: (round, measured) => rounds.get(round)?.(measured),
  };
}
