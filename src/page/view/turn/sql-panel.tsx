import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiAnswer } from '../../../serve/api/answer.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import { SqlText } from '../sql-text.tsx';
import { SqlEditor } from './sql-editor.tsx';

/** The SQL of an answer, to read, to copy and to edit. */
export function SqlPanel(props: {
  readonly answer: ApiAnswer;
  readonly isBusy: boolean;
  /** Null for whoever may not run SQL of their own. */
  readonly onEdit: ((sql: string) => void) | null;
}): JSX.Element {
  const { answer, isBusy, onEdit } = props;
  const page = usePage();
  const { say } = useSpeech();
  const [draft, setDraft] = useState<string | null>(null);
  const send = (): void => {
    if (draft !== null && draft.trim() !== '') {
      onEdit?.(draft);
    }
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(answer.formatted);
    page.announce(say('answer.copied'));
  };
  return (
    <div class="sql-panel">
      {draft === null ? (
        <>
          <SqlText sql={answer.formatted} label={say('answer.sql')} />
          <div class="sql-tools">
            {onEdit !== null && (
              <button
                type="button"
                class="small quiet"
                disabled={isBusy}
                onClick={() => setDraft(answer.formatted)}
              >
                {say('answer.edit')}
              </button>
            )}
            {window.isSecureContext && (
              <button type="button" class="small quiet" onClick={() => void copy()}>
                {say('answer.copy')}
              </button>
            )}
          </div>
        </>
      ) : (
        <>
          <SqlEditor sql={answer.sql} onChange={setDraft} onSend={send} />
          <div class="sql-edit-tools">
            <button type="button" class="main small" disabled={isBusy} onClick={send}>
              {say('answer.check')}
            </button>
            <button type="button" class="small quiet" onClick={() => setDraft(null)}>
              {say('answer.leaveEdit')}
            </button>
          </div>
        </>
      )}
    </div>
  );
}
