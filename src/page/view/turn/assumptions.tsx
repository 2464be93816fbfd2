import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiAnswer } from '../../../serve/api/answer.ts';
import type { RejectRequest } from '../../../serve/api/ask.ts';
import { useSpeech } from '../../state/page.ts';
import { PlainText, plainText } from '../plain-text.tsx';
import { LineForm } from './line-form.tsx';

/** What an answer takes for granted: each can be rejected, a spelling be taken as it was typed. */
export function Assumptions(props: {
  readonly answer: ApiAnswer;
  readonly isBusy: boolean;
  readonly onReject: (request: RejectRequest) => void;
  readonly onAsAsked: (spelling: number) => void;
}): JSX.Element | null {
  const { answer, isBusy, onReject, onAsAsked } = props;
  const { say } = useSpeech();
  const [isOpen, setOpen] = useState(false);
  const spellings = answer.assumptions.filter(({ spelling }) => spelling);
  if (answer.question === null) {
    return null;
  }
  return (
    <div class="assumptions">
      {answer.assumptions.length > 0 && (
        <>
          <h3>{say('answer.assumes')}</h3>
          <ul>
            {answer.assumptions.map((assumption) => {
              const text = plainText(assumption.text);
              return (
                <li key={assumption.number} class="chip">
                  <PlainText text={assumption.text} />
                  <button
                    type="button"
                    disabled={isBusy}
                    aria-label={say(assumption.spelling ? 'answer.asAsked' : 'answer.reject', { text })}
                    onClick={() =>
                      assumption.spelling
                        ? onAsAsked(spellings.indexOf(assumption))
                        : onReject({ assumption: assumption.number })
                    }
                  >
                    {say(assumption.spelling ? 'answer.asAskedShort' : 'answer.rejectShort')}
                  </button>
                </li>
              );
            })}
          </ul>
        </>
      )}
      {isOpen ? (
        <LineForm
          label={say('answer.otherwiseLabel')}
          send={say('choose.send')}
          isBusy={isBusy}
          onSend={(hint) => onReject({ hint })}
        />
      ) : (
        <button type="button" class="small quiet" disabled={isBusy} onClick={() => setOpen(true)}>
          {say('answer.otherwise')}
        </button>
      )}
    </div>
  );
}
