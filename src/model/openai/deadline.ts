/** The time that a question's requests and waits have together. */
export interface Deadline {
  /** Aborts when the time is up. */
  readonly signal: AbortSignal;
  /** Milliseconds that are left; never below 0. */
  left(): number;
}

/** `since` is when the question was first asked, by `performance.now()`. */
export function createDeadline(milliseconds: number, since: number): Deadline {
  const end = since + milliseconds;
  const left = (): number => Math.max(0, end - performance.now());
  // A timer takes no more than 2^31 - 1 ms, 24 days.
  return { signal: AbortSignal.timeout(Math.min(Math.ceil(left()), 2 ** 31 - 1)), left };
}
