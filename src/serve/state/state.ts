/**
 * What the workers of one machine share, and all instances where Redis is there: texts that last a while, counts, and
 * messages. Every call but `close` rejects with a `StateLostError` while the store can't be reached: what only speeds
 * things up then does without, and what lets somebody in lets nobody in.
 */
export interface SharedState {
  readonly kind: 'sqlite' | 'redis';
  get(key: string): Promise<string | null>;
  /** Keeps a text for so many milliseconds. */
  set(key: string, value: string, milliseconds: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Sets where nothing is kept yet; resolves to whether it did. */
  claim(key: string, value: string, milliseconds: number): Promise<boolean>;
  /** Replaces exactly `before`; resolves to whether it did. */
  replace(key: string, before: string, after: string, milliseconds: number): Promise<boolean>;
  /** Adds to a count that begins at 0 and ends so many milliseconds after its first addition. */
  count(key: string, amount: number, milliseconds: number): Promise<Count>;
  keys(prefix: string): Promise<readonly string[]>;
  /** Tells all who listen, whoever told it too. Whoever is not there then never hears of it. */
  publish(channel: string, message: string): Promise<void>;
  /** Listens until what it resolves to is called. */
  subscribe(channel: string, hear: (message: string) => void): Promise<() => void>;
  /** False while the store can't be reached. */
  readonly healthy: boolean;
  close(): Promise<void>;
}

/** A count, and for how many milliseconds more it is kept. */
export interface Count {
  readonly count: number;
  readonly milliseconds: number;
}

/** The store of what is shared can't be reached. */
export class StateLostError extends Error {
  constructor(cause: unknown) {
    super('what the instances share can not be reached', { cause });
    this.name = 'StateLostError';
  }
}
