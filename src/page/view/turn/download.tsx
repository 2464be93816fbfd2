import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiAnswer } from '../../../serve/api/answer.ts';
import { type Failure, failureOf } from '../../api/client.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import { fetchFile } from '../../state/run.ts';
import { FailureView } from '../failure-view.tsx';
import { Icon } from '../icons.tsx';

const formats = ['csv', 'xlsx', 'json'] as const;

/** The rows as a file, and another run. */
export function Download({ answer, onRunAgain }: { answer: ApiAnswer; onRunAgain: () => void }): JSX.Element {
  const { client, announce } = usePage();
  const { say } = useSpeech();
  const [coming, setComing] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const download = async (format: (typeof formats)[number]): Promise<void> => {
    setComing(format);
    setFailure(null);
    try {
      const { name, content } = await fetchFile(client, answer.id, format);
      keep(name, content);
      announce(say('rows.exported', { format: format.toUpperCase() }));
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setComing(null);
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
            disabled={coming !== null}
            aria-busy={coming === format}
            onClick={() => void download(format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </fieldset>
      {coming !== null && <span class="hint">{say('rows.exporting', { format: coming.toUpperCase() })}</span>}
      <span class="space" />
      <button type="button" class="small quiet" onClick={onRunAgain}>
        {say('answer.runAgain')}
      </button>
      {failure !== null && <FailureView failure={failure} onRetry={null} />}
    </div>
  );
}

/** Gives a file to the browser's downloads. */
function keep(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The download has its own hold of the file once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
