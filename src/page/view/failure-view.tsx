import type { JSX } from 'preact';
import type { Failure } from '../api/client.ts';
import { messageOf, useSpeech } from '../state/page.ts';
import type { WordKey } from '../words/words.ts';
import { Icon } from './icons.tsx';
import { PlainText } from './plain-text.tsx';

const titles: Readonly<Partial<Record<Failure['code'], WordKey>>> = {
  refused: 'error.title.refused',
  unanswerable: 'error.title.unanswerable',
  limit: 'error.title.limit',
  lost: 'error.title.lost',
  busy: 'error.title.busy',
  'too-many': 'error.title.too-many',
};

/** What went wrong, what to do, and a button that tries again where that can help. */
export function FailureView(props: {
  readonly failure: Failure;
  readonly onRetry: (() => void) | null;
  /** What is said where no reply came, in place of the usual words. */
  readonly message?: string;
}): JSX.Element {
  const { failure, onRetry } = props;
  const speech = useSpeech();
  const { say } = speech;
  if (failure.code === 'cancelled') {
    return (
      <p class="cancelled">
        <span>{say('work.cancelled')}</span>
        {onRetry !== null && <Retry onRetry={onRetry} />}
      </p>
    );
  }
  return (
    <div class="failure" role="alert">
      <h3>
        <Icon name="failed" />
        {say(titles[failure.code] ?? 'error.title.other')}
      </h3>
      <p>
        <PlainText
          text={(failure.message === '' ? props.message : null) ?? messageOf(failure, speech)}
          lines
        />
      </p>
      {failure.hint !== null && (
        <p class="failure-hint">
          <b>{say('error.hint')}</b> <PlainText text={failure.hint} lines />
        </p>
      )}
      {failure.retryAfter !== null && (
        <p>{say('work.wait', { time: speech.duration(failure.retryAfter * 1_000) })}</p>
      )}
      <p class="failure-foot">
        {onRetry !== null && <Retry onRetry={onRetry} />}
        {failure.requestId !== null && <small>{say('error.request', { id: failure.requestId })}</small>}
      </p>
    </div>
  );
}

function Retry({ onRetry }: { onRetry: () => void }): JSX.Element {
  return (
    <button type="button" class="small" onClick={onRetry}>
      {useSpeech().say('work.retry')}
    </button>
  );
}
