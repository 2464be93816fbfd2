import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { usePage, useSpeech } from '../../state/page.ts';
import { Conversations } from './conversations.tsx';
import { HistoryList } from './history-list.tsx';
import { SavedQuestions } from './saved-questions.tsx';
import { Tables } from './tables.tsx';

const tabs = ['conversations', 'history', 'saved', 'tables'] as const;

type Tab = (typeof tabs)[number];

/** What was asked, what is saved and what there is to ask about. */
export function Sidebar({ onPick, place }: { onPick: () => void; place: string }): JSX.Element {
  const { say } = useSpeech();
  const { library } = usePage();
  const [open, setOpen] = useState<Tab>('conversations');
  const go = (tab: Tab, list: HTMLElement): void => {
    setOpen(tab);
    list.querySelector<HTMLElement>(`[data-tab="${tab}"]`)?.focus();
  };
  return (
    <nav class="sidebar" aria-label={say('page.offers')}>
      <div
        role="tablist"
        class="tabs"
        aria-label={say('page.offers')}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
          const next = tabs.at((tabs.indexOf(open) + step) % tabs.length);
          if (step !== 0 && next !== undefined) {
            event.preventDefault();
            go(next, event.currentTarget);
          }
        }}
      >
        {tabs.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`${place}-${tab}`}
            data-tab={tab}
            aria-selected={open === tab}
            aria-controls={`${place}-panel`}
            tabIndex={open === tab ? 0 : -1}
            onClick={() => {
              setOpen(tab);
              if (tab === 'tables') {
                void library.loadSchema();
              }
            }}
          >
            {say(`side.${tab}`)}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${place}-panel`} class="panel" aria-labelledby={`${place}-${open}`}>
        {open === 'conversations' && <Conversations onPick={onPick} />}
        {open === 'history' && <HistoryList onPick={onPick} />}
        {open === 'saved' && <SavedQuestions onPick={onPick} />}
        {open === 'tables' && <Tables />}
      </div>
    </nav>
  );
}
