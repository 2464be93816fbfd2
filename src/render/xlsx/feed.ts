/** Items handed over in batches to somebody who takes them one by one. */
export interface Feed<Item> {
  /** Resolves when all of the batch is taken. */
  give(batch: readonly Item[]): Promise<void>;
  /** There are no more. */
  finish(): void;
  readonly items: AsyncIterable<Item>;
}

/** A feed with one giver and one taker: the taker waits for the giver, and the giver for the taker. */
export function createFeed<Item>(): Feed<Item> {
  let waiting: readonly Item[] | null = null;
  let finished = false;
  let wake: () => void = () => {};
  let taken: () => void = () => {};
  async function* items(): AsyncGenerator<Item> {
    for (;;) {
      if (waiting === null && !finished) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (waiting === null) {
        return;
      }
      yield* waiting;
      waiting = null;
      taken();
    }
  }
  return {
    give: (batch) =>
      new Promise((resolve) => {
        waiting = batch;
        taken = resolve;
        wake();
      }),
    finish() {
      finished = true;
      wake();
    },
    items: items(),
  };
}
