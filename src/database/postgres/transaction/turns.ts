import type { Client } from 'pg';
import type { KeptStatements } from '../wire/kept-statements.ts';
import type { Setting } from './settings.ts';

/** How the transactions of a session begin, and whose turn it is. */
export interface TransactionSetUp {
  readonly client: Client;
  readonly settings: readonly Setting[];
  /** What those of our own queries have besides. */
  readonly catalogSettings: readonly Setting[];
  readonly turns: Turns;
  readonly kept: KeptStatements;
}

/** A connection has one transaction at a time: who begins one waits until the one before has ended. */
export interface Turns {
  take(): Promise<void>;
  pass(): void;
  /** The search path that the server told last, by which the next question may be put; null before the first. */
  searchPath: readonly string[] | null;
  /** All that is begun and ended here stays within a transaction that is open (see `shareTransaction`). */
  readonly isShared: boolean;
  /** A read-only transaction is open in which a statement was judged, and which it may run in (see `askCatalog`). */
  isHeld: boolean;
}

/** The turns of a new connection. */
export function newTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  let pass: () => void = () => {};
  return {
    searchPath: null,
    isHeld: false,
    isShared: false,
    async take() {
      const before = last;
      const turn = Promise.withResolvers<void>();
      last = turn.promise;
      await before;
      pass = turn.resolve;
    },
    pass() {
      pass();
    },
  };
}
