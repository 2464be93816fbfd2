import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiAnswer } from '../../../serve/api/answer.ts';
import { useSpeech } from '../../state/page.ts';
import type { Run } from '../../state/run.ts';
import type { Turn } from '../../state/turn.ts';
import { ChartView } from '../chart/chart-view.tsx';
import { suitingChart } from '../chart/suiting.ts';
import { RowTable } from '../table/row-table.tsx';
import { BigNumber } from './big-number.tsx';
import { Download } from './download.tsx';

/** The rows of a run, as what they are best seen as, with what there is to doubt beside them. */
export function ResultView(props: {
  readonly turn: Turn;
  readonly answer: ApiAnswer;
  readonly run: Run;
  readonly doubts: JSX.Element;
}): JSX.Element {
  const { turn, answer, run, doubts } = props;
  const { say, count, duration } = useSpeech();
  const [view, setView] = useState<'table' | 'chart'>('table');
  const { rows } = run;
  const state = run.state.value;
  const isDone = state.kind === 'done';
  const isOne = isDone && rows.length === 1 && rows.columns.length === 1;
  const chart = isDone && !isOne ? suitingChart(rows) : null;
  const isChart = view === 'chart' && chart !== null;
  return (
    <div class="result">
      <div class="result-top">
        <div class="result-head">
          {isOne && <BigNumber rows={rows} />}
          <p class="result-count">
            {isDone && (
              <>
                {isOne ? null : <b>{count('rows.count', rows.length)}</b>}
                <span>{duration(state.end.milliseconds)}</span>
                {state.end.truncated && <span class="warning">{say('rows.truncated')}</span>}
              </>
            )}
          </p>
        </div>
        {doubts}
      </div>
      {!isOne && rows.length > 0 && (
        <>
          {chart !== null && (
            <fieldset class="views" aria-label={say('rows.view')}>
              {(['table', 'chart'] as const).map((name) => (
                <button
                  key={name}
                  type="button"
                  class="small"
                  aria-pressed={view === name}
                  onClick={() => setView(name)}
                >
                  {say(name === 'table' ? 'rows.viewTable' : 'rows.viewChart')}
                </button>
              ))}
            </fieldset>
          )}
          {isChart ? (
            <ChartView chart={chart} rows={rows} />
          ) : (
            <RowTable
              rows={rows}
              label={say('rows.table', { question: turn.question })}
              isComplete={isDone}
            />
          )}
        </>
      )}
      {isDone && rows.length === 0 && <p class="hint">{say('rows.none')}</p>}
      {state.kind !== 'running' && (
        <Download answer={answer} rows={rows.length} onRunAgain={() => void turn.runSql()} />
      )}
    </div>
  );
}
