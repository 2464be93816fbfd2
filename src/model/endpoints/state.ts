import { type EndpointRecord, freshRecord, tidied } from './record.ts';

/** Tokens and money of some requests. */
export interface Amount {
  readonly tokens: number;
  readonly dollars: number;
}

/** What one request has used, for the book. */
export interface Entry {
  /** The user's own day, `2026-03-01`. */
  readonly day: string;
  readonly profile: string;
  readonly host: string;
  readonly model: string;
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number;
  /** Null where nobody knows the price. */
  readonly dollars: number | null;
}

/** Who sets an amount aside for a request that is under way. */
export interface Holder {
  readonly id: string;
  readonly process: number;
  /** When it is over at the latest. */
  readonly until: number;
}

/** What all processes of a user know of endpoints, and what they have used. */
export interface ModelState {
  /** Changes what is known of some endpoints, in one step before all other processes. */
  update<Value>(
    keys: readonly string[],
    change: (records: readonly EndpointRecord[]) => Changed<Value>,
  ): Value;
  /** What was used from a day on, `2026-03-01`. */
  usedSince(day: string): Amount;
  /**
   * Sets aside the amount that `decide` says, if any, in one step before all other processes; it is told what all others
   * have set aside. Gives back the value that `decide` says.
   */
  setAside<Value>(holder: Holder, decide: (others: Amount) => Decided<Value>): Value;
  /** Ends what was set aside, and writes down what was used. */
  settle(id: string, entry: Entry | null): void;
  /** All that was used from a day on, by day, profile, host and model, the newest first. */
  entriesSince(day: string): readonly Entry[];
}

/** Records after a change, as many as there were before it, and what the change gives back. */
export interface Changed<Value> {
  readonly records: readonly EndpointRecord[];
  readonly value: Value;
}

/** An amount to set aside, null for none, and what to give back. */
export interface Decided<Value> {
  readonly amount: Amount | null;
  readonly value: Value;
}

export const nothing: Amount = { tokens: 0, dollars: 0 };

export function sumOf(amounts: readonly Amount[]): Amount {
  return amounts.reduce(
    (sum, { tokens, dollars }) => ({ tokens: sum.tokens + tokens, dollars: sum.dollars + dollars }),
    nothing,
  );
}

/** A state that lasts as long as the program, where no file can be kept. */
export function createMemoryState(): ModelState {
  const kept = new Map<string, EndpointRecord>();
  const aside = new Map<string, Amount>();
  const entries: Entry[] = [];
  return {
    update(keys, change) {
      const now = Date.now();
      const { records, value } = change(
        keys.map((key) => tidied(kept.get(key) ?? freshRecord, now, () => true)),
      );
      for (const [index, key] of keys.entries()) {
        kept.set(key, records[index] ?? freshRecord);
      }
      return value;
    },
    usedSince: (day) =>
      sumOf(
        entries
          .filter((entry) => entry.day >= day)
          .map(({ promptTokens, completionTokens, dollars }) => ({
            tokens: promptTokens + completionTokens,
            dollars: dollars ?? 0,
          })),
      ),
    setAside({ id }, decide) {
      const { amount, value } = decide(sumOf([...aside.values()]));
      if (amount !== null) {
        aside.set(id, amount);
      }
      return value;
    },
    settle(id, entry) {
      aside.delete(id);
      if (entry !== null) {
        entries.push(entry);
      }
    },
    entriesSince: (day) => entries.filter((entry) => entry.day >= day).toReversed(),
  };
}
