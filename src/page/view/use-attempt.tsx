import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Failure, failureOf } from '../api/client.ts';
import { FailureView } from './failure-view.tsx';

/** Something that is tried at the server, as often as the user wants. */
export interface Attempt {
  readonly isWaiting: boolean;
  /** Why it failed last; null where it did not. */
  readonly view: JSX.Element | null;
}

/** Tries one thing at a time; whether it went well is what `attempt` resolves to. */
export function useAttempt(): readonly [Attempt, (work: () => Promise<void>) => Promise<boolean>] {
  const [isWaiting, setWaiting] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    setWaiting(true);
    setFailure(null);
    try {
      await work();
      return true;
    } catch (error) {
      setFailure(failureOf(error));
      return false;
    } finally {
      setWaiting(false);
    }
  };
  const view = failure === null ? null : <FailureView failure={failure} onRetry={null} />;
  return [{ isWaiting, view }, attempt];
}
