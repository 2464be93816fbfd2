import type { JSX } from 'preact';
import type { ApiAnswer } from '../../../serve/api/answer.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import type { Turn } from '../../state/turn.ts';
import { Icon } from '../icons.tsx';

/** The click that is the consent. What changes the database says so, and is shown before it is kept. */
export function RunBar(props: {
  readonly turn: Turn;
  readonly answer: ApiAnswer;
  readonly isBusy: boolean;
}): JSX.Element {
  const { turn, answer, isBusy } = props;
  const { session } = usePage();
  const { say } = useSpeech();
  const signIn = session.signIn.value;
  const me = signIn.kind === 'in' ? signIn.me : null;
  const isChange = answer.statement !== 'read';
  const may = me?.roles.includes(isChange ? 'write' : 'run') === true && (!isChange || me.writable);
  if (!may) {
    return <p class="hint">{say(isChange ? 'change.mayNot' : 'answer.mayNotRun')}</p>;
  }
  return (
    <div class="run-bar">
      {isChange && (
        <p class="warning">
          <Icon name="doubt" />
          {say('change.title')}
        </p>
      )}
      <button type="button" class="main" disabled={isBusy} onClick={() => void turn.runSql()}>
        <Icon name="run" />
        {say(isChange ? 'change.try' : 'answer.run')}
      </button>
    </div>
  );
}
