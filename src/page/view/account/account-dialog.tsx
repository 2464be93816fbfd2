import type { JSX, RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { usePage, useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';
import { useAttempt } from '../use-attempt.tsx';
import { PasswordChange } from './password-change.tsx';
import { Tokens } from './tokens.tsx';

/** What users do about their own accounts: password, tokens for programs, and signing out wherever they are signed in. */
export function AccountDialog(props: {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  readonly onClose: () => void;
}): JSX.Element {
  const { dialog, onClose } = props;
  const page = usePage();
  const { say } = useSpeech();
  const [isOpen, setOpen] = useState(false);
  const [leaving, leave] = useAttempt();
  const signIn = page.session.signIn.value;
  return (
    <dialog
      class="card account"
      ref={dialog}
      aria-labelledby="account-title"
      onClose={onClose}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <div class="account-head">
        <h2 id="account-title">{say('account.title')}</h2>
        <button type="button" class="quiet small" onClick={() => dialog.current?.close()}>
          {say('page.close')}
        </button>
      </div>
      {isOpen && signIn.kind === 'in' && (
        <>
          <p class="hint">
            <PlainText text={say('signIn.as', { name: signIn.me.name })} />
          </p>
          {signIn.me.hasPassword && <PasswordChange />}
          <Tokens roles={signIn.me.roles} />
          <section aria-labelledby="account-leave">
            <h3 id="account-leave">{say('account.everywhere')}</h3>
            <p class="hint">{say('account.everywhereHint')}</p>
            {leaving.view}
            <button
              type="button"
              disabled={leaving.isWaiting}
              onClick={() => void leave(() => page.leaveEverywhere())}
            >
              {say('account.leaveEverywhere')}
            </button>
          </section>
        </>
      )}
    </dialog>
  );
}
