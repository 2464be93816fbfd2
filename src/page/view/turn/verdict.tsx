import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiAnswer } from '../../../serve/api/answer.ts';
import { useSpeech } from '../../state/page.ts';
import type { Turn } from '../../state/turn.ts';
import { Icon } from '../icons.tsx';
import { useAttempt } from '../use-attempt.tsx';
import { LineForm } from './line-form.tsx';

/** Whether an answer was right, and what would have been. */
export function Verdict({ turn, answer }: { turn: Turn; answer: ApiAnswer }): JSX.Element {
  const { say } = useSpeech();
  const [isOpen, setOpen] = useState(false);
  const [attempt, tryTo] = useAttempt();
  const { verdict } = answer;
  const judge = async (said: 'good' | 'bad', sql: string | null): Promise<void> => {
    if (await tryTo(() => turn.judge(said, sql))) {
      setOpen(false);
    }
  };
  return (
    <fieldset class="verdict" aria-label={say('answer.verdict')}>
      <button
        type="button"
        class="small quiet"
        aria-pressed={verdict === 'good'}
        onClick={() => void judge('good', null)}
      >
        <Icon name="good" />
        {say('answer.good')}
      </button>
      <button
        type="button"
        class="small quiet"
        aria-pressed={verdict === 'bad'}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="bad" />
        {say('answer.bad')}
      </button>
      {isOpen && (
        <LineForm
          label={say('answer.badSql')}
          send={say('answer.badSend')}
          isBusy={attempt.isWaiting}
          mayBeEmpty
          isSql
          onSend={(sql) => void judge('bad', sql === '' ? null : sql)}
        />
      )}
      {attempt.view}
    </fieldset>
  );
}
