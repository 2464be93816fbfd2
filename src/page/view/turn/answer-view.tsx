import type { JSX } from 'preact';
import type { ApiAnswer, ApiDoubt } from '../../../serve/api/answer.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import type { Turn } from '../../state/turn.ts';
import { PlainText } from '../plain-text.tsx';
import { Assumptions } from './assumptions.tsx';
import { Doubts } from './doubts.tsx';
import { Provenance } from './provenance.tsx';
import { RunBar } from './run-bar.tsx';
import { RunView } from './run-view.tsx';
import { SqlPanel } from './sql-panel.tsx';
import { Verdict } from './verdict.tsx';

/** SQL that may run, what it takes for granted, what there is to doubt, and its rows once it ran. */
export function AnswerView(props: {
  readonly turn: Turn;
  readonly answer: ApiAnswer;
  readonly isBusy: boolean;
}): JSX.Element {
  const { turn, answer, isBusy } = props;
  const { session } = usePage();
  const signIn = session.signIn.value;
  const mayRun = signIn.kind === 'in' && signIn.me.roles.includes('run');
  const run = turn.run.value;
  const state = run?.state.value;
  const doubts = known(answer, state?.kind === 'done' ? state.end.doubts : []);
  const pathTo = (action: string): string => `/v1/answers/${encodeURIComponent(answer.id)}/${action}`;
  const doubtsView = (
    <Doubts
      doubts={doubts}
      isBusy={isBusy}
      onMend={(mended) => void turn.ask({ path: pathTo('edit'), body: { mended } })}
      mendable={mayRun ? answer.doubts.length : 0}
    />
  );
  return (
    <div class={isBusy ? 'answer is-busy' : 'answer'}>
      <Assumptions
        answer={answer}
        isBusy={isBusy}
        onReject={(body) => void turn.ask({ path: pathTo('reject'), body })}
        onAsAsked={(asAsked) => void turn.ask({ path: pathTo('edit'), body: { asAsked } })}
      />
      {/* SQL is read before it runs; then the rows come first. */}
      {run !== null && <RunView key="run" turn={turn} answer={answer} run={run} doubts={doubtsView} />}
      <SqlPanel
        key="sql"
        answer={answer}
        isBusy={isBusy}
        onEdit={mayRun ? (sql) => void turn.ask({ path: pathTo('edit'), body: { sql } }) : null}
      />
      {answer.warnings.length > 0 && <Warnings warnings={answer.warnings} />}
      {run === null && doubtsView}
      {run === null && <RunBar turn={turn} answer={answer} isBusy={isBusy} />}
      <div class="answer-foot">
        <Provenance answer={answer} />
        {answer.question !== null && <Verdict turn={turn} answer={answer} />}
      </div>
    </div>
  );
}

/** The doubts of an answer, and those that its run has found besides. */
function known(answer: ApiAnswer, found: readonly ApiDoubt[]): readonly ApiDoubt[] {
  const sentences = new Set(answer.doubts.map(({ sentence }) => sentence));
  return [...answer.doubts, ...found.filter(({ sentence }) => !sentences.has(sentence))];
}

function Warnings({ warnings }: { warnings: readonly string[] }): JSX.Element {
  const { say } = useSpeech();
  const { preferences } = usePage();
  return (
    <ul
      class="warnings"
      aria-label={say('answer.warnings')}
      lang={preferences.language.value === 'en' ? undefined : 'en'}
    >
      {warnings.map((warning) => (
        <li key={warning}>
          <PlainText text={warning} />
        </li>
      ))}
    </ul>
  );
}
