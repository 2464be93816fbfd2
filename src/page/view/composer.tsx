import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { usePage, useSpeech } from '../state/page.ts';
import { Icon } from './icons.tsx';
import { PlainText, plainText } from './plain-text.tsx';

const isApple = /Mac|iPhone|iPad/u.test(navigator.userAgent);

/** Where a question is typed, and who is asked. */
export function Composer(): JSX.Element {
  const { thread, library } = usePage();
  const { say } = useSpeech();
  const [text, setText] = useState('');
  const [isSql, setSql] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const follows = thread.follows.value;
  const databases = library.databases.value;
  // Before the databases are known the usual one is asked.
  const mayAsk = text.trim() !== '' && databases?.length !== 0;
  useEffect(() => focusByKey(field), []);
  const send = (): void => {
    if (mayAsk) {
      (isSql ? thread.askSql : thread.ask)(text.trim());
      setText('');
      field.current?.focus();
    }
  };
  return (
    <form
      class="composer"
      aria-label={say('ask.question')}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {follows !== null && (
        <p class="follows">
          <span class="cut">
            <PlainText text={say('ask.follows', { question: follows.question })} />
          </span>
          <button type="button" class="small quiet" onClick={thread.beginAfresh}>
            {say('ask.fresh')}
          </button>
        </p>
      )}
      {databases?.length === 0 && <p class="hint">{say('ask.noDatabase')}</p>}
      <div class="ask-box">
        <textarea
          ref={field}
          class={isSql ? 'is-sql' : ''}
          rows={isSql ? 4 : 2}
          value={text}
          spellcheck={!isSql}
          aria-label={isSql ? say('answer.yourSql') : say('ask.question')}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          placeholder={
            isSql ? 'SELECT …' : say(follows === null ? 'ask.placeholder' : 'ask.followUpPlaceholder')
          }
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              send();
            }
          }}
        />
        <div class="ask-bar">
          <Picker
            label={say('ask.database')}
            value={library.database.value}
            options={(databases ?? []).map(({ name, engine: opened }) => ({
              value: name,
              text: opened === null ? `${name} (${say('ask.unopened')})` : name,
            }))}
            onPick={(name) => {
              library.database.value = name;
            }}
          />
          <Picker
            label={say('ask.model')}
            value={library.profile.value}
            options={(library.models.value ?? []).map(({ profile, model }) => ({
              value: profile,
              text: model === null || model === profile ? profile : `${profile} · ${model}`,
            }))}
            onPick={(profile) => {
              library.profile.value = profile;
            }}
          />
          <label class="check">
            <input
              type="checkbox"
              aria-label={say('ask.sql')}
              checked={isSql}
              onChange={() => setSql(!isSql)}
            />
            <span class="wide-only">{say('ask.sql')}</span>
            <span class="narrow-only">{say('answer.sql')}</span>
          </label>
          <span class="space" />
          <span class="hint wide-only">{say('ask.keys', { key: isApple ? '⌘ ↵' : 'Ctrl ↵' })}</span>
          <button type="submit" class="main" disabled={!mayAsk}>
            {say('ask.ask')}
            <Icon name="send" />
          </button>
        </div>
      </div>
    </form>
  );
}

/** Ctrl or Cmd with K goes to the question from wherever one is. */
function focusByKey(field: { readonly current: HTMLTextAreaElement | null }): () => void {
  field.current?.focus();
  const stop = new AbortController();
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        field.current?.focus();
      }
    },
    { signal: stop.signal },
  );
  return () => stop.abort();
}

interface PickerProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onPick: (value: string) => void;
}

function Picker({ label, value, options, onPick }: PickerProps): JSX.Element | null {
  return options.length === 0 ? null : (
    <select
      class="picker"
      aria-label={label}
      title={label}
      value={value}
      onChange={({ currentTarget }) => onPick(currentTarget.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {plainText(option.text)}
        </option>
      ))}
    </select>
  );
}
