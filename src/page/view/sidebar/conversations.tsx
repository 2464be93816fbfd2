import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Failure, failureOf } from '../../api/client.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import { FailureView } from '../failure-view.tsx';
import { Icon } from '../icons.tsx';
import { PlainText, plainText } from '../plain-text.tsx';
import { Listed } from './listed.tsx';

/** Conversations to go on with, or to delete. */
export function Conversations({ onPick }: { onPick: () => void }): JSX.Element {
  const { library, thread } = usePage();
  const { say, count, time } = useSpeech();
  const [failure, setFailure] = useState<Failure | null>(null);
  const forget = async (id: string): Promise<void> => {
    setFailure(null);
    await library.forget(id).catch((error: unknown) => setFailure(failureOf(error)));
  };
  return (
    <>
      {failure !== null && <FailureView failure={failure} onRetry={null} />}
      <Listed entries={library.conversations.value} none={say('side.noConversations')}>
        {(conversation) => (
          <li key={conversation.id} class="entry">
            <button
              type="button"
              class="entry-main"
              onClick={() => {
                void thread.openConversation(conversation.id);
                onPick();
              }}
            >
              <span class="cut">
                <PlainText text={conversation.title} />
              </span>
              <small>
                <PlainText text={`${time(conversation.time)} · ${count('side.turns', conversation.turns)}`} />
              </small>
            </button>
            <button
              type="button"
              class="quiet entry-tool"
              aria-label={say('side.delete', { title: plainText(conversation.title) })}
              onClick={() => void forget(conversation.id)}
            >
              <Icon name="trash" />
            </button>
          </li>
        )}
      </Listed>
    </>
  );
}
