/** How a question ended. */
export type QuestionOutcome =
  | 'answered'
  | 'refused'
  | 'unanswerable'
  | 'failed'
  | 'limit'
  | 'clarification'
  | 'cancelled';

/** What is counted of the work of a server; nothing of it may throw. Labels come from settings and code alone, never from a question. */
export interface Observe {
  question(
    outcome: QuestionOutcome,
    seconds: number,
    labels: { readonly database: string; readonly profile: string },
  ): void;
  doubt(kind: string): void;
  /** A step of a question took so long. */
  step(name: string, seconds: number): void;
  tokens(kind: 'prompt' | 'completion', count: number): void;
  dollars(amount: number): void;
  /** An answer was looked for in the cache. */
  cache(hit: boolean): void;
  guardRefusal(engine: string): void;
  /** How many requests wait and run in a queue now. */
  queue(name: string, waiting: number, running: number): void;
  openStreams(change: 1 | -1): void;
  login(outcome: 'ok' | 'failed' | 'locked'): void;
}

const ignore = (): void => {};

/** Counts nothing. */
export const unobserved: Observe = {
  question: ignore,
  doubt: ignore,
  step: ignore,
  tokens: ignore,
  dollars: ignore,
  cache: ignore,
  guardRefusal: ignore,
  queue: ignore,
  openStreams: ignore,
  login: ignore,
};
