import type { JSX } from 'preact';
import type { ApiDoubt } from '../../../serve/api/answer.ts';
import { useSpeech } from '../../state/page.ts';
import { Icon } from '../icons.tsx';
import { PlainText } from '../plain-text.tsx';
import { SqlText } from '../sql-text.tsx';

/** The reasons to doubt an answer, in words, with SQL that has none of them where there is such. */
export function Doubts(props: {
  readonly doubts: readonly ApiDoubt[];
  readonly isBusy: boolean;
  readonly onMend: (index: number) => void;
  /** How many of them the answer itself has, for whoever may change its SQL: those can be mended by their index. */
  readonly mendable: number;
}): JSX.Element | null {
  const { doubts, isBusy, onMend, mendable } = props;
  const { say, count, language } = useSpeech();
  if (doubts.length === 0) {
    return null;
  }
  const title = count('answer.doubts', doubts.length);
  return (
    <div class="doubts" role="note" aria-label={title}>
      <h3>
        <Icon name="doubt" />
        {title}
      </h3>
      <ul lang={language === 'en' ? undefined : 'en'}>
        {doubts.map(({ sentence, mendedSql }, index) => (
          <li key={`${index} ${sentence}`}>
            <p>
              <PlainText text={sentence} lines />
            </p>
            {mendedSql !== null && index < mendable && (
              <div lang={language}>
                <button type="button" class="small" disabled={isBusy} onClick={() => onMend(index)}>
                  {say('answer.mended')}
                </button>
                <details>
                  <summary>{say('answer.showMended')}</summary>
                  <SqlText sql={mendedSql} label={say('answer.sql')} />
                </details>
              </div>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
