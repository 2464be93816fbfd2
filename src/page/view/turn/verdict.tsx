import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiAnswer } from '../../../serve/api/answer.ts';
import { useSpeech } from '../../state/page.ts';
import type { Turn } from '../../state/turn.ts';
import { Icon } from '../icons.tsx';
import { LineForm } from './line-form.tsx';

/** Whether an answer was right, and what would have been. */
export function Verdict({ turn, answer }: { turn: Turn; answer: ApiAnswer }): JSX.Element {
  const { say } = useSpeech();
  const [isOpen, setOpen] = useState(false);
  const { verdict } = answer;
  return (
    <fieldset class="verdict" aria-label={say('answer.verdict')}>
      <button
        type="button"
        class="small quiet"
        aria-pressed={verdict === 'good'}
        onClick={() => {
          setOpen(false);
          void turn.judge('good', null);
        }}
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
          isBusy={false}
          mayBeEmpty
          isSql
          onSend={(sql) => {
            setOpen(false);
            void turn.judge('bad', sql === '' ? null : sql);
          }}
        />
      )}
    </fieldset>
  );
}
