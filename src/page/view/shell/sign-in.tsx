import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SessionRequest } from '../../../serve/api/auth.ts';
import { messageOf, usePage, useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';
import { Choices } from './choices.tsx';

/** Where somebody says who they are. */
export function SignInView(): JSX.Element | null {
  const { session } = usePage();
  const speech = useSpeech();
  const { say } = speech;
  const [isWaiting, setWaiting] = useState(false);
  const signIn = session.signIn.value;
  if (signIn.kind !== 'out') {
    return null;
  }
  const { methods, failure } = signIn;
  const enter = async (credentials: SessionRequest): Promise<void> => {
    setWaiting(true);
    await session.enter(credentials);
    setWaiting(false);
  };
  const isWrong = failure?.code === 'unauthorized';
  return (
    <main class="sign-in">
      <div class="card">
        <h1>{say('signIn.title')}</h1>
        {failure !== null && (
          <div class="failure" role="alert">
            <p>{isWrong ? say('signIn.wrong') : <PlainText text={messageOf(failure, speech)} />}</p>
            {failure.retryAfter !== null && (
              <p>{say('work.wait', { time: speech.duration(failure.retryAfter * 1_000) })}</p>
            )}
          </div>
        )}
        {methods.password && <PasswordForm isWaiting={isWaiting} enter={enter} />}
        {methods.token && !methods.password && <TokenForm isWaiting={isWaiting} enter={enter} />}
        {methods.oidc !== null && (
          <a class="button" href="/auth/oidc/start">
            <PlainText text={say('signIn.with', { name: methods.oidc.name })} />
          </a>
        )}
        {methods.token && methods.password && (
          <details>
            <summary>{say('signIn.byToken')}</summary>
            <TokenForm isWaiting={isWaiting} enter={enter} />
          </details>
        )}
      </div>
      <div class="sign-in-choices">
        <Choices />
      </div>
    </main>
  );
}

interface FormProps {
  readonly isWaiting: boolean;
  readonly enter: (credentials: SessionRequest) => Promise<void>;
}

/** What is typed into a form's field. */
function typed(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
}

function PasswordForm({ isWaiting, enter }: FormProps): JSX.Element {
  const { say } = useSpeech();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        void enter({ name: typed(form, 'name'), password: typed(form, 'password') });
      }}
    >
      <label>
        {say('signIn.name')}
        <input name="name" autocomplete="username" autocapitalize="none" spellcheck={false} required />
      </label>
      <label>
        {say('signIn.password')}
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <button type="submit" class="main" disabled={isWaiting}>
        {say(isWaiting ? 'signIn.waiting' : 'signIn.go')}
      </button>
    </form>
  );
}

function TokenForm({ isWaiting, enter }: FormProps): JSX.Element {
  const { say } = useSpeech();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void enter({ token: typed(event.currentTarget, 'token').trim() });
      }}
    >
      <label>
        {say('signIn.token')}
        <input name="token" type="password" autocomplete="off" required aria-describedby="token-hint" />
      </label>
      <p class="hint" id="token-hint">
        {say('signIn.tokenHint')}
      </p>
      <button type="submit" class="main" disabled={isWaiting}>
        {say(isWaiting ? 'signIn.waiting' : 'signIn.go')}
      </button>
    </form>
  );
}
