import type { JSX } from 'preact';
import { usePage, useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';

/** The chosen cell with all that it holds. */
export function ActiveCell({ name, text }: { name: string; text: string | null }): JSX.Element {
  const { announce } = usePage();
  const { say } = useSpeech();
  return (
    <div class="active-cell">
      <b>
        <PlainText text={name} />
      </b>
      <span class="active-cell-text">
        {text === null ? <i>{say('rows.null')}</i> : <PlainText text={text} />}
      </span>
      {text !== null && window.isSecureContext && (
        <button
          type="button"
          class="small quiet"
          aria-label={say('rows.copyCell')}
          onClick={async () => {
            await navigator.clipboard.writeText(text);
            announce(say('answer.copied'));
          }}
        >
          {say('answer.copy')}
        </button>
      )}
    </div>
  );
}
