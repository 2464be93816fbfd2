import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { usePage, useSpeech } from '../../state/page.ts';
import { typed } from '../typed.ts';
import { useAttempt } from '../use-attempt.tsx';

/** A form that changes the password. */
export function PasswordChange(): JSX.Element {
  const { account, session } = usePage();
  const { say } = useSpeech();
  const [attempt, tryTo] = useAttempt();
  const [isShown, setShown] = useState(false);
  const [isDone, setDone] = useState(false);
  const signIn = session.signIn.value;
  const kind = isShown ? ({ type: 'text' } as const) : ({ type: 'password' } as const);
  const change = async (form: HTMLFormElement): Promise<void> => {
    setDone(false);
    const isChanged = await tryTo(() => account.changePassword(typed(form, 'old'), typed(form, 'new')));
    if (isChanged) {
      form.reset();
      setShown(false);
      setDone(true);
    }
  };
  return (
    <section aria-labelledby="account-password">
      <h3 id="account-password">{say('account.password')}</h3>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change(event.currentTarget);
        }}
      >
        {/* For password managers, which keep a password with a name. */}
        <input
          type="text"
          autocomplete="username"
          value={signIn.kind === 'in' ? signIn.me.name : ''}
          readOnly
          hidden
        />
        <label>
          {say('account.oldPassword')}
          <input name="old" {...kind} autocomplete="current-password" required />
        </label>
        <label>
          {say('account.newPassword')}
          <input name="new" {...kind} autocomplete="new-password" required />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={isShown}
            onChange={({ currentTarget }) => setShown(currentTarget.checked)}
          />
          {say('account.show')}
        </label>
        {attempt.view}
        <button type="submit" disabled={attempt.isWaiting}>
          {say('account.change')}
        </button>
        <output class="hint">{isDone && say('account.changed')}</output>
      </form>
    </section>
  );
}
