/** Whether the server is about to end, and what it still does. */
export interface Drain {
  readonly draining: boolean;
  /** How many requests are under way. */
  readonly underWay: number;
  /** From now on no connection is taken. */
  begin(): void;
  /** A request has begun; to be called once it is over. */
  enter(): () => void;
  /** Resolves once nothing is under way. */
  idle(): Promise<void>;
}

export function createDrain(): Drain {
  let draining = false;
  let underWay = 0;
  let waiting: (() => void)[] = [];
  return {
    get draining() {
      return draining;
    },
    get underWay() {
      return underWay;
    },
    begin() {
      draining = true;
    },
    enter() {
      underWay += 1;
      let isOver = false;
      return () => {
        if (isOver) {
          return;
        }
        isOver = true;
        underWay -= 1;
        if (underWay === 0) {
          for (const resolve of waiting) {
            resolve();
          }
          waiting = [];
        }
      };
    },
    idle() {
      return underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
    },
  };
}
