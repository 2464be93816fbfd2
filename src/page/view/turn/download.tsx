import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiAnswer } from '../../../serve/api/answer.ts';
import { type Failure, failureOf } from '../../api/client.ts';
import type { ReadyFile } from '../../state/download.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import { FailureView } from '../failure-view.tsx';
import { Icon } from '../icons.tsx';

const formats = ['csv', 'xlsx', 'json'] as const;

/** What is being made. */
interface Making {
  readonly format: string;
  /** Rows so far; null where it comes in one go. */
  readonly rows: number | null;
  readonly stop: AbortController;
}

/** The rows as a file, and another run. */
export function Download(props: {
  readonly answer: ApiAnswer;
  /** How many rows there are, as far as is known. */
  readonly rows: number;
  readonly onRunAgain: () => void;
}): JSX.Element {
  const { answer, rows, onRunAgain } = props;
  const { downloads, announce } = usePage();
  const { say, number } = useSpeech();
  const [making, setMaking] = useState<Making | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const download = async (format: (typeof formats)[number]): Promise<void> => {
    const stop = new AbortController();
    setMaking({ format, rows: null, stop });
    setFailure(null);
    try {
      const file = await downloads.make(
        { answer: answer.id, format, rows },
        { onProgress: (made) => setMaking({ format, rows: made, stop }), signal: stop.signal },
      );
      keep(file);
      announce(say('rows.exported', { format: format.toUpperCase() }));
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setMaking(null);
    }
  };
  return (
    <div class="result-tools">
      <fieldset aria-label={say('rows.export')} class="formats">
        <span class="formats-label" aria-hidden="true">
          <Icon name="down" />
          {say('rows.export')}
        </span>
        {formats.map((format) => (
          <button
            key={format}
            type="button"
            class="small"
            disabled={making !== null}
            aria-busy={making?.format === format}
            onClick={() => void download(format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </fieldset>
      {making !== null && (
        <>
          <span class="hint">{say('rows.exporting', { format: making.format.toUpperCase() })}</span>
          {making.rows !== null && making.rows > 0 && (
            <span class="hint">{say('rows.soFar', { count: number(making.rows) })}</span>
          )}
          <button type="button" class="small" onClick={() => making.stop.abort()}>
            {say('work.cancel')}
          </button>
        </>
      )}
      <span class="space" />
      <button type="button" class="small quiet" onClick={onRunAgain}>
        {say('answer.runAgain')}
      </button>
      {failure !== null && <FailureView failure={failure} onRetry={null} />}
    </div>
  );
}

/** Gives a file to the browser's downloads. */
function keep({ name, href }: ReadyFile): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}
