import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { usePage, useSpeech } from '../../state/page.ts';
import { AccountDialog } from '../account/account-dialog.tsx';
import { Icon } from '../icons.tsx';
import { PlainText } from '../plain-text.tsx';
import { Choices } from './choices.tsx';

/** The bar at the top: the page's name, a new conversation, settings, and who is signed in. */
export function Header({ onMenu }: { onMenu: () => void }): JSX.Element {
  const page = usePage();
  const { say } = useSpeech();
  const signIn = page.session.signIn.value;
  const settings = useRef<HTMLDetailsElement>(null);
  const account = useRef<HTMLDialogElement>(null);
  // Whoever came by the token that the server printed has no account.
  const hasAccount = signIn.kind === 'in' && signIn.me.by !== 'local';
  const openAccount = (): void => {
    if (settings.current !== null) {
      settings.current.open = false;
    }
    account.current?.showModal();
  };
  useEffect(() => closesOutside(settings.current), []);
  return (
    <>
      <header class="top">
        <button type="button" class="quiet menu" onClick={onMenu} aria-label={say('page.menu')}>
          <Icon name="menu" />
        </button>
        <span class="brand">
          sql<b>q</b>
        </span>
        <button type="button" class="quiet new" onClick={page.thread.clear}>
          <Icon name="plus" />
          <span class="wide-only">{say('ask.new')}</span>
          <span class="unseen-by-eye narrow-only">{say('ask.new')}</span>
        </button>
        <span class="space" />
        <details class="settings" ref={settings}>
          <summary class="quiet">
            <Icon name="settings" />
            <span class="unseen-by-eye">{say('page.settings')}</span>
          </summary>
          <div class="card popover">
            {signIn.kind === 'in' && (
              <p class="who">
                <PlainText text={say('signIn.as', { name: signIn.me.name })} />
              </p>
            )}
            <Choices />
            <label class="check wide-only">
              <input
                type="checkbox"
                checked={page.preferences.sideBySide.value}
                onChange={({ currentTarget }) => {
                  page.preferences.sideBySide.value = currentTarget.checked;
                }}
              />
              {say('page.sideBySide')}
            </label>
            {hasAccount && (
              <button type="button" class="quiet" onClick={openAccount}>
                <Icon name="person" />
                {say('account.title')}
              </button>
            )}
            <button type="button" class="quiet" onClick={() => void page.leave()}>
              <Icon name="leave" />
              {say('signIn.out')}
            </button>
          </div>
        </details>
      </header>
      {hasAccount && (
        <AccountDialog
          dialog={account}
          // What it was opened by is in a menu that is closed.
          onClose={() => settings.current?.querySelector('summary')?.focus()}
        />
      )}
    </>
  );
}

/** A menu that closes when something else is meant: a click beside it, or Escape. */
function closesOutside(details: HTMLDetailsElement | null): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  document.addEventListener(
    'pointerdown',
    ({ target }) => {
      if (details !== null && target instanceof Node && !details.contains(target)) {
        details.open = false;
      }
    },
    { signal },
  );
  details?.addEventListener(
    'keydown',
    ({ key }) => {
      if (key === 'Escape') {
        details.open = false;
        details.querySelector('summary')?.focus();
      }
    },
    { signal },
  );
  return () => stop.abort();
}
