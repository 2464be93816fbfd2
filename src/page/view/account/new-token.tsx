import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Me } from '../../../serve/api/me.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';
import { typed } from '../typed.ts';
import { useAttempt } from '../use-attempt.tsx';

const lives = [30, 90, 365, null] as const;

/** A form that makes a token, which is seen this once. */
export function NewToken({ roles, onMade }: { roles: Me['roles']; onMade: () => void }): JSX.Element {
  const { account } = usePage();
  const { say, count } = useSpeech();
  const [made, setMade] = useState<{ readonly name: string; readonly token: string } | null>(null);
  const [attempt, tryTo] = useAttempt();
  const make = async (form: HTMLFormElement): Promise<void> => {
    setMade(null);
    const chosen = new FormData(form).getAll('role');
    const days = typed(form, 'days');
    const wanted = {
      name: typed(form, 'name').trim(),
      days: days === '' ? null : Number(days),
      roles: roles.filter((role) => chosen.includes(role)),
    };
    const isMade = await tryTo(async () => setMade(await account.makeToken(wanted)));
    if (isMade) {
      form.reset();
      onMade();
    }
  };
  return (
    <>
      <form
        aria-label={say('account.newToken')}
        onSubmit={(event) => {
          event.preventDefault();
          void make(event.currentTarget);
        }}
      >
        <label>
          {say('account.tokenName')}
          <input name="name" required maxLength={200} autocomplete="off" />
        </label>
        <label>
          {say('account.tokenLife')}
          <select name="days">
            {lives.map((days) => (
              <option key={days} value={days ?? ''}>
                {days === null ? say('account.forGood') : count('account.days', days)}
              </option>
            ))}
          </select>
        </label>
        <fieldset class="token-roles">
          <legend>{say('account.tokenRoles')}</legend>
          {roles.map((role) => (
            <label class="check" key={role}>
              <input type="checkbox" name="role" value={role} defaultChecked={role === 'ask'} />
              {role}
            </label>
          ))}
        </fieldset>
        {attempt.view}
        <button type="submit" disabled={attempt.isWaiting}>
          {say('account.makeToken')}
        </button>
      </form>
      <output>
        {made !== null && (
          <div class="made-token">
            <p>
              <PlainText text={say('account.made', { name: made.name })} />
            </p>
            <code>{made.token}</code>
            <button
              type="button"
              class="small"
              onClick={() => void navigator.clipboard?.writeText(made.token)}
            >
              {say('answer.copy')}
            </button>
          </div>
        )}
      </output>
    </>
  );
}
