import cluster from 'node:cluster';
import type { Measured } from '../../../serve/observe/metrics.ts';
import type { CommandContext, EndingSignal } from '../../context.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** What a worker shares with the others, by way of the process that started them. */
export interface WorkerLink {
  /** Lets in whoever has it, where no users are needed: the same for all workers. */
  readonly token: string;
  /** Hears the signals that the first process gets, until the function that is given back is called. */
  onSignals(handle: (name: EndingSignal) => void): () => void;
  /** Says that requests are taken, with the line that tells where. */
  serving(line: string): void;
  /** What the others are told that this one has measured. */
  measuredBy(measure: () => Promise<readonly Measured[]>): void;
  /** What all workers have measured that tell in time. */
  measureAll(): Promise<readonly (readonly Measured[])[]>;
  /** Lets this process end once it has nothing more to do. */
  close(): void;
}

/** The link of this process where it is a worker; null where it is the first one, or the only one. */
export async function workerLink({
  onSignals,
}: Pick<CommandContext, 'onSignals'>): Promise<WorkerLink | null> {
  if (!cluster.isWorker) {
    return null;
  }
  onSignals(() => {});
  const begun = Promise.withResolvers<string>();
  const waiting = new Map<number, (all: readonly (readonly Measured[])[]) => void>();
  let measure: () => Promise<readonly Measured[]> = async () => [];
  let handle: ((name: EndingSignal) => void) | null = null;
  let early: EndingSignal | null = null;
  let lastId = 0;
  process.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'begin':
        begun.resolve(message.token);
        return;
      case 'signal':
        early = handle === null ? message.name : null;
        handle?.(message.name);
        return;
      case 'measured-all':
        waiting.get(message.id)?.(message.all);
        waiting.delete(message.id);
        return;
      case 'measure':
        void measure().then((measured) => tell({ kind: 'measured', id: message.id, measured }));
    }
  });
  return {
    token: await begun.promise,
    onSignals(given) {
      handle = given;
      if (early !== null) {
        given(early);
      }
      return () => {
        handle = null;
      };
    },
    serving: (line) => tell({ kind: 'serving', line }),
    measuredBy(given) {
      measure = given;
    },
    measureAll() {
      lastId += 1;
      const id = lastId;
      tell({ kind: 'measure-all', id });
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    close: () => process.channel?.unref(),
  };
}

function tell(message: FromWorker): void {
  // The first process may be gone; so is this one then, in a moment.
  process.send?.(message, undefined, undefined, () => {});
}
