import type { JSX } from 'preact';
import type { ApiClarification } from '../../../serve/api/answer.ts';
import { useSpeech } from '../../state/page.ts';
import type { Turn } from '../../state/turn.ts';
import { PlainText } from '../plain-text.tsx';
import { SqlText } from '../sql-text.tsx';
import { LineForm } from './line-form.tsx';

/** A question back: the ways in which the question can be meant, and a line for other words. */
export function Choose(props: {
  readonly turn: Turn;
  readonly clarification: ApiClarification;
  readonly isBusy: boolean;
}): JSX.Element {
  const { turn, clarification, isBusy } = props;
  const { say } = useSpeech();
  const path = `/v1/answers/${encodeURIComponent(clarification.id)}/choose`;
  return (
    <div class="choose">
      <h3>
        <PlainText text={clarification.asks} />
      </h3>
      <ul>
        {clarification.choices.map(({ interpretation, sql }, choice) => (
          <li key={choice}>
            <button
              type="button"
              class="choice"
              disabled={isBusy}
              onClick={() => void turn.ask({ path, body: { choice } })}
            >
              <PlainText text={interpretation} />
            </button>
            {sql !== null && (
              <details>
                <summary>{say('answer.sql')}</summary>
                <SqlText sql={sql} label={say('answer.sql')} />
              </details>
            )}
          </li>
        ))}
      </ul>
      <LineForm
        label={say('choose.other')}
        send={say('choose.send')}
        isBusy={isBusy}
        onSend={(text) => void turn.ask({ path, body: { text } })}
      />
    </div>
  );
}
