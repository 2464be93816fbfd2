/** Whether the server is about to end, and what it still does. */
export interface Drain {
  readonly draining: boolean;
  /** How many requests are under way. */
  readonly underWay: number;
  /** From now on no connection is taken. */
  begin(): void;
  /** A request has begun; to be called once it is over. */
  enter(): () => void;
  /** Resolves once all that is under way now is over. */
  settled(): Promise<void>;
}

export function createDrain(): Drain {
  let draining = false;
  const underWay = new Set<Promise<void>>();
  return {
    get draining() {
      return draining;
    },
    get underWay() {
      return underWay.size;
    },
    begin() {
      draining = true;
    },
    enter() {
      const { promise, resolve } = Promise.withResolvers<void>();
      underWay.add(promise);
      return () => {
        underWay.delete(promise);
        resolve();
      };
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
