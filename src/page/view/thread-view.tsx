import type { JSX } from 'preact';
import { usePage } from '../state/page.ts';
import { FailureView } from './failure-view.tsx';
import { TurnView } from './turn/turn-view.tsx';

/** The questions with what came of them, one below the other or side by side. */
export function ThreadView(): JSX.Element {
  const { thread, preferences } = usePage();
  const failure = thread.failure.value;
  return (
    <div class={preferences.sideBySide.value ? 'thread is-side-by-side' : 'thread'}>
      {thread.turns.value.map((turn, index, all) => (
        <TurnView key={turn.key} turn={turn} isLast={index === all.length - 1} />
      ))}
      {failure !== null && <FailureView failure={failure} onRetry={null} />}
    </div>
  );
}
