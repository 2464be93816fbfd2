import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Me } from '../../../serve/api/me.ts';
import type { PersonalToken } from '../../state/account.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import { Icon } from '../icons.tsx';
import { PlainText, plainText } from '../plain-text.tsx';
import { useAttempt } from '../use-attempt.tsx';
import { NewToken } from './new-token.tsx';

/** Tokens by which programs come as this user: what there are, a new one, and an end to one. */
export function Tokens({ roles }: { roles: Me['roles'] }): JSX.Element {
  const { account } = usePage();
  const { say } = useSpeech();
  const [tokens, setTokens] = useState<readonly PersonalToken[] | null>(null);
  const [attempt, tryTo] = useAttempt();
  const load = async (): Promise<void> => setTokens(await account.tokens());
  useEffect(() => void tryTo(load), []);
  return (
    <section aria-labelledby="account-tokens">
      <h3 id="account-tokens">{say('account.tokens')}</h3>
      <p class="hint">{say('account.tokensHint')}</p>
      {attempt.view}
      {tokens?.length === 0 && <p>{say('account.noTokens')}</p>}
      {tokens !== null && tokens.length > 0 && (
        <ul class="tokens">
          {tokens.map((token) => (
            <TokenEntry
              key={token.id}
              token={token}
              isBusy={attempt.isWaiting}
              onRevoke={() =>
                void tryTo(async () => {
                  await account.revokeToken(token.id);
                  await load();
                })
              }
            />
          ))}
        </ul>
      )}
      <NewToken roles={roles} onMade={() => void tryTo(load)} />
    </section>
  );
}

function TokenEntry(props: {
  readonly token: PersonalToken;
  readonly isBusy: boolean;
  readonly onRevoke: () => void;
}): JSX.Element {
  const { token, isBusy, onRevoke } = props;
  const { name, roles, seen, expires } = token;
  const { say, time } = useSpeech();
  const facts = [
    roles.join(', '),
    expires === null ? say('account.forGood') : say('account.until', { time: time(expires) }),
    seen === null ? say('account.unused') : say('account.used', { time: time(seen) }),
  ];
  return (
    <li>
      <span>
        <b>
          <PlainText text={name} />
        </b>
        <small>
          <PlainText text={facts.join(' · ')} />
        </small>
      </span>
      <button
        type="button"
        class="quiet small"
        aria-label={say('account.revokeOne', { name: plainText(name) })}
        disabled={isBusy}
        onClick={onRevoke}
      >
        <Icon name="trash" />
        {say('account.revoke')}
      </button>
    </li>
  );
}
