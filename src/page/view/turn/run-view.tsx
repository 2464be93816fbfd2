import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ApiAnswer } from '../../../serve/api/answer.ts';
import { useSpeech } from '../../state/page.ts';
import type { Run } from '../../state/run.ts';
import type { Turn } from '../../state/turn.ts';
import { FailureView } from '../failure-view.tsx';
import { ChangeView } from './change-view.tsx';
import { ResultView } from './result-view.tsx';

/** A run of an answer's SQL: its rows while they come, what it would change, or why it failed. */
export function RunView(props: {
  readonly turn: Turn;
  readonly answer: ApiAnswer;
  readonly run: Run;
  /** What there is to doubt stands by the number. */
  readonly doubts: JSX.Element;
}): JSX.Element {
  const { turn, answer, run, doubts } = props;
  const { say, count, number } = useSpeech();
  const state = run.state.value;
  // Read, so that it is drawn anew when there are more.
  const version = run.rows.version.value;
  const hasRows = version > 0 && run.rows.columns.length > 0;
  const place = useRef<HTMLDivElement>(null);
  // Each run is gone to once.
  useLayoutEffect(() => place.current?.closest('article')?.scrollIntoView({ block: 'start' }), [run]);
  return (
    <div class="run" ref={place}>
      {state.kind === 'running' && (
        <p class="running">
          <span class="spinner" aria-hidden="true" />
          <span>{say('answer.running')}</span>
          {run.rows.length > 0 && <span>{say('rows.soFar', { count: number(run.rows.length) })}</span>}
          <button type="button" class="small" onClick={run.cancel}>
            {say('work.cancel')}
          </button>
        </p>
      )}
      {state.kind === 'failed' && (
        <FailureView
          failure={state.failure}
          onRetry={() => void turn.runSql()}
          {...(hasRows ? { message: say('error.lostRows') } : {})}
        />
      )}
      {state.kind === 'tried' && <ChangeView run={run} changes={state.changes} />}
      {state.kind === 'kept' && <p role="status">{count('change.kept', state.rows)}</p>}
      {state.kind === 'dropped' && <p role="status">{say('change.dropped')}</p>}
      {hasRows ? <ResultView answer={answer} turn={turn} run={run} doubts={doubts} /> : doubts}
    </div>
  );
}
