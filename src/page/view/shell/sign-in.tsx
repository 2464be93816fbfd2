import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SessionRequest } from '../../../serve/api/auth.ts';
import { messageOf, usePage, useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';
import { typed } from '../typed.ts';
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
  const { methods, failure, isTurnedBack } = signIn;
  const waitFor = async (work: Promise<void>): Promise<void> => {
    setWaiting(true);
    await work;
    setWaiting(false);
  };
  const enter = (credentials: SessionRequest): Promise<void> => waitFor(session.enter(credentials));
  // A token is for programs, where people have another way in.
  const isForPeople = methods.password || methods.oidc !== null;
  const isWrong = failure?.code === 'unauthorized';
  return (
    <main class="sign-in">
      <div class="card">
        <h1>{say('signIn.title')}</h1>
        {failure !== null && (
          <div class="failure" role="alert">
            <p>{isWrong ? say('signIn.wrong') : <PlainText text={messageOf(failure, speech)} />}</p>
            {failure.hint !== null && !isWrong && (
              <p>
                <PlainText text={failure.hint} />
              </p>
            )}
            {failure.retryAfter !== null && (
              <p>{say('work.wait', { time: speech.duration(failure.retryAfter * 1_000) })}</p>
            )}
          </div>
        )}
        {isTurnedBack && (
          <div class="failure" role="alert">
            <p>{say('signIn.turnedBack')}</p>
          </div>
        )}
        {methods.password && (
          <PasswordForm
            isWaiting={isWaiting}
            enter={enter}
            send={say('signIn.go')}
            complete="current-password"
          />
        )}
        {methods.token && !isForPeople && <TokenForm isWaiting={isWaiting} enter={enter} />}
        {methods.oidc !== null && (
          <a class={methods.password ? 'button' : 'button main'} href="/auth/oidc/start">
            <PlainText text={say('signIn.with', { name: methods.oidc.name })} />
          </a>
        )}
        {methods.token && isForPeople && (
          <details>
            <summary>{say('signIn.byToken')}</summary>
            <TokenForm isWaiting={isWaiting} enter={enter} />
          </details>
        )}
        {methods.registration && (
          <details>
            <summary>{say('signIn.register')}</summary>
            <PasswordForm
              isWaiting={isWaiting}
              enter={(credentials) => waitFor(session.register(credentials))}
              send={say('signIn.makeAccount')}
              complete="new-password"
            />
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

function PasswordForm(props: {
  readonly isWaiting: boolean;
  readonly enter: (credentials: { readonly name: string; readonly password: string }) => Promise<void>;
  readonly send: string;
  readonly complete: 'current-password' | 'new-password';
}): JSX.Element {
  const { isWaiting, enter, send, complete } = props;
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
        <input name="password" type="password" autocomplete={complete} required />
      </label>
      <button type="submit" class="main" disabled={isWaiting}>
        {isWaiting ? say('signIn.waiting') : send}
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
