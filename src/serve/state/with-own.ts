import { type SharedState, StateLostError } from './state.ts';

/**
 * A shared state that goes on in one of this instance alone while it is lost: what is new then is known here, and stays
 * known here once the other is back. What stands in the other is not known as long as that is lost, and that is said: nothing
 * is taken for not being there. For what its owner alone is given, such as answers; not for what lets anybody in.
 */
export function withOwn(shared: SharedState, own: SharedState): SharedState {
  /** What the shared state says; `whileLost` where it can't be asked. */
  async function either<Result>(
    ask: (state: SharedState) => Promise<Result>,
    whileLost: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await ask(shared);
    } catch (error) {
      if (error instanceof StateLostError) {
        return whileLost();
      }
      throw error;
    }
  }
  const inOwn = <Result>(ask: (state: SharedState) => Promise<Result>): Promise<Result> =>
    either(ask, () => ask(own));
  return {
    kind: shared.kind,
    get healthy() {
      return shared.healthy;
    },
    async get(key) {
      return (await own.get(key)) ?? shared.get(key);
    },
    set: async (key, value, milliseconds) => {
      await inOwn((state) => state.set(key, value, milliseconds));
      if (shared.healthy) {
        await own.delete(key);
      }
    },
    async delete(key) {
      await own.delete(key);
      await either(
        (state) => state.delete(key),
        async () => {},
      );
    },
    claim: async (key, value, milliseconds) =>
      (await own.get(key)) === null && inOwn((state) => state.claim(key, value, milliseconds)),
    async replace(key, before, after, milliseconds) {
      if ((await own.get(key)) !== null) {
        return own.replace(key, before, after, milliseconds);
      }
      return shared.replace(key, before, after, milliseconds);
    },
    // What counts against a bound is not begun anew.
    count: (key, amount, milliseconds) => shared.count(key, amount, milliseconds),
    async keys(prefix) {
      const here = await own.keys(prefix);
      const there = await either(
        (state) => state.keys(prefix),
        async () => [],
      );
      return [...new Set([...here, ...there])].sort();
    },
    publish: (channel, message) => inOwn((state) => state.publish(channel, message)),
    async subscribe(channel, hear) {
      const both = await Promise.all([shared.subscribe(channel, hear), own.subscribe(channel, hear)]);
      return () => {
        for (const stop of both) {
          stop();
        }
      };
    },
    async close() {
      await shared.close();
      await own.close();
    },
  };
}
