import type { JSX } from 'preact';
import { usePage, useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';
import { Listed } from './listed.tsx';

/** What was asked before, to see again or to ask again. */
export function HistoryList({ onPick }: { onPick: () => void }): JSX.Element {
  const { library, thread } = usePage();
  const { say, count, time } = useSpeech();
  return (
    <>
      <Listed entries={library.history.value} none={say('side.noHistory')}>
        {(entry) => (
          <li key={entry.id} class="entry">
            <button
              type="button"
              class="entry-main"
              onClick={() => {
                void thread.openRemembered(entry);
                onPick();
              }}
            >
              <span class="cut">
                <PlainText text={entry.question || entry.sql} />
              </span>
              <small>
                <PlainText
                  text={[
                    time(entry.time),
                    entry.database,
                    ...(entry.rows === null ? [] : [count('rows.count', entry.rows)]),
                  ].join(' · ')}
                />
              </small>
            </button>
          </li>
        )}
      </Listed>
      {library.hasMore.value && (
        <button type="button" class="small" onClick={() => void library.moreHistory()}>
          {say('side.more')}
        </button>
      )}
    </>
  );
}
