/**
 * Works on several items at once and hands the results on in the items' own order, each as soon as all before it are
 * there. `worker` is a number below `jobs` that no two items have at the same time. Rejects with the first error, when
 * what was begun has ended.
 */
export async function mapOrdered<Item, Result>(
  items: readonly Item[],
  jobs: number,
  work: (item: Item, worker: number, index: number) => Promise<Result>,
  done: (result: Result, index: number) => void | Promise<void>,
): Promise<void> {
  const results = new Map<number, Result>();
  let next = 0;
  let handed = 0;
  let failed = false;
  let handing: Promise<void> = Promise.resolve();
  const handOn = async (): Promise<void> => {
    for (let result = results.get(handed); results.has(handed); result = results.get(handed)) {
      results.delete(handed);
      if (result !== undefined) {
        await done(result, handed);
      }
      handed += 1;
    }
  };
  const run = async (worker: number): Promise<void> => {
    for (let index = next++; index < items.length && !failed; index = next++) {
      const item = items[index];
      if (item === undefined) {
        continue;
      }
      try {
        results.set(index, await work(item, worker, index));
        handing = handing.then(handOn);
        await handing;
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(jobs, items.length) }, (_, worker) => run(worker));
  const ended = await Promise.allSettled(workers);
  for (const end of ended) {
    if (end.status === 'rejected') {
      throw end.reason;
    }
  }
}
