import type { Model } from '../model.ts';
import type { Limits } from './limits.ts';
import type { Price } from './price.ts';

/** A server that shares the questions of a profile with others. */
export interface Endpoint {
  /** The same in each process and run, and of no other server and model. */
  readonly key: string;
  readonly host: string;
  readonly model: Model;
  readonly weight: number;
  readonly limits: Limits;
  /** Null where nobody knows it. */
  readonly price: Price | null;
  /** The longest reply that it is asked for, in tokens. */
  readonly maxTokens: number;
  /** Asks for something small. Rejects with an OutageError where no question would be answered. */
  ping(signal: AbortSignal): Promise<void>;
}

/** What is said of a host, with its name before it unless it is in it. */
export function atHost(host: string, text: string): string {
  return text.includes(host) ? text : `${host}: ${text}`;
}
