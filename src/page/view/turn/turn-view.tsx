import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSpeech } from '../../state/page.ts';
import type { Turn } from '../../state/turn.ts';
import { FailureView } from '../failure-view.tsx';
import { PlainText } from '../plain-text.tsx';
import { AnswerView } from './answer-view.tsx';
import { Choose } from './choose.tsx';
import { WorkView } from './work-view.tsx';

/** A question with all that has come of it. */
export function TurnView({ turn, isLast }: { turn: Turn; isLast: boolean }): JSX.Element {
  const { say } = useSpeech();
  const place = useRef<HTMLElement>(null);
  const work = turn.work.value;
  const answer = turn.answer.value;
  const clarification = turn.clarification.value;
  const failure = turn.failure.value;
  useEffect(() => {
    // What was asked last is what one wants to see.
    if (isLast) {
      place.current?.scrollIntoView({ block: 'start' });
    }
  }, [isLast]);
  return (
    <article
      class="turn"
      ref={place}
      aria-labelledby={turn.key}
      aria-busy={work !== null}
      onKeyDown={({ key }) => {
        if (key === 'Escape') {
          turn.cancel();
        }
      }}
    >
      <h2 id={turn.key}>{turn.isSql ? say('answer.yourSql') : <PlainText text={turn.question} />}</h2>
      {work !== null && <WorkView work={work} onCancel={turn.cancel} />}
      {failure !== null && <FailureView failure={failure} onRetry={() => void turn.retry()} />}
      {clarification !== null && <Choose turn={turn} clarification={clarification} isBusy={work !== null} />}
      {answer !== null && <AnswerView key={answer.id} turn={turn} answer={answer} isBusy={work !== null} />}
    </article>
  );
}
