import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useSpeech } from '../../state/page.ts';
import type { Work } from '../../state/turn.ts';
import { PlainText } from '../plain-text.tsx';

/** What is being done, step by step, and for how long. */
export function WorkView({ work, onCancel }: { work: Work; onCancel: () => void }): JSX.Element {
  const { say } = useSpeech();
  return (
    <div class="work">
      <ol aria-live="polite" aria-label={say('work.working')}>
        {work.steps.map(({ text }, index) => (
          <li key={index} class={index === work.steps.length - 1 ? 'is-now' : ''}>
            <PlainText text={text} />
          </li>
        ))}
        {work.steps.length === 0 && <li class="is-now">{say('work.working')}</li>}
      </ol>
      <Elapsed since={work.since} />
      <button type="button" class="small" onClick={onCancel} aria-keyshortcuts="Escape">
        {say('work.cancel')}
      </button>
    </div>
  );
}

/** Seconds that have passed. */
export function Elapsed({ since }: { since: number }): JSX.Element {
  const { duration } = useSpeech();
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span class="elapsed" aria-hidden="true">
      {now - since < 1_000 ? '' : duration(Math.floor((now - since) / 1_000) * 1_000)}
    </span>
  );
}
