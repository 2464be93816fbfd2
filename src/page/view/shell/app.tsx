import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { usePage, useSpeech } from '../../state/page.ts';
import { Composer } from '../composer.tsx';
import { PlainText } from '../plain-text.tsx';
import { Sidebar } from '../sidebar/sidebar.tsx';
import { ThreadView } from '../thread-view.tsx';
import { Header } from './header.tsx';
import { SignInView } from './sign-in.tsx';

/** The page: a place to sign in, or one to ask. */
export function App(): JSX.Element {
  const page = usePage();
  const { kind } = page.session.signIn.value;
  return (
    <>
      {kind === 'looking' && <output class="looking" aria-busy="true" />}
      {kind === 'out' && <SignInView />}
      {kind === 'in' && <Desk />}
      <output class="unseen-by-eye" aria-live="polite">
        <PlainText text={page.announcement.value} />
      </output>
    </>
  );
}

function Desk(): JSX.Element {
  const { library, thread, connection } = usePage();
  const { say } = useSpeech();
  const drawer = useRef<HTMLDialogElement>(null);
  const turns = thread.turns.value;
  useEffect(() => {
    void library.begin();
  }, [library]);
  return (
    <div class={turns.length === 0 ? 'desk is-empty' : 'desk'}>
      <a class="skip" href="#answers">
        {say('page.skip')}
      </a>
      <Header onMenu={() => drawer.current?.showModal()} />
      <div class="side">
        <Sidebar onPick={() => {}} place="side" />
      </div>
      <dialog class="drawer" ref={drawer} aria-label={say('page.offers')}>
        <button type="button" class="quiet drawer-close" onClick={() => drawer.current?.close()}>
          {say('page.close')}
        </button>
        <Sidebar onPick={() => drawer.current?.close()} place="drawer" />
      </dialog>
      <main id="answers" tabIndex={-1} aria-label={say('page.answers')}>
        {connection.isLost.value && (
          <div class="lost" role="alert">
            <span>{say('page.lost')}</span>
            <button type="button" class="small" onClick={connection.tryNow}>
              {say('page.tryNow')}
            </button>
          </div>
        )}
        {turns.length === 0 ? (
          <div class="welcome">
            <h1>{say('page.welcome')}</h1>
            <p>{say('page.welcomeMore')}</p>
          </div>
        ) : (
          <>
            <h1 class="unseen-by-eye">{say('page.answers')}</h1>
            <ThreadView />
          </>
        )}
      </main>
      <Composer />
    </div>
  );
}
